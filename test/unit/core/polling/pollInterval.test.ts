import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Kickoff } from '#core/kickoff/kickoff';
import { nextDelay, type PollSettings } from '#core/polling/pollInterval';
import { kickoff } from '#test/support/builders';
import { tries } from '#test/support/fuzz';
import { start } from '#test/support/manualClock';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const focused: PollSettings = { minimumSeconds: 3, maximumSeconds: 60, isFocused: true };
const unfocused: PollSettings = { ...focused, isFocused: false };
/** A replacement of the random number that causes no jitter. */
const even = () => 0.5;

function delay(after: number, of: Partial<Kickoff> = {}, pace = focused, random = even): number | undefined {
  return nextDelay(kickoff(of), { now: start + after, pace, random });
}

const running: Partial<Kickoff> = { phase: { kind: 'running' } };
const slow: readonly (readonly [string, Partial<Kickoff>])[] = [
  ['waits for input', { phase: { kind: 'waiting' } }],
  ['has an unknown status', { phase: { kind: 'running', stateText: 'MUSING' } }],
];

describe('The poll interval of a run', () => {
  for (const [of, name] of [
    [{}, 'queued'],
    [running, 'running'],
  ] as const) {
    it(`without earlier runs is 5% of the time since tracking, within the limits, while the run is ${name}`, () => {
      const table = [0, 10 * second, minute, 2 * minute, 10 * minute, 20 * minute, day].map((after) => delay(after, of));
      assert.deepEqual(table, [3 * second, 3 * second, 3 * second, 6 * second, 30 * second, minute, minute]);
    });
  }

  it('does not depend on the time of the last status change while the run is running', () => {
    assert.equal(delay(10 * minute, { ...running, phaseSince: start + 10 * minute }), 30 * second);
  });

  it('varies randomly by 15%, but stays within the limits', () => {
    assert.equal(
      delay(10 * minute, running, focused, () => 0),
      25.5 * second,
    );
    assert.ok(Math.abs(delay(10 * minute, running, focused, () => 1)! - 34.5 * second) < 1);
    assert.equal(
      delay(20 * minute, running, focused, () => 1),
      minute,
    );
    assert.equal(
      delay(minute, running, focused, () => 0),
      3 * second,
    );
  });

  it('has five times higher limits in an unfocused window', () => {
    assert.deepEqual(
      [delay(0, running, unfocused), delay(10 * minute, running, unfocused), delay(day, running, unfocused)],
      [15 * second, 30 * second, 5 * minute],
    );
  });

  for (const [what, of] of slow) {
    for (const pace of [focused, unfocused]) {
      it(`has exactly five times higher limits for a run that ${what}, in ${pace.isFocused ? 'a focused' : 'an unfocused'} window`, () => {
        assert.deepEqual([delay(0, of, pace), delay(10 * minute, of, pace), delay(day, of, pace)], [15 * second, 30 * second, 5 * minute]);
      });
    }
  }

  it('ignores the maximum setting if the minimum is above the maximum', () => {
    const crossed: PollSettings = { minimumSeconds: 120, maximumSeconds: 10, isFocused: true };
    assert.deepEqual([delay(0, running, crossed), delay(day, running, crossed)], [2 * minute, 2 * minute]);
    assert.equal(delay(day, running, { ...crossed, isFocused: false }), 10 * minute);
  });

  it('stays within the limits for any time and settings, unless AMP never found the run', () => {
    const paces = fc.record({
      minimumSeconds: fc.integer({ min: 1, max: 300 }),
      maximumSeconds: fc.integer({ min: 10, max: 3_600 }),
      isFocused: fc.boolean(),
    });
    const phases = fc.constantFrom<Partial<Kickoff>>({}, running, ...slow.map(([, of]) => of), {
      phase: { kind: 'missing' },
      hasRun: true,
    });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(phases, fc.integer({ min: -10 * day, max: day - 1 }), paces, random, (of, after, pace, chance) => {
        const found = delay(after, of, pace, () => chance)!;
        const factor = pace.isFocused && (of.phase === undefined || of === running) ? 1 : 5;
        assert.ok(found >= pace.minimumSeconds * factor * second);
        assert.ok(found <= Math.max(pace.minimumSeconds, pace.maximumSeconds) * factor * second);
      }),
      tries(5_000),
    );
  }).timeout(20_000);
});

describe('A run with short tasks', () => {
  it('is polled at half the shortest task duration if AMP sends task outputs, else at the usual interval', () => {
    const at = 20 * minute;
    const passed = (position: number) => ({ position, name: '', isUnseen: true, seenAt: start + at - (3 - position) * 20 * second });
    const quick = (hasOutput: boolean) => [1, 2].map((position) => ({ ...passed(position), hasOutput }));
    const of = (hasOutput: boolean) => ({ ...running, tasks: quick(hasOutput), progress: { completed: 2 } });
    assert.deepEqual([delay(at, of(true)), delay(at, of(false))], [10 * second, minute]);
  });
});

describe('A run that is not found', () => {
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

  for (const latency of [0, 2 * second]) {
    it(`and never ran is polled at eight growing intervals, then no more (latency ${latency} ms)`, () => {
      assert.deepEqual(waits(missing, latency), ladder);
    });
  }

  it('and never ran has the same first interval in an unfocused window and with other limits', () => {
    for (const pace of [unfocused, { minimumSeconds: 300, maximumSeconds: 300, isFocused: true }])
      assert.equal(delay(0, missing, pace), 5 * second);
  });

  it('and never ran has its first interval if the system clock was set back', () => {
    assert.equal(delay(-day, missing), 5 * second);
  });

  it('and ran before is polled like a waiting run for a day, then no more', () => {
    const hasRun = { ...missing, hasRun: true };
    assert.deepEqual(
      [delay(0, hasRun), delay(10 * minute, hasRun), delay(day - 1, hasRun), delay(day, hasRun)],
      [15 * second, 30 * second, 5 * minute, undefined],
    );
    assert.equal(delay(0, hasRun, unfocused), 15 * second);
  });

  it('is polled automatically even after a long time without polls, as after sleep', () => {
    const polled = { ...missing, checkedAt: start + 10 * minute };
    assert.equal(delay(7 * day, { ...polled, hasRun: true }), 30 * second);
    assert.equal(delay(7 * day, polled), 30 * minute);
    assert.equal(
      delay(10 * minute, { ...polled, checkedAt: start + 7 * day, hasRun: true }),
      30 * second,
      'the clock was ahead at the last poll',
    );
    assert.equal(delay(7 * day, { ...polled, checkedAt: start + day, hasRun: true }), undefined, 'polled to the end of the day');
  });

  it('has intervals that count from the first poll that did not find it, not from tracking', () => {
    assert.equal(delay(30 * day, { ...missing, phaseSince: start + 30 * day }), 5 * second);
    assert.equal(delay(30 * day, { ...missing, phaseSince: start + 30 * day, hasRun: true }), 15 * second);
  });
});
