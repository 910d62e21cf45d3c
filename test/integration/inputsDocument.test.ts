import assert from 'node:assert/strict';
import { deployment, id } from '#test/support/builders';
import { inputsText, nameMistakes, parseInputs, type Mistake } from '#vscode/starts/inputsDocument';

const told = (mistakes: readonly Mistake[]) => mistakes.map(({ offset, message }) => `${offset} ${message.split(' ', 3).join(' ')}`);

describe('A file with inputs', () => {
  it('can be read as the inputs that it was created from', () => {
    for (const [first, selected] of [
      ['a "quoted" text', String.raw`a \"quoted\" text`],
      [12, '12'],
    ] as const) {
      const inputs = { first, second: 'x' };
      const { text, firstValue } = inputsText(deployment(), { inputs, continues: id() });
      const { document } = parseInputs(text);
      assert.deepEqual({ ...document, inputs: { ...document?.inputs } }, { deployment: deployment().url, inputs, continues: id() });
      assert.equal(text.slice(...firstValue), selected);
    }
  });

  it('has a message at the position of each mistake', () => {
    const state = (value: string): string => `{ "deployment": "", "inputs": {}, "restoreFromStateId": ${value} }`;
    for (const [text, ...expected] of [
      ['{ "deployment": "crew", "inputs": { "n": -0.000000000000000100, "m": 123456789012345000e10, }, }'],
      ['{ "deployment": ', "16 This isn't valid"],
      ['[]', '0 The file must', '0 Enter the URL', '0 Enter the inputs'],
      ['{ "deployment": 1, "inputs": [] }', '16 Enter the URL', '29 Enter the inputs'],
      [state('"a b"'), '56 "restoreFromStateId" must be'],
      [state('null'), '56 "restoreFromStateId" must be'],
      ['{ "deployment": "", "inputs": { "a": [1234567890123456, 1e999] } }', '38 This number has', '56 This number has'],
    ]) {
      const { document, mistakes } = parseInputs(text!);
      assert.deepEqual([told(mistakes), document === undefined], [expected, expected.length > 0], text);
    }
  });

  it('has at most five messages about missing or unknown inputs', () => {
    const mistakes = (inputs: object, listed: readonly string[]): readonly string[] => {
      const { root, document } = parseInputs(JSON.stringify({ deployment: '', inputs }));
      return told(nameMistakes(root!, document!.inputs, listed));
    };
    const names = ['id', 'a', 'b', 'c', 'd', 'e', 'f'];
    const unknown = mistakes(Object.fromEntries(names.map((name) => [name, 1])), []);
    assert.deepEqual(
      mistakes({}, names),
      Array(5)
        .fill('17 The input')
        .map((start, index) => `${start} ${names[index + 1]}`),
    );
    assert.deepEqual(
      unknown,
      [34, 40, 46, 52, 58].map((offset) => `${offset} The deployment has`),
    );
  });
});
