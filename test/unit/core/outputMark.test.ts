import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isContinued, markOf } from '../../../src/core/outputMark';
import { growth } from '../../support/growth';
import { tries } from '../../support/fuzz';

describe('The mark of an output', () => {
  it('is the same for the same output', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(markOf(text), markOf(` ${text}`.slice(1)))),
      tries(100),
    );
  }).timeout(20_000);

  it('is the same in each version: it is stored beside the output', () => {
    const long = 'word and ';
    assert.deepEqual(['', 'output', 'Kraków \u{1f680}', long.repeat(20_000), long.repeat(100_000)].map(markOf), [
      ...['0.1mxf7ldsfb7', '6.1hh3hx794yf', '9.1p549gv291k', '180000.1dvjoxsmxwp', '900000.1idjfoipgln'],
    ]);
  });

  it('is another for another output', () => {
    const texts = Array.from({ length: 20_000 }, (_, index) => [`output ${index}`, `${index}\n`]).flat();
    assert.equal(new Set(texts.map(markOf)).size, texts.length);
    const short = ['', ' ', 'a', 'A', 'ä', 'ab', 'ba', 'aa', '\0', '\0\0', '\ud800', '\ufffd'];
    assert.equal(new Set(short.map(markOf)).size, short.length);
  });

  it('is borne by what an output grows to, and by nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (text, more) => {
        assert.ok(isContinued(markOf(text), text) && isContinued(markOf(text), text + more));
        assert.ok(!isContinued(markOf(text + more), text));
        assert.ok(!isContinued(markOf(`${more}!`), `?${more}${text}`));
      }),
      tries(100),
    );
  });

  it('of a large output is taken without looking at each of its characters', function () {
    this.timeout(30_000);
    const large = 'word and '.repeat(2_000_000);
    assert.notEqual(markOf(large), markOf(`${large}!`));
    const marks = (length: number) => {
      const text = large.slice(0, length);
      for (let times = 0; times < 200; times++) markOf(text);
    };
    // Eight times as much text: a look at each character would take eight times as long.
    assert.ok(growth(marks, 2_000_000) < 4);
  });
});
