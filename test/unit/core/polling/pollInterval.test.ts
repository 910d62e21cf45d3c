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
/** The jitter is in the middle: none. */
const even = () => 0.5;

function delay(after: number, of: Partial<Kickoff> = {}, pace = focused, random = even): number | undefined {
  return nextDelay(kickoff(of), undefined, start + after, pace, random);
}

const running: Partial<Kickoff> = { phase: { kind: 'running' } };
const slow: readonly (readonly [string, Partial<Kickoff>])[] = [
  ['waits', { phase: { kind: 'waiting' } }],
  ['bears an unknown word', { phase: { kind: 'running', stateText: 'MUSING' } }],
];

describe('The pace of a run', () => {
  for (const [of, name] of [
    [{}, 'queued'],
    [running, 'running'],
  ] as const) {
    it(`is five percent of the time since tracking while it is ${name}, within the limits`, () => {
      const table = [0, 10 * second, minute, 2 * minute, 10 * minute, 20 * minute, day].map((after) => delay(after, of));
      assert.deepEqual(table, [3 * second, 3 * second, 3 * second, 6 * second, 30 * second, minute, minute]);
    });
  }

  it('does not count from the start of the phase', () => {
    assert.equal(delay(10 * minute, { ...running, phaseSince: start + 10 * minute }), 30 * second);
  });

  it('is shaken by fifteen percent, and never beyond the limits', () => {
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

  it('is five times as slow in a window that nobody looks at', () => {
    assert.deepEqual(
      [delay(0, running, unfocused), delay(10 * minute, running, unfocused), delay(day, running, unfocused)],
      [15 * second, 30 * second, 5 * minute],
    );
  });

  for (const [what, of] of slow) {
    for (const pace of [focused, unfocused]) {
      it(`is five times as slow, not more, for a run that ${what} ${pace.isFocused ? 'with' : 'without'} focus`, () => {
        assert.deepEqual([delay(0, of, pace), delay(10 * minute, of, pace), delay(day, of, pace)], [15 * second, 30 * second, 5 * minute]);
      });
    }
  }

  it('follows the minimum when that is above the maximum', () => {
    const crossed: PollSettings = { minimumSeconds: 120, maximumSeconds: 10, isFocused: true };
    assert.deepEqual([delay(0, running, crossed), delay(day, running, crossed)], [2 * minute, 2 * minute]);
    assert.equal(delay(day, running, { ...crossed, isFocused: false }), 10 * minute);
  });

  it('stays within the limits whatever the clock says', () => {
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

describe('A run whose tasks go by quickly', () => {
  it('is asked at half the time of the shortest where that catches outputs, and not where its server shows none', () => {
    const at = 20 * minute;
    const passed = (position: number) => ({ position, name: '', isUnseen: true, seenAt: start + at - (3 - position) * 20 * second });
    const quick = (hasOutput: boolean) => [1, 2].map((position) => ({ ...passed(position), hasOutput }));
    const of = (hasOutput: boolean) => ({ ...running, tasks: quick(hasOutput), progress: { completed: 2 } });
    assert.deepEqual([delay(at, of(true)), delay(at, of(false))], [10 * second, minute]);
  });
});

describe('A run that is missing', () => {
  const missing: Partial<Kickoff> = { phase: { kind: 'missing' }, phaseSince: start };

  /** The waits of a run that is asked whenever it is due and answers after some time. */
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
    it(`and never ran is asked after 5 s, 15 s, 1, 5, 30 min, 2, 6, 16 h and then no more, with answers that take ${latency} ms`, () => {
      assert.deepEqual(waits(missing, latency), ladder);
    });
  }

  it('climbs the same ladder in a window that nobody looks at, and whatever the limits', () => {
    for (const pace of [unfocused, { minimumSeconds: 300, maximumSeconds: 300, isFocused: true }])
      assert.equal(delay(0, missing, pace), 5 * second);
  });

  it('is on its first rung when the clock went back', () => {
    assert.equal(delay(-day, missing), 5 * second);
  });

  it('and has run is asked like one that waits for a day, then no more', () => {
    const hasRun = { ...missing, hasRun: true };
    assert.deepEqual(
      [delay(0, hasRun), delay(10 * minute, hasRun), delay(day - 1, hasRun), delay(day, hasRun)],
      [15 * second, 30 * second, 5 * minute, undefined],
    );
    assert.equal(delay(0, hasRun, unfocused), 15 * second);
  });

  it('is not given up for a time in which nobody asked for it, as when the machine was asleep', () => {
    const heard = { ...missing, checkedAt: start + 10 * minute };
    assert.equal(delay(7 * day, { ...heard, hasRun: true }), 30 * second);
    assert.equal(delay(7 * day, heard), 30 * minute);
    assert.equal(delay(10 * minute, { ...heard, checkedAt: start + 7 * day, hasRun: true }), 30 * second, 'by a clock that was ahead');
    assert.equal(delay(7 * day, { ...heard, checkedAt: start + day, hasRun: true }), undefined, 'asked to the last');
  });

  it('counts from when it went missing, not from when it was tracked', () => {
    assert.equal(delay(30 * day, { ...missing, phaseSince: start + 30 * day }), 5 * second);
    assert.equal(delay(30 * day, { ...missing, phaseSince: start + 30 * day, hasRun: true }), 15 * second);
  });
});
