import assert from 'node:assert/strict';
import { oneLine, truncate } from '#amp/status/oneLine';

const lines: readonly (readonly [text: string, line: string | undefined])[] = [
  ['Field required', 'Field required'],
  ['Traceback:\r\n\tline 1\u2028line 2', 'Traceback: line 1 line 2'],
  ['a\u202e\u0000b\u200bc', 'a b c'],
  ['\u001b\n \u200b', undefined],
  ['', undefined],
];

describe("A server's text on one line", () => {
  for (const [text, line] of lines)
    it(`is ${JSON.stringify(line)} for ${JSON.stringify(text)}`, () => {
      assert.equal(oneLine(text), line);
    });

  it('has at most 200 characters and no leading or trailing spaces', () => {
    assert.equal(oneLine(`\n  ${'x'.repeat(300)}`), 'x'.repeat(200));
    assert.equal(oneLine('word '.repeat(100)), 'word '.repeat(40).trim());
  });

  it('is undefined if it begins with 2,000 spaces, but not if it begins with 1,999', () => {
    assert.equal(oneLine(`${' '.repeat(1_999)}x`), 'x');
    assert.equal(oneLine(`${' '.repeat(2_000)}x`), undefined);
  });
});

describe('A text with a maximum length', () => {
  it('is never cut within an emoji', () => {
    assert.equal(truncate('abc😀', 4), 'abc');
    assert.equal(truncate('abc😀d', 5), 'abc😀');
  });

  it("is unchanged if it isn't too long, even if it ends with half an emoji", () => {
    for (const length of [4, 5]) assert.equal(truncate('abc\ud83d', length), 'abc\ud83d');
  });
});
