import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isContinued, markOf } from '../../../src/core/outputMark';

describe('The mark of an output', () => {
  it('is the same for the same output', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(markOf(text), markOf(` ${text}`.slice(1)))));
  }).timeout(20_000);

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
    );
  });

  it('of a large output is taken without looking at each of its characters', function () {
    this.timeout(30_000);
    const large = 'word and '.repeat(2_000_000);
    const mark = markOf(large);
    assert.notEqual(mark, markOf(`${large}!`));
    const before = performance.now();
    for (let times = 0; times < 100; times++) assert.equal(markOf(large), mark);
    assert.ok(performance.now() - before < 4_000);
  });
});
