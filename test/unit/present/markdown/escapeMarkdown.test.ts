import assert from 'node:assert/strict';
import { escapeMarkdown, codeFence } from '#present/markdown/escapeMarkdown';
import { always } from '#test/support/checks';
import { hostileMarkdown } from '#test/unit/present/documents/hostile';
import { page } from '#test/unit/present/documents/preview';

describe('An escaped text', () => {
  const lines = hostileMarkdown.map((text) => text.replace(/[\s\0]+/g, ' ').trim());
  always('is shown unchanged in a heading, for any text', 2_000, [lines], (text) =>
    assert.equal(
      page(`# a ${escapeMarkdown(text)}`)
        .text()
        .trim(),
      `a ${text}`.trim(),
    ),
  );
});

describe('A text in a code block', () => {
  // The preview uses these line ends.
  const texts = hostileMarkdown.map((text) => text.replace(/\r\n?/g, '\n').replaceAll('\0', ''));
  always('is shown unchanged, for any text', 2_000, [texts], (text) => {
    const shown = page(`${codeFence(text, 'json')}\n\n# After`);
    assert.deepEqual([shown.codeBlocks(), shown.texts('h1')], [[`json: ${text}`], ['After']]);
  });

  it('stays in one block, even with hundreds of thousands of backticks', () => {
    for (const text of ['` '.repeat(200_000), '`'.repeat(100_000)]) assert.equal(page(codeFence(text, 'json')).all('code').length, 1);
  });

  it('gets no language that is invalid, or that would draw a diagram or formula', () => {
    for (const language of ['mermaid', 'Mermaid', 'plantuml', 'graphviz', 'math', 'js {.x}'])
      assert.match(codeFence('a', language), /^```\n/);
  });
});
