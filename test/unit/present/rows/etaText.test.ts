import assert from 'node:assert/strict';
import type { Eta } from '#core/kickoff/eta';
import { etaText } from '#present/rows/etaText';
import { t } from '#test/unit/present/documents/hostile';

const minute = 60;
const hour = 3_600;

function row(eta: Eta): string | undefined {
  const { left, usual } = etaText(eta, t);
  return left ?? usual;
}

function tooltip(...seconds: number[]): string | undefined {
  return etaText({ kind: 'took', seconds }, t).tooltip;
}

describe('The text for the expected end', () => {
  const usual = { low: 6.9 * minute, high: 13.1 * minute };

  for (const [eta, text] of [
    [{ kind: 'usually', usual }, 'usually takes 6–14 min'],
    [{ kind: 'onceStarted', usual: { low: 190, high: 290 } }, 'usually takes 3–5 min once started'],
    [{ kind: 'longerThanUsual', usual }, 'taking longer (usually 6–14 min)'],
    [{ kind: 'left', left: { low: 150, high: 290 } }, '2–5 min left'],
    [{ kind: 'left', left: { low: 20, high: 290 } }, 'up to 5 min left'],
    [{ kind: 'about', seconds: 250 }, 'about 4 min left'],
    [{ kind: 'about', seconds: 20 }, 'about 1 min left'],
    [{ kind: 'about', seconds: 3 * hour }, 'about 3 h left'],
    [{ kind: 'lessThanMinute' }, 'under 1 min left'],
  ] as const satisfies readonly (readonly [Eta, string])[]) {
    it(`is "${text}" for an estimate of the kind ${eta.kind}`, () => assert.equal(row(eta), text));
  }

  it('is either the time left, or the usual duration, which only a late run exceeds, or a text for the tooltip', () => {
    for (const eta of [{ kind: 'left', left: usual }, { kind: 'about', seconds: 250 }, { kind: 'lessThanMinute' }] as const)
      assert.deepEqual(Object.keys(etaText(eta, t)), ['left'], eta.kind);
    for (const kind of ['usually', 'onceStarted'] as const) assert.deepEqual(Object.keys(etaText({ kind, usual }, t)), ['usual'], kind);
    assert.equal(etaText({ kind: 'longerThanUsual', usual }, t).isLate, true);
    assert.deepEqual(Object.keys(etaText({ kind: 'took', seconds: [1, 2, 3] }, t)), ['tooltip']);
  });

  it('rounds spans outward to one minute, five minutes, or one hour, depending on length', () => {
    const spans: readonly (readonly [low: number, high: number, text: string])[] = [
      [10, 50, 'under 1 min'],
      [50, 61, 'up to 2 min'],
      [minute, 2 * minute, '1–2 min'],
      [22 * minute, 59 * minute, '22–59 min'],
      [63 * minute, 88 * minute, '60–90 min'],
      [63 * minute, 2.5 * hour, '1–3 h'],
      [30 * minute, 2.5 * hour, 'up to 3 h'],
    ];
    for (const [low, high, text] of spans) assert.equal(row({ kind: 'usually', usual: { low, high } }), `usually takes ${text}`);
  });

  it('lists the last three or four durations, in the unit of the longest', () => {
    assert.equal(tooltip(4 * minute, 5 * minute, 9.2 * minute), 'last 3 runs: 4 min, 5 min, 9 min');
    assert.equal(tooltip(10, 50, 20, 40), 'last 4 runs: 10 s, 50 s, 20 s, 40 s');
    assert.equal(tooltip(10, 5 * minute, 3 * minute), 'last 3 runs: <1 min, 5 min, 3 min');
    assert.equal(tooltip(10 * minute, 5 * hour, 3 * hour), 'last 3 runs: <1 h, 5 h, 3 h');
  });

  it('is empty without an estimate', () => {
    assert.deepEqual(etaText(undefined, t), {});
  });
});
