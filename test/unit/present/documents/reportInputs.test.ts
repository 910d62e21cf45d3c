import fc from 'fast-check';
import assert from 'node:assert/strict';
import { report } from '#present/documents/report';
import type { Inputs } from '#core/starts/attempt';
import { kickoff } from '#test/support/builders';
import { tries } from '#test/support/fuzz';
import { start } from '#test/support/manualClock';
import { attribute, type Page } from '#test/support/page';
import { faultsOf } from './faults';
import { hostileMarkdown, t } from './hostile';
import { page, settings } from './preview';

function reportWith(inputs: Inputs | undefined): string {
  const outputs = { output: undefined, taskOutputs: new Map<number, string>() };
  const run = kickoff({ phase: { kind: 'running' }, checkedAt: start });
  return report({ kickoff: run, deployment: undefined, trouble: undefined, outputs, inputs, now: start }, t);
}

/** Returns the texts of the folded part, and the exact texts of code blocks. */
function inputsOf(shown: Page): { readonly lines: readonly string[]; readonly blocks: readonly string[] } {
  return { lines: shown.texts('details').flatMap((text) => text.split('\n')), blocks: shown.preformatted() };
}

describe('The inputs in a report', () => {
  const prompt = 'Compare:\n\n- agents\n- flows\n';
  const varied = { topic: 'AI agents', count: 3, strict: true, none: null, prompt, sites: ['a', { b: 1 }] };

  it('are in a code block only if they take several lines', () => {
    const shown = page(reportWith(varied));
    assert.deepEqual(inputsOf(shown).lines.slice(1, 6), ['topic: AI agents', 'count: 3', 'strict: true', 'none: null', 'prompt']);
    assert.deepEqual(inputsOf(shown).blocks, [prompt, '[\n  "a",\n  {\n    "b": 1\n  }\n]']);
  });

  it('are in a closed fold with the title Inputs', () => {
    const shown = page(reportWith(varied));
    assert.equal(inputsOf(shown).lines[0], 'Inputs');
    const [details] = shown.all('details');
    assert.deepEqual([details && attribute(details, 'id'), details && attribute(details, 'open')], ['inputs:values', undefined]);
  });

  it('are left out if the run has no known inputs', () => {
    for (const inputs of [undefined, {}]) assert.deepEqual(page(reportWith(inputs)).all('details'), []);
  });

  it('never move other elements, so that the preview keeps its scroll position', () => {
    const elements = (inputs: Inputs | undefined) =>
      page(reportWith(inputs))
        .top()
        .map((one) => [one.tagName, attribute(one, 'id')]);
    assert.deepEqual(elements({ topic: 'AI agents' }), elements(undefined));
  });

  it('are shown as code if they are empty texts or texts that look like numbers', () => {
    const shown = page(reportWith({ text: '5', number: 5, empty: '', '': 'x' }));
    assert.deepEqual(inputsOf(shown).lines.slice(1), ['text: 5', 'number: 5', 'empty: ""', '"": x']);
    assert.deepEqual(shown.codeSpans(), ['5', '""']);
  });

  it('are copied exactly and never become links, even with invisible characters or Markdown signs', () => {
    const values = [
      ...[
        '  indented',
        'two  spaces',
        'tab\there',
        'end ',
        'zero\u200bwidth',
        '\u202egnp.exe',
        '\n\nlines\n\n',
        '```\ncode\n```',
        '~~~',
        '    x',
      ],
      ...[
        '# title',
        '- item',
        '1. item',
        '<b>bold</b>',
        '</details>',
        '&amp;',
        '[a](https://h.example)',
        '![a](https://h.example/p.png)',
        '$x$',
      ],
      ...['https://h.example/a?b=1&c=2', 'me@h.example', '//h.example', '"quoted" -- (c) ...', '`code`', 'x'.repeat(5_000)],
    ];
    for (const value of values)
      for (const setting of settings) {
        const shown = page(reportWith({ value }), setting);
        const [block] = inputsOf(shown).blocks;
        const [, line = ''] = inputsOf(shown).lines;
        assert.equal(block ?? line.replace('value: ', ''), value, setting);
        assert.deepEqual([shown.links(), faultsOf(shown)], [[], []], value);
      }
  });

  it('are shown as plain text, for any names and values', () => {
    const inputs = fc.dictionary(hostileMarkdown, fc.oneof(hostileMarkdown, fc.array(hostileMarkdown, { maxLength: 2 })), { maxKeys: 3 });
    const isSafe = fc.property(inputs, (all) => {
      for (const setting of settings) {
        const shown = page(reportWith(all), setting);
        assert.deepEqual([shown.links(), faultsOf(shown)], [[], []], setting);
        assert.equal(shown.top().at(-1)?.tagName, 'style', setting);
      }
    });
    fc.assert(isSafe, tries(300));
  });

  it('are shortened to 300,000 characters in total', () => {
    const long = reportWith({ first: 'x'.repeat(200_000), second: 'y '.repeat(200_000), third: 'unseen' });
    assert.ok(long.length < 310_000, `${long.length}`);
    assert.ok(inputsOf(page(long)).lines.at(-1)?.startsWith('Truncated.'));
    assert.ok(!long.includes('unseen'));
  });
});
