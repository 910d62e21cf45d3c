import fc from 'fast-check';
import assert from 'node:assert/strict';
import { clean, defuse } from '#present/cleanText';
import { always } from '#test/support/checks';
import { assertLinear } from '#test/support/growth';
import { assertClean, hostileTexts } from './documents/hostile';

const pieces = ['x', ' ', '\u200b', '\ufe0f', '\u200d', '\u202e', '👩', '💻', '🏽', '❤', '©', '\ud83d', '\udc69', '\u001b[0m', '$('];

const anything = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join('')),
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
);

describe('A cleaned text', () => {
  always('is a short line without control characters, for any text', 2_000, [anything], (text) => {
    const line = clean(text);
    assertClean(120, line);
    assert.ok(line.isWellFormed());
    assert.equal(line, line.trim());
  });

  it('is unchanged if it is short and has no control or invisible characters outside emoji', () => {
    for (const text of [
      'research_task',
      'Étude nº 3',
      '研究 クルー',
      'Q&A <draft> [v2] $5',
      'flag 🇩🇪, thumbs 👍🏽',
      '👩\u200d💻 👨🏽\u200d👩🏽\u200d👧 ❤\ufe0f\u200d🔥',
    ])
      assert.equal(clean(text), text);
  });

  it('contains no invisible joiners or variation selectors outside emoji', () => {
    for (const text of ['a\u200db', '👩\u200d b', 'a \u200d💻', 'a\u200b\ufe0f b', 'a\u200b\ufe0f\u200d b'])
      assert.match(clean(text), /^[^\u200d\ufe0f]+$/);
    assert.equal(clean('x\u200b\ufe0fy'), 'x y');
  });

  it('is cut after a whole character, with an ellipsis at its end, only if the original is too long', () => {
    assert.equal(clean('x'.repeat(121)), `${'x'.repeat(119)}…`);
    assert.equal(clean('x'.repeat(120)), 'x'.repeat(120));
    assert.equal(clean('👍🏽'.repeat(10), 3), '👍🏽👍🏽…');
  });

  it('is empty when the text has no visible character', () => {
    for (const text of ['\u200b', '\u202e\u202c', ' \t\n', '\u3164', '\u115f\u1160', '\u034f', '\uffa0', '\ufe0f', '\u2800']) {
      assert.equal(clean(text), '', `U+${text.codePointAt(0)?.toString(16) ?? ''}`);
    }
  });

  always("doesn't change when it is cleaned again", 5_000, [anything], (text) => assert.equal(clean(clean(text)), clean(text)));

  it('is computed in linear time', () => {
    for (const text of ['a', ' ', '\u202e', '$(', '[', 'e\u0301'])
      assertLinear((length) => defuse(text.repeat(length)), 600_000, JSON.stringify(text));
  }).timeout(20_000);

  always('for a notification contains no codes of icons or links that VS Code would parse', 100, [anything], (text) => {
    assert.doesNotMatch(defuse(text), /\$\(|[[\]]/);
  });

  it('for a notification contains a space within each icon code, so that VS Code shows no icon', () => {
    assert.equal(defuse('$(error) [x](command:y)'), '$ (error) (x)(command:y)');
    assert.equal(defuse('$\u001b[0m(error)'), '$ (error)');
  });

  it('for a notification has at most 120 characters, even with the spaces added to icon codes', () => {
    assert.equal(defuse('$('.repeat(60)).length, 120);
  });

  it('contains no terminal color codes', () => {
    assert.equal(clean('\u001b[1;31mred\u001b[0m \u009b4mline'), 'red line');
  });
});
