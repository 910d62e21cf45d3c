import fc from 'fast-check';
import assert from 'node:assert/strict';
import { isContinued, outputHash } from '#core/kickoff/outputHash';
import { tries } from '#test/support/fuzz';
import { growth } from '#test/support/growth';

describe('The mark of an output', () => {
  it('is the same for the same output', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(outputHash(text), outputHash(` ${text}`.slice(1)))),
      tries(100),
    );
  }).timeout(20_000);

  it('is the same in each version: it is stored beside the output', () => {
    const long = 'word and ';
    assert.deepEqual(['', 'output', 'Kraków \u{1f680}', long.repeat(20_000), long.repeat(100_000)].map(outputHash), [
      ...['0.1mxf7ldsfb7', '6.1hh3hx794yf', '9.1p549gv291k', '180000.1dvjoxsmxwp', '900000.1idjfoipgln'],
    ]);
  });

  it('is another for another output', () => {
    const texts = Array.from({ length: 20_000 }, (_, index) => [`output ${index}`, `${index}\n`]).flat();
    assert.equal(new Set(texts.map(outputHash)).size, texts.length);
    const short = ['', ' ', 'a', 'A', 'ä', 'ab', 'ba', 'aa', '\0', '\0\0', '\ud800', '\ufffd'];
    assert.equal(new Set(short.map(outputHash)).size, short.length);
  });

  it('is borne by what an output grows to, and by nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (text, more) => {
        assert.ok(isContinued(outputHash(text), text) && isContinued(outputHash(text), text + more));
        assert.ok(!isContinued(outputHash(text + more), text));
        assert.ok(!isContinued(outputHash(`${more}!`), `?${more}${text}`));
      }),
      tries(100),
    );
  });

  it('of a large output is taken without looking at each of its characters', function () {
    this.timeout(30_000);
    const large = 'word and '.repeat(2_000_000);
    assert.notEqual(outputHash(large), outputHash(`${large}!`));
    const marks = (length: number) => {
      const text = large.slice(0, length);
      for (let times = 0; times < 200; times++) outputHash(text);
    };
    // Eight times as much text: a look at each character would take eight times as long.
    assert.ok(growth(marks, 2_000_000) < 4);
  });
});
