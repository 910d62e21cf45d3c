import assert from 'node:assert/strict';
import { runsOlderThan, Retention, type RetentionParts } from '#core/history/retention';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { id, kickoff } from '#test/support/builders';
import { day, ManualClock, minute, start } from '#test/support/manualClock';

/** Returns a run that finished that many days before the start. */
function ended(number: number, daysAgo: number, fields: Partial<Kickoff> = {}): Kickoff {
  return kickoff({ id: id(number), phase: { kind: 'succeeded' }, finishedAt: start - daysAgo * day, ...fields });
}

function openWindow(kickoffs: readonly Kickoff[], days: number, change: Partial<RetentionParts> = {}) {
  const clock = new ManualClock();
  const set = { days };
  const board = { kickoffs };
  const removed: KickoffRef['id'][] = [];
  const removeOld = (gone: readonly KickoffRef[]) => {
    removed.push(...gone.map((one) => one.id));
    board.kickoffs = board.kickoffs.filter((one) => !gone.includes(one));
    return Promise.resolve(gone.length);
  };
  const lines: string[] = [];
  const log = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const purged: number[] = [];
  const part = new Retention({
    board,
    tracker: { removeOld },
    clock,
    keepDays: () => set.days,
    purge: () => Promise.resolve(void purged.push(clock.now())),
    log,
    ...change,
  });
  return { clock, set, removed, part, lines, purged };
}

describe('Old runs', () => {
  const [startedAt, checkedAt] = [start - 31 * day, start - minute];
  const before = kickoff({ phase: { kind: 'succeeded' }, phaseSince: checkedAt, startedAt, executionSeconds: 60, checkedAt });

  it('include a run that finished long before it was tracked', () => {
    assert.deepEqual(runsOlderThan(30, [before], start), [before]);
  });

  it("aren't removed automatically if they were tracked recently", async () => {
    const { clock, removed, part } = openWindow([before], 30);
    await clock.advance(2 * minute);
    assert.deepEqual(removed, []);
    part.dispose();
  });

  it('are runs that finished more than `history.keepDays` days ago, except unread runs', () => {
    const old = [
      ended(1, 31),
      ended(2, 29),
      ended(3, 31, { isUnread: true }),
      kickoff({ id: id(4), trackedAt: start - 99 * day }),
      kickoff({ id: id(5), phase: { kind: 'missing' }, trackedAt: start - 99 * day }),
      kickoff({ id: id(6), phase: { kind: 'failed' }, trackedAt: start - 99 * day, phaseSince: start - 31 * day }),
      // This run has no end time, because it was finished at its first poll, which was just now.
      kickoff({ id: id(7), phase: { kind: 'succeeded' }, trackedAt: start - 99 * day, phaseSince: start }),
    ];
    const found = runsOlderThan(30, old, start).map((one) => one.id);
    assert.deepEqual(found, [id(1), id(6)]);
  });

  it('are removed and counted in the log once a day, the first time a minute after the start', async () => {
    const { clock, removed, lines } = openWindow([ended(1, 31), ended(2, 28.5)], 30);
    await clock.advance(minute - 1);
    assert.deepEqual(removed, []);
    await clock.advance(1);
    assert.deepEqual(removed, [id(1)]);
    await clock.advance(day);
    assert.deepEqual(removed, [id(1)]);
    await clock.advance(day);
    assert.deepEqual(removed, [id(1), id(2)]);
    assert.deepEqual(lines, Array(2).fill('history.keepDays removed runs: 1'));
    assert.equal(clock.timers, 1);
  });

  it('are removed only ten seconds after the last change of `history.keepDays`', async () => {
    const { clock, set, removed, part } = openWindow([ended(1, 5), ended(2, 31)], 0);
    set.days = 3;
    part.onSettingChange();
    await clock.advance(2_000);
    set.days = 30;
    part.onSettingChange();
    await clock.advance(9_999);
    assert.deepEqual(removed, []);
    await clock.advance(1);
    assert.deepEqual(removed, [id(2)]);
  });

  it("aren't removed after the window closed", async () => {
    const { clock, part, removed } = openWindow([ended(1, 29.5)], 30);
    part.dispose();
    await clock.advance(2 * day);
    assert.deepEqual([removed, clock.timers], [[], 0]);
  });

  it("aren't removed after `history.keepDays` was changed to 0", async () => {
    const { clock, set, part, removed } = openWindow([ended(1, 29.5)], 30);
    set.days = 0;
    part.onSettingChange();
    await clock.advance(2 * day);
    assert.deepEqual(removed, []);
  });
});

describe('The permanent deletion of removed runs', () => {
  it("doesn't prevent the removal of old runs if the deletion fails", async () => {
    const { clock, lines } = openWindow([ended(1, 31)], 30, { purge: () => Promise.reject(new Error('disk full')) });
    await clock.advance(minute);
    assert.deepEqual(lines.toSorted(), ['Failed to remove runs: Error: disk full', 'history.keepDays removed runs: 1']);
  });

  it('happens once a day even if `history.keepDays` is 0', async () => {
    const { clock, purged, removed } = openWindow([ended(1, 9_999)], 0);
    await clock.advance(3 * day);
    assert.deepEqual(removed, []);
    assert.deepEqual(purged, [start + minute, start + minute + day, start + minute + 2 * day]);
  });
});
