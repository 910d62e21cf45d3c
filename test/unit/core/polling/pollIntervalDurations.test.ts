import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { RunDurations } from '#core/kickoff/durations';
import { nextPollDelayMs, type PollSettings } from '#core/polling/pollInterval';
import { finishedTasks, kickoff, knownRuns } from '#test/support/builders';
import { always } from '#test/support/checks';
import { minute, second, start } from '#test/support/manualClock';

const focused: PollSettings = { minimumSeconds: 3, maximumSeconds: 60, isFocused: true };
const unfocused: PollSettings = { ...focused, isFocused: false };
const running: Partial<Kickoff> = { phase: { kind: 'running' }, startedAt: start };

/** Returns the interval in seconds, without jitter. */
function delay(after: number, durations: RunDurations | undefined, of: Partial<Kickoff> = running, settings = focused): number {
  return nextPollDelayMs(kickoff(of), { durations, now: start + after, settings, random: () => 0.5 })! / second;
}

describe('The poll interval after earlier runs of the deployment', () => {
  const ten = knownRuns(Array.from({ length: 10 }, () => 600));

  it('is shortest at the start and around the usual end of earlier runs', () => {
    const table = [0, 2, 5, 8, 10, 15, 30, 60].map((minutes) => delay(minutes * minute, ten));
    assert.deepEqual(table, [9, 36, 16, 11, 9, 9, 12, 60]);
  });

  it('is 5% of the time since tracking if there are fewer than three earlier runs', () => {
    assert.equal(delay(10 * minute, knownRuns([600, 600])), 30);
    assert.equal(delay(10 * minute, undefined), 30);
    assert.equal(delay(10 * minute, knownRuns([600, 600, 600])), 9);
  });

  it('grows to the maximum after four times the usual duration', () => {
    assert.ok(delay(2_399 * second, ten) < 16);
    assert.equal(delay(2_401 * second, ten).toFixed(0), '60');
  });

  it('is shorter just after a run left the queue if some runs took only seconds', () => {
    const some = knownRuns([600, 600, 600, 600, 600, 600, 600, 5, 5, 5]);
    assert.ok(delay(5 * second, some) < delay(5 * second, ten) / 3);
    assert.equal(delay(5 * second, some, { phase: { kind: 'queued' } }), 60);
  });

  it("doesn't depend on the time that a queued run has waited", () => {
    const queued: Partial<Kickoff> = { phase: { kind: 'queued' } };
    assert.equal(delay(minute, knownRuns([120, 120, 120]), queued), delay(10 * minute, knownRuns([120, 120, 120]), queued));
    assert.equal(delay(minute, knownRuns([120, 120, 120]), queued), 34);
  });

  const crew = knownRuns([600, 600, 600], 3);
  const last = { ...running, progress: { completed: 2 }, tasks: finishedTasks([200, 400]) };

  it('follows the usual remaining time after the finished tasks', () => {
    assert.equal(delay(600 * second, crew, last), 6);
  });

  it("follows the usual duration of a run if the last task's end is unknown", () => {
    assert.equal(delay(600 * second, crew, { ...last, progress: { completed: 4 } }), 9);
  });

  it('is 5% of the time since tracking if no earlier run finished as many tasks', () => {
    assert.equal(delay(600 * second, knownRuns([600, 600, 600]), last), 30);
  });

  it('is longer in an unfocused window', () => {
    assert.deepEqual([delay(0, ten, running, unfocused), delay(10 * minute, ten, running, unfocused)], [66, 26]);
  });

  for (const [what, phase] of [
    ['waits for input', { kind: 'waiting' }],
    ['has an unknown status', { kind: 'running', stateText: 'MUSING' }],
  ] as const)
    it(`doesn't depend on earlier runs if the run ${what}`, () => {
      assert.deepEqual([delay(0, ten, { ...running, phase }), delay(10 * minute, ten, { ...running, phase })], [15, 30]);
    });
});

describe('The poll interval of a run', () => {
  const open = { ...focused, isReportVisible: () => true };

  it("is at most 5 s, or the minimum if that is longer, while the run's report is visible", () => {
    assert.equal(delay(10 * minute, undefined, running, open), 5);
    assert.equal(delay(0, knownRuns([600, 600, 600]), running, open), 5);
    assert.equal(delay(10 * minute, undefined, running, { ...open, minimumSeconds: 8 }), 8);
    assert.equal(delay(10 * minute, undefined, running, { ...open, isFocused: false }), 15, 'five times the minimum without focus');
  });

  it("isn't shorter while the report of another run is visible", () => {
    assert.equal(delay(10 * minute, undefined, running, { ...open, isReportVisible: ({ id: of }) => of !== kickoff().id }), 30);
  });

  /** A run whose second task took 20 s. */
  const of = { ...running, trackedAt: start - 1_000 * second, progress: { completed: 2 }, tasks: finishedTasks([100, 120]) };

  it('is at most half the shortest task duration until the current task takes twice the shortest duration', () => {
    assert.deepEqual([delay(120 * second, undefined, of), delay(159 * second, undefined, of)], [10, 10]);
    assert.ok(delay(160 * second, undefined, of) > 50);
  });

  it('is at least the minimum even if a task took less than twice the minimum', () => {
    assert.equal(delay(130 * second, undefined, of, { ...focused, minimumSeconds: 12 }), 12);
  });

  it("doesn't depend on task durations if AMP sends no task outputs", () => {
    const withoutOutputs = of.tasks.map((one) => ({ ...one, hasOutput: false }));
    assert.ok(delay(120 * second, undefined, { ...of, tasks: withoutOutputs }) > 50);
  });
});

describe('The poll interval of a running run', () => {
  const paces = fc.record({
    minimumSeconds: fc.integer({ min: 1, max: 300 }),
    maximumSeconds: fc.integer({ min: 10, max: 3_600 }),
    isFocused: fc.boolean(),
    isReportVisible: fc.boolean().map((isOpen) => () => isOpen),
  });
  const durations = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { maxLength: 12 });
  const seconds = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const seenAt = seconds.map((at) => start + at * second);
  const tasks = fc.array(fc.record({ position: fc.double({ noNaN: true }), name: fc.constant(''), hasOutput: fc.boolean(), seenAt }));
  const counts = fc.double({ noNaN: true });

  always(
    'stays within the limits for any durations of earlier runs',
    2_000,
    [durations, seconds, paces, tasks, counts],
    (earlier, after, settings, seen, completed) => {
      const found = delay(after * second, knownRuns(earlier, 3), { ...running, tasks: seen, progress: { completed } }, settings);
      const factor = settings.isFocused ? 1 : 5;
      assert.ok(found >= settings.minimumSeconds * factor, `${found}`);
      assert.ok(found <= Math.max(settings.minimumSeconds, settings.maximumSeconds) * factor, `${found}`);
    },
  );
});
