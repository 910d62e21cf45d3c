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

describe('A scheduled run', () => {
  it('is due immediately when it is new, then after its interval', () => {
    const scheduledRun = newScheduledRun(kickoff(), now, 5_000);
    assert.deepEqual(scheduledRun, {
      ref: { deployment: 1, id: id() },
      due: now,
      polledAt: 0,
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

  it('is not due before the Retry-After time of its server', () => {
    const scheduled = { ...newScheduledRun(kickoff(), now, 5_000), notBefore: now + 9_000 };
    reschedule(scheduled, now, 7_000);
    assert.equal(scheduled.due, now + 9_000);
    rescheduleSooner(scheduled, 1_000);
    assert.equal(scheduled.due, now + 9_000);
  });

  it('keeps its remaining interval when this window takes over polling', () => {
    assert.deepEqual(takenOver(checked, now, 10_000), {
      ...newScheduledRun(kickoff(), now, 10_000),
      due: now + 6_000,
      polledAt: now - 4_000,
    });
    assert.equal(takenOver(checked, now, 3_000).due, now - 1_000, 'as late as before');
    assert.equal(takenOver(checked, now, undefined).due, undefined);
    assert.deepEqual(takenOver(kickoff(), now, 10_000), newScheduledRun(kickoff(), start, 10_000), 'overdue since it was tracked');
  });

  it('is overdue after a week of sleep even if AMP did not find it before', () => {
    const later = now + 7 * 24 * 3_600_000;
    const missing = kickoff({ phase: { kind: 'missing' }, phaseSince: now - 600_000, checkedAt: now, hasRun: true });
    const pace = { minimumSeconds: 3, maximumSeconds: 60, isFocused: true };
    assert.equal(takenOver(missing, later, nextDelay(missing, { now: later, pace, random: () => 0.5 })).due, now + 30_000);
  });

  it('keeps the retry time of its problem when this window takes over polling', () => {
    const trouble = { kind: 'refused', retryAt: now + 30_000 } as const;
    const { due, failures, polledAt } = takenOver({ ...checked, trouble }, now, 10_000);
    assert.deepEqual([due, failures, polledAt], [now + 30_000, 1, now - 4_000]);
    assert.deepEqual(takenOver(kickoff({ trouble: { kind: 'refused' } }), now, 10_000), {
      ...newScheduledRun(kickoff(), now, 10_000),
      due: undefined,
      failures: 1,
    });
  });

  it('does not wait longer than its interval if the clock was ahead at its last poll', () => {
    const ahead = now + 8 * 3_600_000;
    const { due, polledAt } = takenOver({ ...checked, checkedAt: ahead }, now, 10_000);
    assert.deepEqual([due, polledAt], [now + 10_000, now]);
    assert.equal(takenOver({ ...checked, trouble: { kind: 'refused', retryAt: ahead } }, now, 10_000).due, now + 300_000);
  });

  it('is due earlier when its interval becomes shorter, and never later', () => {
    const scheduled = { ...takenOver(checked, now, 50_000) };
    rescheduleSooner(scheduled, 10_000);
    assert.deepEqual([scheduled.due, scheduled.interval], [now + 6_000, 10_000]);
    rescheduleSooner(scheduled, 20_000);
    assert.deepEqual([scheduled.due, scheduled.interval], [now + 6_000, 20_000]);
  });

  it('is not due earlier while it has a problem or is not polled automatically', () => {
    for (const left of [{ failures: 1 }, { due: undefined }]) {
      const scheduled = { ...takenOver(checked, now, 50_000), ...left };
      const before = { ...scheduled };
      rescheduleSooner(scheduled, 1_000);
      assert.deepEqual(scheduled, before);
    }
    const scheduledRun = takenOver(checked, now, 50_000);
    rescheduleSooner(scheduledRun, undefined);
    assert.deepEqual(scheduledRun, takenOver(checked, now, 50_000));
  });

  it('keeps its remaining wait when the system clock is set back', () => {
    const scheduled = { ...takenOver(checked, now, 50_000), notBefore: now + 1_000 };
    shiftTimes(scheduled, 1_000);
    assert.deepEqual([scheduled.polledAt, scheduled.due, scheduled.notBefore], [now - 5_000, now + 45_000, now]);
    const never = { ...newScheduledRun(kickoff(), now), due: undefined };
    shiftTimes(never, 1_000);
    assert.deepEqual(Object.keys(never).sort(), ['due', 'failures', 'interval', 'notBefore', 'polledAt', 'ref']);
    assert.equal(never.due, undefined);
  });
});

describe('The poll queue', () => {
  function list() {
    const board = new Board(new HostHealth(() => 1));
    const made = new PollQueue(board, ({ label }) => (label === undefined ? 5_000 : undefined));
    const show = (...runs: readonly ReturnType<typeof kickoff>[]) => {
      board.show([deployment()], runs);
      return runs;
    };
    return { list: made, show };
  }

  it('contains the active runs, and aborts the request of a run that leaves the queue', () => {
    const { list: queue, show } = list();
    const [one, other] = [kickoff({ id: id(1) }), kickoff({ id: id(2) })];
    queue.sync(show(one, other, kickoff({ id: id(3), phase: { kind: 'failed' } })), now, false);
    assert.equal([...queue].length, 2);
    let ended = 0;
    for (const scheduledRun of queue) scheduledRun.request = { dispose: () => ended++ };
    const remaining = queue.get(other);
    queue.sync(show({ ...one, phase: { kind: 'succeeded' } }, other), now, false);
    assert.deepEqual([...queue], [remaining]);
    assert.equal(ended, 1);
    queue.abort();
    assert.deepEqual([[...queue], ended], [[], 2]);
  });

  it('schedules a run as new, or with its remaining interval after a takeover', () => {
    for (const isTakeover of [false, true]) {
      const { list: queue, show } = list();
      queue.sync(show(checked), now, isTakeover);
      assert.equal(queue.get(checked)?.due, isTakeover ? now + 1_000 : now);
      assert.equal(queue.get(checked)?.interval, 5_000);
    }
  });

  it('reschedules each run by its own interval', () => {
    const { list: queue, show } = list();
    const rare = kickoff({ id: id(2), label: 'rare' });
    queue.sync(show(checked, rare), now, false);
    const scheduledRun = queue.get(checked)!;
    queue.reschedule(scheduledRun, checked, now);
    assert.equal(scheduledRun.due, now + 5_000);
    scheduledRun.due = now + 90_000;
    scheduledRun.polledAt = now;
    queue.rescheduleSooner();
    assert.equal(scheduledRun.due, now + 5_000);
    queue.shiftTimes(1_000);
    assert.deepEqual(
      [...queue].map(({ due }) => due),
      [now + 4_000, now - 1_000],
    );
  });

  it('deletes a scheduled run only if the queue still contains that object', () => {
    const { list: queue, show } = list();
    queue.sync(show(checked), now, false);
    const before = queue.get(checked)!;
    queue.clear();
    queue.sync(show(checked), now, false);
    queue.delete(before);
    assert.equal([...queue].length, 1);
    queue.delete(queue.get(checked)!);
    assert.equal([...queue].length, 0);
  });
});
