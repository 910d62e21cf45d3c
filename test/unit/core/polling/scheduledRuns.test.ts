import assert from 'node:assert/strict';
import { Board } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import { HostHealth } from '#core/polling/hostHealth';
import { ScheduledRuns } from '#core/polling/scheduledRuns';
import { deployment, id, kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const now = start + 100_000;
const checked = kickoff({ checkedAt: now - 4_000 });

/** Returns an empty queue, and a function that shows and returns runs. A run with a label isn't polled automatically. */
function emptyQueue() {
  const board = new Board(new HostHealth(() => 1));
  const queue = new ScheduledRuns(board, ({ label }) => (label === undefined ? 5_000 : undefined));
  const show = (...runs: readonly Kickoff[]) => {
    board.show([deployment()], runs);
    return runs;
  };
  return { queue, show };
}

describe('The poll queue', () => {
  const [one, other] = [kickoff({ id: id(1) }), kickoff({ id: id(2) })];

  it('contains only the active runs', () => {
    const { queue, show } = emptyQueue();
    queue.sync(show(one, other, kickoff({ id: id(3), phase: { kind: 'failed' } })), now, false);
    assert.equal([...queue].length, 2);
    const remaining = queue.get(other);
    queue.sync(show({ ...one, phase: { kind: 'succeeded' } }, other), now, false);
    assert.deepEqual([[...queue].length, queue.get(other)], [1, remaining]);
  });

  it('aborts only the requests of runs that are no longer active', () => {
    const { queue, show } = emptyQueue();
    queue.sync(show(one, other), now, false);
    const [leaving, staying] = [one, other].map((run) => queue.get(run)!.startRequest(now));
    queue.sync(show({ ...one, phase: { kind: 'succeeded' } }, other), now, false);
    assert.deepEqual([leaving?.aborted, staying?.aborted], [true, false]);
  });

  it('aborts the requests of its runs when it is emptied', () => {
    const { queue, show } = emptyQueue();
    queue.sync(show(one), now, false);
    const signal = queue.get(one)?.startRequest(now);
    queue.abortAll();
    assert.deepEqual([[...queue], signal?.aborted], [[], true]);
  });

  for (const [title, isTakeover, due] of [
    ['schedules a new run for an immediate poll', false, now],
    ['schedules a run after a takeover for the rest of its interval', true, now + 1_000],
  ] as const)
    it(title, () => {
      const { queue, show } = emptyQueue();
      queue.sync(show(checked), now, isTakeover);
      assert.deepEqual([queue.get(checked)?.dueAt, queue.get(checked)?.intervalMs], [due, 5_000]);
    });

  it("schedules the next poll after the run's own interval, or never if the run has none", () => {
    const { queue, show } = emptyQueue();
    const rare = kickoff({ id: id(2), label: 'rare' });
    queue.sync(show(checked, rare), now, false);
    const [scheduledRun, rareRun] = [queue.get(checked)!, queue.get(rare)!];
    queue.reschedule(scheduledRun, checked, now);
    queue.reschedule(rareRun, rare, now);
    assert.deepEqual([scheduledRun.dueAt, rareRun.dueAt], [now + 5_000, undefined]);
  });

  it("shortens a wait that is longer than the run's interval", () => {
    const { queue, show } = emptyQueue();
    queue.sync(show(checked), now, false);
    const scheduledRun = queue.get(checked)!;
    scheduledRun.startRequest(now);
    scheduledRun.reschedule(now, 90_000);
    queue.rescheduleSooner();
    assert.equal(scheduledRun.dueAt, now + 5_000);
  });

  it('keeps only the runs whose requests are in flight when the leader changes', () => {
    const { queue, show } = emptyQueue();
    const rest = kickoff({ id: id(2) });
    queue.sync(show(checked, rest), now, false);
    const [pending, idle] = [queue.get(checked), queue.get(rest)];
    const signal = pending?.startRequest(now);
    queue.deleteIdle();
    assert.deepEqual([...queue], [pending]);
    queue.sync(show(checked, rest), now, true);
    assert.ok(queue.get(checked) === pending && queue.get(rest) !== idle);
    assert.deepEqual([pending?.isInFlight, signal?.aborted], [true, false]);
  });

  it('deletes a scheduled run only if the queue contains the same object', () => {
    const { queue, show } = emptyQueue();
    queue.sync(show(checked), now, false);
    const before = queue.get(checked)!;
    queue.sync([], now, false);
    queue.sync(show(checked), now, false);
    queue.delete(before);
    assert.equal([...queue].length, 1);
    queue.delete(queue.get(checked)!);
    assert.equal([...queue].length, 0);
  });
});
