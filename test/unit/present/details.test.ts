import assert from 'node:assert/strict';
import { inputLines } from '#present/details';
import { assertClean, hostileTexts, t } from './documents/hostile';

describe('The inputs in a tooltip', () => {
  it('are at most three lines, followed by a line with the number of other inputs, if any', () => {
    const inputs = { topic: 'AI agents', prompt: 'two\nlines', sites: ['a', 'b'], year: 2026, strict: true };
    assert.deepEqual(inputLines(inputs, t), [
      'Input topic: AI agents',
      'Input prompt: two lines',
      'Input sites: ["a","b"]',
      'More inputs: 2',
    ]);
    assert.deepEqual(inputLines({ topic: 'AI agents' }, t), ['Input topic: AI agents']);
    assert.deepEqual(inputLines({}, t), []);
  });

  it('are short lines without control characters, for any text', () => {
    for (const text of hostileTexts) assertClean(130, ...inputLines({ [text.slice(0, 1_000)]: text }, t));
  });
});
