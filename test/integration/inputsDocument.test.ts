import assert from 'node:assert/strict';
import { deployment, id } from '#test/support/builders';
import { assertLinear } from '#test/support/growth';
import { inputsFileText, nameMistakes, parseInputsFile, type Mistake } from '#vscode/starts/inputsDocument';

const told = (mistakes: readonly Mistake[]) => mistakes.map(({ offset, message }) => `${offset} ${message.split(' ', 3).join(' ')}`);

describe('A file with inputs', () => {
  const created = [
    ['a "quoted" text', String.raw`a \"quoted\" text`],
    [12, '12'],
  ] as const;

  it('is parsed to the same deployment, inputs, and run to continue that it was created from', () => {
    for (const [first] of created) {
      const inputs = { first, second: 'x' };
      const { content } = parseInputsFile(inputsFileText(deployment(), { inputs, continues: id() }).text);
      assert.deepEqual({ ...content, inputs: { ...content?.inputs } }, { deployment: deployment().url, inputs, continues: id() });
    }
  });

  it('is created together with the range of its first value without the quotation marks, for the selection', () => {
    for (const [first, selected] of created) {
      const { text, firstValueRange } = inputsFileText(deployment(), { inputs: { first, second: 'x' }, continues: id() });
      assert.equal(text.slice(...firstValueRange), selected);
    }
  });

  const state = (value: string): string => `{ "deployment": "", "inputs": {}, "restoreFromStateId": ${value} }`;
  const texts: readonly (readonly [text: string, ...mistakes: readonly string[]])[] = [
    ['{ "deployment": "crew", "inputs": { "n": -0.000000000000000100, "m": 123456789012345000e10, }, }'],
    ['{ "deployment": ', "16 This isn't valid"],
    ['[]', '0 The file must', '0 Enter the URL', '0 Enter the inputs'],
    ['{ "deployment": 1, "inputs": [] }', '16 Enter the URL', '29 Enter the inputs'],
    [state('"a b"'), '56 "restoreFromStateId" must be'],
    [state('null'), '56 "restoreFromStateId" must be'],
    ['{ "deployment": "", "inputs": { "a": [1234567890123456, 1e999] } }', '38 This number has', '56 This number has'],
    ['{ "deployment": "", "inputs": { "a": [0.0, -1e299, 1e-299, 1e-400] } }', '59 This number has'],
  ];

  it('has a message at the position of each mistake', () => {
    for (const [text, ...expected] of texts) assert.deepEqual(told(parseInputsFile(text).mistakes), expected, text);
  });

  it('has a message instead of an error if its inputs have thousands of levels', () => {
    const nested = (depth: number) => `{ "deployment": "", "inputs": { "a": ${'['.repeat(depth)}${']'.repeat(depth)} } }`;
    assert.deepEqual(told(parseInputsFile(nested(5_000)).mistakes), ['0 The inputs are']);
    assert.deepEqual(told(parseInputsFile(nested(400)).mistakes), []);
  });

  it('is parsed in linear time, whatever its numbers are', () => {
    assertLinear((length) => parseInputsFile(`{ "deployment": "", "inputs": { "a": 1${'0'.repeat(length)}1 } }`), 5_000);
  });

  it('can be parsed only if it has no mistakes', () => {
    for (const [text, ...mistakes] of texts) assert.equal(parseInputsFile(text).content === undefined, mistakes.length > 0, text);
  });

  const mistakes = (inputs: object, listed: readonly string[]): readonly string[] => {
    const { root, content } = parseInputsFile(JSON.stringify({ deployment: '', inputs }));
    return told(nameMistakes(root!, content!.inputs, listed));
  };

  it('has at most five messages about missing inputs, and at most five about unknown inputs', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    assert.deepEqual(
      mistakes({}, names),
      names.slice(0, 5).map((name) => `17 The input ${name}`),
    );
    assert.deepEqual(
      mistakes(Object.fromEntries(names.map((name) => [name, 1])), []),
      [27, 33, 39, 45, 51].map((offset) => `${offset} The deployment has`),
    );
  });

  it('has no message if the input “id” is missing or unknown', () => {
    assert.deepEqual([mistakes({}, ['id']), mistakes({ id: 1 }, [])], [[], []]);
  });
});
