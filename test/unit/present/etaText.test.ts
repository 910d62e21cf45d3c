import assert from 'node:assert/strict';
import type { Eta } from '../../../src/core/eta';
import { etaText } from '../../../src/present/etaText';

const t = (text: string, ...values: (string | number)[]) => text.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)]));
const minute = 60;
const hour = 3_600;

function row(eta: Eta): string | undefined {
  return etaText(eta, t).row;
}

function usually(low: number, high: number): string | undefined {
  return row({ kind: 'usually', usual: { low, high } });
}

function tooltip(...seconds: number[]): string | undefined {
  const { row: none, tooltip: text } = etaText({ kind: 'took', seconds }, t);
  assert.equal(none, undefined);
  return text;
}

describe('The words for when a run will end', () => {
  const usual = { low: 6.9 * minute, high: 13.1 * minute };

  for (const [eta, text] of [
    [{ kind: 'usually', usual }, 'usually 6-14 min'],
    [{ kind: 'onceStarted', usual: { low: 190, high: 290 } }, 'usually 3-5 min once started'],
    [{ kind: 'longerThanUsual', usual }, 'longer than usual (usually 6-14 min)'],
    [{ kind: 'left', left: { low: 150, high: 290 } }, '2-5 min left'],
    [{ kind: 'left', left: { low: 20, high: 290 } }, 'up to 5 min left'],
    [{ kind: 'about', seconds: 250 }, 'about 4 min left'],
    [{ kind: 'about', seconds: 20 }, 'about 1 min left'],
    [{ kind: 'about', seconds: 3 * hour }, 'about 3 h left'],
    [{ kind: 'lessThanMinute' }, 'less than a minute left'],
  ] as const satisfies readonly (readonly [Eta, string])[]) {
    it(`are "${text}"`, () => assert.equal(row(eta), text));
  }

  it('round outward, and the coarser the longer it is', () => {
    assert.deepEqual(
      [usually(10, 50), usually(50, 61), usually(minute, 2 * minute), usually(22 * minute, 59 * minute), usually(63 * minute, 88 * minute)],
      ['usually under a minute', 'usually up to 2 min', 'usually 1-2 min', 'usually 22-59 min', 'usually 60-90 min'],
    );
    assert.deepEqual([usually(63 * minute, 2.5 * hour), usually(30 * minute, 2.5 * hour)], ['usually 1-3 h', 'usually up to 3 h']);
  });

  it('tell what three or four took, in the unit of the longest', () => {
    assert.equal(tooltip(4 * minute, 5 * minute, 9.2 * minute), 'last 3 took 4, 5 and 9 min');
    assert.equal(tooltip(10, 50, 20, 40), 'last 4 took 10, 50, 20 and 40 s');
    assert.equal(tooltip(10, 5 * minute, 3 * minute), 'last 3 took <1, 5 and 3 min');
    assert.equal(tooltip(10 * minute, 5 * hour, 3 * hour), 'last 3 took <1, 5 and 3 h');
  });

  it('are none when nothing can be foreseen', () => {
    assert.deepEqual(etaText(undefined, t), {});
  });
});
