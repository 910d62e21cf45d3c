import assert from 'node:assert/strict';
import { Board } from '#core/history/board';
import { HostHealth } from '#core/polling/hostHealth';
import { nextDelay } from '#core/polling/pollInterval';
import { PollQueue } from '#core/polling/pollQueue';
import { newScheduledRun, reschedule, rescheduleSooner, shiftTimes, takenOver } from '#core/polling/scheduledRun';
import { deployment, id, kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const now = start + 100_000;
const checked = kickoff({ checkedAt: now - 4_000 });

describe('A run that is watched', () => {
  it('is asked at once when it comes, and then in its time', () => {
    const scheduledRun = newScheduledRun(kickoff(), now, 5_000);
    assert.deepEqual(scheduledRun, {
      ref: { deployment: 1, id: id() },
      due: now,
      askedAt: 0,
      interval: 5_000,
      notBefore: now,
      failures: 0,
    });
    reschedule(scheduledRun, now, 7_000);
    assert.deepEqual([scheduledRun.due, scheduledRun.interval], [now + 7_000, 7_000]);
    reschedule(scheduledRun, now, undefined);
    assert.deepEqual([scheduledRun.due, scheduledRun.interval], [undefined, 60_000]);
    assert.equal(newScheduledRun(kickoff(), now).interval, 60_000);
  });

  it('is left in peace for as long as the server asked', () => {
    const watched = { ...newScheduledRun(kickoff(), now, 5_000), notBefore: now + 9_000 };
    reschedule(watched, now, 7_000);
    assert.equal(watched.due, now + 9_000);
    rescheduleSooner(watched, 1_000);
    assert.equal(watched.due, now + 9_000);
  });

  it('waits for the rest of its time when another window has asked it until now', () => {
    assert.deepEqual(takenOver(checked, now, 10_000), {
      ...newScheduledRun(kickoff(), now, 10_000),
      due: now + 6_000,
      askedAt: now - 4_000,
    });
    assert.equal(takenOver(checked, now, 3_000).due, now - 1_000, 'as late as it was');
    assert.equal(takenOver(checked, now, undefined).due, undefined);
    assert.deepEqual(takenOver(kickoff(), now, 10_000), newScheduledRun(kickoff(), start, 10_000), 'late since it was tracked');
  });

  it('is late when the machine was asleep, also when it was missing: nobody asked for it meanwhile', () => {
    const later = now + 7 * 24 * 3_600_000;
    const missing = kickoff({ phase: { kind: 'missing' }, phaseSince: now - 600_000, checkedAt: now, hasRun: true });
    const pace = { minimumSeconds: 3, maximumSeconds: 60, isFocused: true };
    assert.equal(
      takenOver(
        missing,
        later,
        nextDelay(missing, undefined, later, pace, () => 0.5),
      ).due,
      now + 30_000,
    );
  });

  it('waits for its next try when it was in trouble there', () => {
    const trouble = { kind: 'refused', retryAt: now + 30_000 } as const;
    const { due, failures, askedAt } = takenOver({ ...checked, trouble }, now, 10_000);
    assert.deepEqual([due, failures, askedAt], [now + 30_000, 1, now - 4_000]);
    assert.deepEqual(takenOver(kickoff({ trouble: { kind: 'refused' } }), now, 10_000), {
      ...newScheduledRun(kickoff(), now, 10_000),
      due: undefined,
      failures: 1,
    });
  });

  it('does not wait for a clock that was ahead when another window asked it', () => {
    const ahead = now + 8 * 3_600_000;
    const { due, askedAt } = takenOver({ ...checked, checkedAt: ahead }, now, 10_000);
    assert.deepEqual([due, askedAt], [now + 10_000, now]);
    assert.equal(takenOver({ ...checked, trouble: { kind: 'refused', retryAt: ahead } }, now, 10_000).due, now + 300_000);
  });

  it('waits no longer than its pace is when somebody looks again, and no longer than it would have', () => {
    const watched = { ...takenOver(checked, now, 50_000) };
    rescheduleSooner(watched, 10_000);
    assert.deepEqual([watched.due, watched.interval], [now + 6_000, 10_000]);
    rescheduleSooner(watched, 20_000);
    assert.deepEqual([watched.due, watched.interval], [now + 6_000, 20_000]);
  });

  it('is hurried neither in trouble nor when it is not asked by itself', () => {
    for (const left of [{ failures: 1 }, { due: undefined }]) {
      const watched = { ...takenOver(checked, now, 50_000), ...left };
      const before = { ...watched };
      rescheduleSooner(watched, 1_000);
      assert.deepEqual(watched, before);
    }
    const scheduledRun = takenOver(checked, now, 50_000);
    rescheduleSooner(scheduledRun, undefined);
    assert.deepEqual(scheduledRun, takenOver(checked, now, 50_000));
  });

  it('is as far from its turn as before when the time of day is set back', () => {
    const watched = { ...takenOver(checked, now, 50_000), notBefore: now + 1_000 };
    shiftTimes(watched, 1_000);
    assert.deepEqual([watched.askedAt, watched.due, watched.notBefore], [now - 5_000, now + 45_000, now]);
    const never = { ...newScheduledRun(kickoff(), now), due: undefined };
    shiftTimes(never, 1_000);
    assert.deepEqual(Object.keys(never).sort(), ['askedAt', 'due', 'failures', 'interval', 'notBefore', 'ref']);
    assert.equal(never.due, undefined);
  });
});

describe('The list of runs that are watched', () => {
  function list() {
    const board = new Board(new HostHealth(() => 1));
    const made = new PollQueue(board, ({ label }) => (label === undefined ? 5_000 : undefined));
    const show = (...runs: readonly ReturnType<typeof kickoff>[]) => {
      board.show([deployment()], runs);
      return runs;
    };
    return { list: made, show };
  }

  it('holds the open runs, and ends what is under way for one that leaves', () => {
    const { list: watching, show } = list();
    const [one, other] = [kickoff({ id: id(1) }), kickoff({ id: id(2) })];
    watching.sync(show(one, other, kickoff({ id: id(3), phase: { kind: 'failed' } })), now, false);
    assert.equal([...watching].length, 2);
    let ended = 0;
    for (const scheduledRun of watching) scheduledRun.request = { dispose: () => ended++ };
    const kept = watching.get(other);
    watching.sync(show({ ...one, phase: { kind: 'succeeded' } }, other), now, false);
    assert.deepEqual([...watching], [kept]);
    assert.equal(ended, 1);
    watching.abort();
    assert.deepEqual([[...watching], ended], [[], 2]);
  });

  it('begins as a new run or as another window left it', () => {
    for (const isTakeover of [false, true]) {
      const { list: watching, show } = list();
      watching.sync(show(checked), now, isTakeover);
      assert.equal(watching.get(checked)?.due, isTakeover ? now + 1_000 : now);
      assert.equal(watching.get(checked)?.interval, 5_000);
    }
  });

  it('plans, hurries and turns back each run by its own pace', () => {
    const { list: watching, show } = list();
    const rare = kickoff({ id: id(2), label: 'rare' });
    watching.sync(show(checked, rare), now, false);
    const scheduledRun = watching.get(checked)!;
    watching.reschedule(scheduledRun, checked, now);
    assert.equal(scheduledRun.due, now + 5_000);
    scheduledRun.due = now + 90_000;
    scheduledRun.askedAt = now;
    watching.rescheduleSooner();
    assert.equal(scheduledRun.due, now + 5_000);
    watching.shiftTimes(1_000);
    assert.deepEqual(
      [...watching].map(({ due }) => due),
      [now + 4_000, now - 1_000],
    );
  });

  it('forgets a run only while it is the one that is watched', () => {
    const { list: watching, show } = list();
    watching.sync(show(checked), now, false);
    const before = watching.get(checked)!;
    watching.clear();
    watching.sync(show(checked), now, false);
    watching.delete(before);
    assert.equal([...watching].length, 1);
    watching.delete(watching.get(checked)!);
    assert.equal([...watching].length, 0);
  });
});
