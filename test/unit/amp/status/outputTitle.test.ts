import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { outputTitle } from '#amp/status/outputTitle';
import { tries } from '#test/support/fuzz';
import { assertLinear } from '#test/support/growth';
import { disguise, hostileTexts } from '#test/unit/present/documents/hostile';

const titles: readonly (readonly [output: string, title: string | undefined])[] = [
  ['# State of AI agents\n\nText', 'State of AI agents'],
  ['Here is the report:\n\n## State of AI agents ##\n', 'State of AI agents'],
  ['Release notes\nThis release fixes issue # 12', 'Release notes'],
  ['# Fixes for issue #12 ## ', 'Fixes for issue #12'],
  ['# Learning C#', 'Learning C#'],
  ['**State** of _AI_ ~~robots~~ `agents`', 'State of AI robots agents'],
  ['__State of AI agents__', 'State of AI agents'],
  ['1\\. Names in snake\\_case', '1. Names in snake_case'],
  ['# [A link](https://example.com) and ![a picture](x.png)', 'A link and a picture'],
  ['[State of AI agents](https://example.com)\n\nText', 'State of AI agents'],
  ['```markdown\n# In a fence\n```\n', 'In a fence'],
  ['Before a fence:\n```sh\nnpm test\n```', 'Before a fence:'],
  ['---\ntitle: From the front matter\n---\n\nText', 'From the front matter'],
  ['> Subject : A quoted email', 'A quoted email'],
  ['>> # A quoted reply', 'A quoted reply'],
  ['-   Title: A post\n-   Length: short', 'A post'],
  ['Job title: Data engineer', 'Job title: Data engineer'],
  ['<!DOCTYPE html>\n<html><head><title>A page</title>', 'A page'],
  ['- a list item\n- another', 'a list item'],
  ['1. First\n2. Second', '1. First'],
  ['| Company | Score |\n|---|---|\n| Acme | 82 |', 'Company | Score'],
  ['__init__ of snake_case is 5 * 3 * 2', '__init__ of snake_case is 5 * 3 * 2'],
  ['line 1\nline 2\nline 3\nline 4\nline 5\n# Not the title', 'line 1'],
  ['# 为期 7 天的日本科技文化之旅\n', '为期 7 天的日本科技文化之旅'],
  ['\n\n---\n***\n|---|---|\n', undefined],
  ['```json\n{"subject": "Hello"}\n```', 'Hello'],
  ['```\n{"headline": "A story"}\n```\n', 'A story'],
  ['```json\n{"title": "A guide", "text": "```sh"}\n```', 'A guide'],
  ['{"headline": "A closing fence only"}\n```', undefined],
  ['\n {"title": " ", "name": "Acme"}', 'Acme'],
  ['{"id": 7, "name": "Acme", "title": "A lead"}', 'A lead'],
  ['{"lead_score": 82}', undefined],
  ['{"title": {"text": "no"}, "name": ""}', undefined],
  ['[{"title": "one of many"}]', undefined],
  ['["See [the docs](https://example.com) first"]', undefined],
  ["{'title': 'a Python dict'}", undefined],
];

describe('The title of an output', () => {
  for (const [output, title] of titles)
    it(`is ${title === undefined ? 'undefined' : `"${title}"`} for ${JSON.stringify(output.slice(0, 40))}`, () => {
      assert.equal(outputTitle(output), title);
    });

  it('is found in JSON of at most 100,000 characters', () => {
    const json = '{"title": "A lead"}';
    assert.equal(outputTitle(json.padEnd(100_000)), 'A lead');
    assert.equal(outputTitle(json.padEnd(100_001)), undefined);
  });

  it('is the start of a long first paragraph, even if a heading follows', () => {
    assert.equal(outputTitle(`${'word '.repeat(2_000)}\n# A heading`), 'word '.repeat(40).trim());
  });

  it('is one line of at most 200 characters without control characters, for any output', () => {
    const check = (output: string): void => {
      const title = outputTitle(output);
      if (title === undefined) return;
      assert.doesNotMatch(title, disguise);
      assert.ok(title.length > 0 && title.length <= 200 && title.trim() === title, JSON.stringify(title));
    };
    for (const text of hostileTexts) for (const output of [text, `# ${text}`, JSON.stringify({ title: text })]) check(output);
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), check), tries(2_000));
  });

  it('is found in linear time in a hostile output', () => {
    for (const piece of ['*a ', '[', '[]( ', '<a', '\n', '```\n', '# *', ' ', '> ', '_a ', '{"a":', '"', '| '])
      assertLinear((length) => outputTitle(piece.repeat(length)), 5_000, JSON.stringify(piece));
  }).timeout(20_000);
});
