import assert from 'node:assert/strict';
import { Board } from '#core/history/board';
import { HostHealth } from '#core/polling/hostHealth';
import { PollQueue } from '#core/polling/pollQueue';
import { deployment, id, kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const now = start + 100_000;
const checked = kickoff({ checkedAt: now - 4_000 });

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

  it('contains the active runs, and aborts the request of a run that is no longer active', () => {
    const { list: queue, show } = list();
    const [one, other] = [kickoff({ id: id(1) }), kickoff({ id: id(2) })];
    queue.sync(show(one, other, kickoff({ id: id(3), phase: { kind: 'failed' } })), now, false);
    assert.equal([...queue].length, 2);
    const [leaving, staying] = [one, other].map((run) => queue.get(run)!.start(now, now));
    const remaining = queue.get(other);
    queue.sync(show({ ...one, phase: { kind: 'succeeded' } }, other), now, false);
    assert.deepEqual([[...queue].length, queue.get(other)], [1, remaining]);
    assert.deepEqual([leaving?.aborted, staying?.aborted], [true, false]);
    queue.abort();
    assert.deepEqual([[...queue], staying?.aborted], [[], true]);
  });

  it('schedules a new run for now, but after a takeover for the rest of its interval', () => {
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
    scheduledRun.start(now, now);
    scheduledRun.reschedule(now, 90_000);
    queue.rescheduleSooner();
    assert.equal(scheduledRun.due, now + 5_000);
    queue.shiftTimes(1_000);
    assert.deepEqual(
      [...queue].map(({ due }) => due),
      [now + 4_000, now - 1_000],
    );
  });

  it('keeps only the runs whose requests are in flight when the leader changes, and schedules none of them again', () => {
    const { list: queue, show } = list();
    const rest = kickoff({ id: id(2) });
    queue.sync(show(checked, rest), now, false);
    const [pending, idle] = [queue.get(checked), queue.get(rest)];
    const signal = pending?.start(now, now);
    queue.deleteIdle();
    assert.deepEqual(
      [...queue].map(({ ref }) => ref.id),
      [checked.id],
    );
    queue.sync(show(checked, rest), now, true);
    assert.ok(queue.get(checked) === pending && queue.get(rest) !== idle);
    assert.deepEqual([pending?.isInFlight, signal?.aborted], [true, false]);
  });

  it('deletes a scheduled run only if the queue contains the same object', () => {
    const { list: queue, show } = list();
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
