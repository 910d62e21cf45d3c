import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ago, duration, elapsed, elapsedMovesIn, timeOfDay } from '../../../src/present/times';
import { kickoff } from '../../support/builders';
import { start } from '../../support/manualClock';
import { t } from './hostile';
import { tries } from '../../support/fuzz';

const minute = 60_000;
const hour = 60 * minute;

describe('A duration', () => {
  for (const [seconds, text] of [
    [-5, '0s'],
    [0, '0s'],
    [0.9, '0s'],
    [42, '42s'],
    [59.99, '59s'],
    [60, '1m'],
    [69, '1m'],
    [70, '1m 10s'],
    [250, '4m 10s'],
    [259, '4m 10s'],
    [3_599, '59m 50s'],
    [3_600, '1h 00m'],
    [3_840, '1h 04m'],
    [90_061, '25h 01m'],
  ] as const) {
    it(`of ${seconds} seconds reads ${text}`, () => assert.equal(duration(seconds), text));
  }

  it('moves in seconds, then in tens of seconds, then in minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200_000 }), (seconds) => {
        const step = seconds < 60 ? 1 : seconds < 3_600 ? 10 : 60;
        assert.equal(duration(seconds), duration(seconds - (seconds % step)));
      }),
      tries(100),
    );
  });
});

describe('The time a run takes', () => {
  const running = kickoff({ phase: { kind: 'running' }, checkedAt: start });

  it('counts from its start', () => {
    assert.equal(elapsed({ ...running, trackedAt: start + minute, startedAt: start }, start + 250_000), '4m 10s');
  });

  it('is a lower bound for one that ran already when it was tracked', () => {
    assert.equal(elapsed(running, start + 4 * minute), '> 4m');
    assert.equal(elapsed({ ...running, phase: { kind: 'waiting' } }, start + 4 * minute), '> 4m');
  });

  it('counts from tracking, and is no lower bound, for one that was seen to queue', () => {
    assert.equal(elapsed({ ...running, phase: { kind: 'queued' } }, start + 42_000), '40s');
  });

  it('is not said before the run was heard', () => {
    assert.equal(elapsed(kickoff(), start + minute), undefined);
  });

  it('is never negative, whatever the two clocks say', () => {
    assert.equal(elapsed({ ...running, startedAt: start + hour }, start), '0s');
  });

  it("stays as it was in the end: by the server's word, else by our own watching", () => {
    const ended = kickoff({ phase: { kind: 'succeeded' }, checkedAt: start, startedAt: start, finishedAt: start + 250_000 });
    assert.equal(elapsed({ ...ended, executionSeconds: 42 }, start + hour), '42s');
    assert.equal(elapsed({ ...ended, executionSeconds: 0 }, start + hour), '0s');
    assert.equal(elapsed(ended, start + hour), '~4m 10s');
  });

  it('is not said by a clock that was set back in between', () => {
    const ended = kickoff({ phase: { kind: 'succeeded' }, checkedAt: start, startedAt: start, finishedAt: start - hour });
    assert.equal(elapsed(ended, start), undefined);
    assert.equal(elapsed({ ...ended, executionSeconds: 42 }, start), '42s');
  });

  it('is a lower bound from tracking for one that ran already, and counts from tracking when it ended', () => {
    const { startedAt: _, ...ran } = { ...running, startedAt: 0 };
    assert.equal(elapsed({ ...ran, trackedAt: start }, start + 4 * minute), '> 4m');
    const ended = kickoff({ phase: { kind: 'stopped' }, checkedAt: start, trackedAt: start, finishedAt: start + 4 * minute });
    assert.equal(elapsed(ended, start + hour), '~4m');
  });

  it('is not invented for a run that ended before it was tracked', () => {
    assert.equal(elapsed(kickoff({ phase: { kind: 'failed' }, checkedAt: start }), start + hour), undefined);
  });

  it('says something else exactly when it was said to', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 * hour }), (age) => {
        const now = start + age;
        const next = elapsedMovesIn(running, now);
        assert.ok(next > 0);
        assert.equal(elapsed(running, now + next - 1), elapsed(running, now));
        assert.notEqual(elapsed(running, now + next), elapsed(running, now));
      }),
      tries(100),
    );
  });
});

describe('How long something is ago', () => {
  for (const [passed, text] of [
    [-hour, 'just now'],
    [0, 'just now'],
    [minute - 1, 'just now'],
    [minute, '1 min ago'],
    [59 * minute, '59 min ago'],
    [hour, '1 h ago'],
    [2 * hour, '2 h ago'],
    [48 * hour - 1, '47 h ago'],
    [48 * hour, '2 d ago'],
    [400 * 24 * hour, '400 d ago'],
  ] as const) {
    it(`reads ${text} after ${passed} ms`, () => assert.equal(ago(start, start + passed, t), text));
  }
});

describe('A time of day', () => {
  it("has two digits for hours and minutes, in this machine's time zone", () => {
    for (const at of [start, start + 12 * hour, start + 13 * hour + 5 * minute]) {
      const local = new Date(at);
      const two = (number: number) => String(number).padStart(2, '0');
      assert.equal(timeOfDay(at), `${two(local.getHours())}:${two(local.getMinutes())}`);
    }
  });

  it('begins a day at 00', () => {
    const midnight = new Date(start);
    midnight.setHours(0, 7, 0, 0);
    assert.equal(timeOfDay(midnight.getTime()), '00:07');
  });
});
