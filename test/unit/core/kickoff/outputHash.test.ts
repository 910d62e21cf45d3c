import fc from 'fast-check';
import assert from 'node:assert/strict';
import { startsWithHashed, outputHash } from '#core/kickoff/outputHash';
import { always } from '#test/support/checks';
import { growth } from '#test/support/growth';

describe('The hash of an output', () => {
  it('has the same value in each version of the extension, because the hash is stored', () => {
    const long = 'word and ';
    assert.deepEqual(['', 'output', 'Kraków \u{1f680}', long.repeat(20_000), long.repeat(100_000)].map(outputHash), [
      ...['0.1mxf7ldsfb7', '6.1hh3hx794yf', '9.1p549gv291k', '180000.1dvjoxsmxwp', '900000.1idjfoipgln'],
    ]);
  });

  it('differs for each of 40,000 short outputs', () => {
    const texts = Array.from({ length: 20_000 }, (_, index) => [`output ${index}`, `${index}\n`]).flat();
    assert.equal(new Set(texts.map(outputHash)).size, texts.length);
    const short = ['', ' ', 'a', 'A', 'ä', 'ab', 'ba', 'aa', '\0', '\0\0', '\ud800', '\ufffd'];
    assert.equal(new Set(short.map(outputHash)).size, short.length);
  });

  always('matches only outputs that start with the hashed output', 100, [fc.string(), fc.string({ minLength: 1 })], (text, more) => {
    assert.ok(startsWithHashed(outputHash(text), text) && startsWithHashed(outputHash(text), text + more));
    assert.ok(!startsWithHashed(outputHash(text + more), text));
    assert.ok(!startsWithHashed(outputHash(`${more}!`), `?${more}${text}`));
  });

  it('is computed from a sample of the characters if the output is large', function () {
    this.timeout(30_000);
    const large = 'word and '.repeat(2_000_000);
    assert.notEqual(outputHash(large), outputHash(`${large}!`));
    const marks = (length: number) => {
      const text = large.slice(0, length);
      for (let times = 0; times < 200; times++) outputHash(text);
    };
    // The second text is eight times as long as the first. A hash of each character would take about eight times as long too.
    assert.ok(growth(marks, 2_000_000, 4) < 4);
  });
});
