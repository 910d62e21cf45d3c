import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Kickoff } from '#core/kickoff/kickoff';
import { nextPollDelayMs, type PollSettings } from '#core/polling/pollInterval';
import { kickoff } from '#test/support/builders';
import { always } from '#test/support/checks';
import { day, hour, minute, second, start } from '#test/support/manualClock';

const focused: PollSettings = { minimumSeconds: 3, maximumSeconds: 60, isFocused: true };
const unfocused: PollSettings = { ...focused, isFocused: false };
/** A replacement of the random number that causes no jitter. */
const even = () => 0.5;

function delay(after: number, of: Partial<Kickoff> = {}, settings = focused, random = even): number | undefined {
  return nextPollDelayMs(kickoff(of), { now: start + after, settings, random });
}

const running: Partial<Kickoff> = { phase: { kind: 'running' } };
const waiting: Partial<Kickoff> = { phase: { kind: 'waiting' } };
const unknown: Partial<Kickoff> = { phase: { kind: 'running', stateText: 'MUSING' } };

describe('The poll interval of a run', () => {
  for (const kind of ['queued', 'running'] as const)
    it(`is 5% of the time since tracking, within the limits, if the deployment has no earlier runs (${kind})`, () => {
      const after = [0, 10 * second, minute, 2 * minute, 10 * minute, 20 * minute, day];
      // The time of the last status change doesn't matter.
      const table = after.map((passed) => delay(passed, { phase: { kind }, phaseSince: start + passed }));
      assert.deepEqual(table, [3 * second, 3 * second, 3 * second, 6 * second, 30 * second, minute, minute]);
    });

  it('varies randomly by up to 15% within the limits', () => {
    const varied = (after: number, random: number) => delay(after, running, focused, () => random)!;
    assert.equal(varied(10 * minute, 0), 25.5 * second);
    assert.ok(Math.abs(varied(10 * minute, 1) - 34.5 * second) < 1);
    assert.equal(varied(20 * minute, 1), minute);
    assert.equal(varied(minute, 0), 3 * second);
  });

  for (const [what, of, some] of [
    ['in an unfocused window', running, [unfocused]],
    ['if the run waits for input', waiting, [focused, unfocused]],
    ['if the run has an unknown status', unknown, [focused, unfocused]],
  ] as const)
    it(`has five times higher limits ${what}`, () => {
      for (const settings of some)
        assert.deepEqual(
          [delay(0, of, settings), delay(10 * minute, of, settings), delay(day, of, settings)],
          [15 * second, 30 * second, 5 * minute],
        );
    });

  it('ignores the maximum setting if the minimum is above the maximum', () => {
    const crossed: PollSettings = { minimumSeconds: 120, maximumSeconds: 10, isFocused: true };
    assert.deepEqual([delay(0, running, crossed), delay(day, running, crossed)], [2 * minute, 2 * minute]);
    assert.equal(delay(day, running, { ...crossed, isFocused: false }), 10 * minute);
  });

  const paces = fc.record({
    minimumSeconds: fc.integer({ min: 1, max: 300 }),
    maximumSeconds: fc.integer({ min: 10, max: 3_600 }),
    isFocused: fc.boolean(),
  });
  const phases = fc.constantFrom<Partial<Kickoff>>({}, running, waiting, unknown, { phase: { kind: 'missing' }, hasRun: true });
  const times = fc.integer({ min: -10 * day, max: day - 1 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const title = 'stays within the limits for any time and settings, unless AMP never found the run';

  always(title, 5_000, [phases, times, paces, random], (of, after, settings, chance) => {
    const found = delay(after, of, settings, () => chance)!;
    const factor = settings.isFocused && (of.phase === undefined || of === running) ? 1 : 5;
    assert.ok(found >= settings.minimumSeconds * factor * second);
    assert.ok(found <= Math.max(settings.minimumSeconds, settings.maximumSeconds) * factor * second);
  });
});

describe("A run that isn't found", () => {
  const missing: Partial<Kickoff> = { phase: { kind: 'missing' }, phaseSince: start };

  /** Returns all intervals of a run that is polled whenever it is due. Each response takes `latency` ms. */
  function waits(of: Partial<Kickoff>, latency = 0): readonly number[] {
    const all: number[] = [];
    for (let now = 0; ;) {
      const wait = delay(now, of);
      if (wait === undefined) return all;
      all.push(wait);
      now += wait + latency;
    }
  }

  const ladder = [5 * second, 15 * second, minute, 5 * minute, 30 * minute, 2 * hour, 6 * hour, 16 * hour];

  for (const latency of [0, 2 * second])
    it(`and never ran is polled at only eight growing intervals (latency ${latency} ms)`, () => {
      assert.deepEqual(waits(missing, latency), ladder);
    });

  it("has a first poll interval that doesn't depend on the settings, the clock, or the tracking time", () => {
    for (const settings of [unfocused, { minimumSeconds: 300, maximumSeconds: 300, isFocused: true }])
      assert.equal(delay(0, missing, settings), 5 * second);
    assert.equal(delay(-day, missing), 5 * second);
    const late = { ...missing, phaseSince: start + 30 * day };
    assert.deepEqual([delay(30 * day, late), delay(30 * day, { ...late, hasRun: true })], [5 * second, 15 * second]);
  });

  it('and ran before is polled like a waiting run for only a day', () => {
    const hasRun = { ...missing, hasRun: true };
    const waits = [0, 10 * minute, day - 1, day].map((after) => delay(after, hasRun));
    assert.deepEqual(waits, [15 * second, 30 * second, 5 * minute, undefined]);
    assert.equal(delay(0, hasRun, unfocused), 15 * second);
  });

  it('keeps the interval of its last poll after a long sleep, unless the clock was ahead at that poll', () => {
    const ranBefore = (checkedAfter: number) => ({ ...missing, checkedAt: start + checkedAfter, hasRun: true });
    assert.equal(delay(7 * day, { ...missing, checkedAt: start + 10 * minute }), 30 * minute);
    assert.equal(delay(7 * day, ranBefore(10 * minute)), 30 * second);
    assert.equal(delay(7 * day, ranBefore(day)), undefined, 'no longer polled at its last poll');
    assert.equal(delay(10 * minute, ranBefore(7 * day)), 30 * second, 'the clock was ahead');
  });
});
