import fc from 'fast-check';
import assert from 'node:assert/strict';
import { etaOf } from '#core/kickoff/eta';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { RunDurations } from '#core/kickoff/durations';
import { finishedTasks, kickoff, knownRuns } from '#test/support/builders';
import { always } from '#test/support/checks';
import { minute, start } from '#test/support/manualClock';

/** Returns the history of runs with these durations in minutes, newest first, with tasks of equal length. */
function known(minutes: readonly number[], tasks = 1): RunDurations {
  return knownRuns(
    minutes.map((of) => of * 60),
    tasks,
  );
}

/** Returns a run whose tasks finished at these minutes after its start. */
function running(entered: readonly number[] = [], of: Partial<Kickoff> = {}): Kickoff {
  const tasks = finishedTasks(entered.map((minutes) => minutes * 60));
  return kickoff({ phase: { kind: 'running' }, startedAt: start, progress: { completed: entered.length }, tasks, ...of });
}

function eta(minutes: number, history: RunDurations, of = running()) {
  return etaOf(of, history, start + minutes * minute);
}

const various = () => known([6, 9, 12, 7, 10, 8, 14, 11, 6, 9]);
const crew = () => known([6, 9, 12, 7, 10, 8, 14, 11, 6, 9], 3);
const steady = () => known([10, 10.2, 9.9, 10.1, 10, 9.8, 10, 10.1, 9.9, 10], 3);

describe('The estimated end of a run', () => {
  it('is undefined if there are fewer than three earlier runs', () => {
    assert.equal(eta(1, known([5, 5])), undefined);
  });

  it('is a list of durations, oldest first, if there are only three or four earlier runs', () => {
    assert.deepEqual(eta(1, known([9, 5, 4])), { kind: 'took', seconds: [240, 300, 540] });
    assert.equal(eta(1, known([9, 5, 4, 3]))?.kind, 'took');
    assert.equal(eta(1, known([9, 5, 4, 3, 8]))?.kind, 'usually');
  });

  it('contains a usual duration that is the same for a queued run and for running runs of different ages', () => {
    const found = eta(1, various());
    assert.ok(found?.kind === 'usually');
    assert.deepEqual(eta(5, various()), found, 'the same at a later age');
    assert.deepEqual(eta(0, various(), kickoff()), { kind: 'onceStarted', usual: found.usual });
  });

  it('matches the reference values for sample histories to the second', () => {
    const rounded = (found: ReturnType<typeof eta>): unknown =>
      JSON.parse(JSON.stringify(found), (_, value: unknown) => (typeof value === 'number' ? Math.round(value) : value));
    assert.deepEqual(rounded(eta(1, various())), { kind: 'usually', usual: { low: 288, high: 971 } });
    assert.deepEqual(rounded(eta(4, known([10, 12, 9, 11, 10.5]))), { kind: 'usually', usual: { low: 350, high: 1_125 } });
    assert.deepEqual(rounded(eta(1.6, crew(), running([1.5]))), { kind: 'left', leftRange: { low: 138, high: 427 } });
    assert.deepEqual(rounded(eta(3.1, crew(), running([3]))), { kind: 'left', leftRange: { low: 197, high: 606 } });
    assert.deepEqual(rounded(eta(6.1, crew(), running([6]))), { kind: 'left', leftRange: { low: 282, high: 860 } });
    assert.deepEqual(rounded(eta(3.4, steady(), running([3.3]))), { kind: 'about', seconds: 392 });
    assert.deepEqual(rounded(eta(9.7, steady(), running([3, 6.6]))), { kind: 'left', leftRange: { low: 8, high: 151 } });
  });

  it('becomes "longer than usual" after the 90% quantile of the estimated duration', () => {
    assert.equal(eta(12, various())?.kind, 'usually');
    assert.equal(eta(20, various())?.kind, 'longerThanUsual');
    assert.equal(eta(500_000, various())?.kind, 'longerThanUsual');
  });

  it('is "less than a minute" if an end within a minute is at least 90% probable', () => {
    assert.deepEqual(eta(0.1, known([0.3, 0.4, 0.3, 0.5, 0.4])), { kind: 'lessThanMinute' });
  });

  it('is the usual duration or “longer than usual”, without a countdown, if the start of the run is unknown', () => {
    const { startedAt: _, ...of } = running();
    assert.equal(eta(2, steady(), of)?.kind, 'usually');
    assert.equal(eta(30, steady(), of)?.kind, 'longerThanUsual');
  });

  for (const [what, phase] of [
    ['a waiting run', { kind: 'waiting' }],
    ['a run that AMP no longer finds', { kind: 'missing' }],
    ['a finished run', { kind: 'failed' }],
    ['a run with an unknown status', { kind: 'running', stateText: 'MUSING' }],
  ] as const)
    it(`is undefined for ${what}`, () => assert.equal(eta(1, various(), running([], { phase })), undefined));
});

describe('The remaining time after finished tasks', () => {
  it('is less than a minute if the last task usually takes less', () => {
    assert.equal(eta(2.1, known([2, 2, 2, 2, 2], 8), running([0.3, 0.6, 0.9, 1.2, 1.4, 1.7, 2]))?.kind, 'lessThanMinute');
  });

  it('becomes "longer than usual" after its estimated 90% quantile', () => {
    assert.equal(eta(14, crew(), running([2, 3.5]))?.kind, 'longerThanUsual');
  });

  it('is replaced by the usual duration if no task times of earlier runs are known', () => {
    assert.equal(eta(3.1, various(), running([3]))?.kind, 'usually');
  });

  const minutes = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 5, maxLength: 12 });
  always(
    'is finite and never negative for any history',
    1_000,
    [minutes, fc.double({ min: 0, max: 1e5, noNaN: true }), fc.nat(2)],
    (earlier, after, done) => {
      const found = eta(after, known(earlier, 3), running(Array.from({ length: done }, (_, n) => (after * n) / 3)));
      assert.ok(found);
      const span = 'usual' in found ? found.usual : 'leftRange' in found ? found.leftRange : undefined;
      if (span) assert.ok(span.low >= 0 && span.low <= span.high && span.high < Infinity, JSON.stringify(found));
      if (found.kind === 'about') assert.ok(found.seconds >= 0 && found.seconds < Infinity);
    },
  );
});
