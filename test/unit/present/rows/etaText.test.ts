import assert from 'node:assert/strict';
import type { Eta } from '#core/kickoff/eta';
import { etaText, type EtaText } from '#present/rows/etaText';
import { t } from '#test/unit/present/documents/hostile';

const minute = 60;
const hour = 3_600;

describe('The text for the expected end', () => {
  const usual = { low: 6.9 * minute, high: 13.1 * minute };

  for (const [eta, text] of [
    [{ kind: 'usually', usual }, { usualTime: 'usually takes 6–14 min' }],
    [{ kind: 'onceStarted', usual: { low: 190, high: 290 } }, { usualTime: 'usually takes 3–5 min once started' }],
    [
      { kind: 'longerThanUsual', usual },
      { usualTime: 'taking longer (usually 6–14 min)', isLate: true },
    ],
    [{ kind: 'left', leftRange: { low: 150, high: 290 } }, { timeLeft: '2–5 min left' }],
    [{ kind: 'left', leftRange: { low: 20, high: 290 } }, { timeLeft: 'up to 5 min left' }],
    [{ kind: 'about', seconds: 250 }, { timeLeft: 'about 4 min left' }],
    [{ kind: 'about', seconds: 20 }, { timeLeft: 'about 1 min left' }],
    [{ kind: 'about', seconds: 3 * hour }, { timeLeft: 'about 3 h left' }],
    [{ kind: 'lessThanMinute' }, { timeLeft: 'under 1 min left' }],
    [{ kind: 'took', seconds: [4 * minute, 5 * minute, 9.2 * minute] }, { tooltip: 'last 3 runs: 4 min, 5 min, 9 min' }],
  ] as const satisfies readonly (readonly [Eta, EtaText])[]) {
    it(`is "${Object.values(text)[0]}" for an estimate of the kind ${eta.kind}`, () => assert.deepEqual(etaText(eta, t), text));
  }

  it('rounds a time range outward, in a unit that depends on the length of the range', () => {
    for (const [low, high, text] of [
      [10, 50, 'under 1 min'],
      [50, 61, 'up to 2 min'],
      [minute, 2 * minute, '1–2 min'],
      [22 * minute, 59 * minute, '22–59 min'],
      [63 * minute, 88 * minute, '60–90 min'],
      [63 * minute, 2.5 * hour, '1–3 h'],
      [30 * minute, 2.5 * hour, 'up to 3 h'],
    ] as const)
      assert.equal(etaText({ kind: 'usually', usual: { low, high } }, t).usualTime, `usually takes ${text}`);
  });

  it('lists the last durations in the unit of the longest duration', () => {
    for (const [seconds, text] of [
      [[10, 50, 20, 40], 'last 4 runs: 10 s, 50 s, 20 s, 40 s'],
      [[10, 5 * minute, 3 * minute], 'last 3 runs: <1 min, 5 min, 3 min'],
      [[10 * minute, 5 * hour, 3 * hour], 'last 3 runs: <1 h, 5 h, 3 h'],
    ] as const)
      assert.equal(etaText({ kind: 'took', seconds }, t).tooltip, text);
  });

  it('is empty without an estimate', () => {
    assert.deepEqual(etaText(undefined, t), {});
  });
});
