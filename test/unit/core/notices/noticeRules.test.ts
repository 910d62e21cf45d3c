import assert from 'node:assert/strict';
import { advance } from '#core/kickoff/advance';
import type { Observation } from '#core/kickoff/kickoff';
import {
  claimWait,
  documentsToOpen,
  hasJustEnded,
  hasNewWait,
  hasResult,
  isNotified,
  opensDocument,
  type NoticeSettings,
} from '#core/notices/noticeRules';
import { answered, deployment, kickoff, MemoryStore } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const well = kickoff({ phase: { kind: 'succeeded' }, output: 'json' });
const badly = kickoff({ phase: { kind: 'failed' } });
const stopped = kickoff({ phase: { kind: 'stopped' } });
const waiting = kickoff({ phase: { kind: 'waiting' }, checkedAt: start });

function wishes(of: Partial<NoticeSettings> = {}): NoticeSettings {
  return { notifications: 'all', openOutputWhenFinished: 'never', ...of };
}

describe('A notification', () => {
  for (const [notifications, told] of [
    ['all', [true, true, true, true]],
    ['failures', [false, true, true, true]],
    ['none', [false, false, false, false]],
  ] as const) {
    it(`is shown as "${notifications}" says for a run that succeeded, failed, was stopped, or waits for input`, () => {
      assert.deepEqual(
        [well, badly, stopped, waiting].map((one) => isNotified(one, wishes({ notifications }))),
        told,
      );
    });
  }

  it('is never shown for a muted run', () => {
    for (const one of [well, badly, waiting]) assert.equal(isNotified({ ...one, isMuted: true }, wishes()), false);
  });
});

describe('An end that another window heard', () => {
  it('is looked at while it is fresh and nobody has seen it', () => {
    const run = { ...well, finishedAt: start, isUnread: true };
    assert.equal(hasJustEnded(run, start + 5_000), true);
    assert.equal(hasJustEnded(run, start + 19_999), true);
    assert.equal(hasJustEnded(run, start + 20_000), false);
    assert.equal(hasJustEnded({ ...run, isUnread: false }, start), false);
    assert.equal(hasJustEnded({ ...well, isUnread: true }, start), false);
    assert.equal(hasJustEnded(well, start), false, 'it ended before it was tracked');
  });
});

describe('A wait for human input', () => {
  it('is claimed by one window, once for each wait', async () => {
    const store = new MemoryStore([deployment()], [kickoff()]);
    let now = start;
    const see = async (seen: Observation) => {
      now += 15_000;
      await store.update(kickoff(), (stored) => ({ kickoff: advance(stored, seen, now) }));
    };
    /** How many of two windows notify. */
    const claims = async () => {
      const stored = store.stored(kickoff());
      const both = await Promise.all([claimWait(store, stored), claimWait(store, stored)]);
      return both.filter((one) => one && !hasNewWait(one)).length;
    };
    const waits = answered('waiting', { progress: { completed: 1, total: 3 } });
    await see(answered('running'));
    assert.equal(await claims(), 0);
    await see(waits);
    assert.equal(await claims(), 1);
    await see(waits);
    assert.equal(await claims(), 0, 'the same wait');
    await see(answered('waiting', { progress: { completed: 2, total: 3 } }));
    assert.equal(await claims(), 1, 'at another task');
    await see(answered('running', { progress: { completed: 2, total: 3 } }));
    await see(answered('waiting', { progress: { completed: 2, total: 3 } }));
    assert.equal(await claims(), 1, 'after it ran again');
  });

  it('cannot be claimed once it is over, or the run was removed', async () => {
    for (const after of [
      { ...waiting, phase: { kind: 'running' } },
      { ...waiting, removedAt: start },
    ] as const)
      assert.equal(await claimWait(new MemoryStore([], [after]), waiting), undefined);
  });
});

describe('A result', () => {
  it('is the output of a run that went well', () => {
    assert.equal(hasResult(well), true);
    for (const one of [{ ...badly, output: 'json' }, kickoff({ phase: { kind: 'succeeded' } })] as const)
      assert.equal(hasResult(one), false);
  });
});

describe('A document of a finished run opens', () => {
  const output = wishes({ openOutputWhenFinished: 'output' });

  it('never, unless that is set, and never for a muted run', () => {
    assert.deepEqual(documentsToOpen([well], wishes()), []);
    assert.deepEqual(documentsToOpen([{ ...well, isMuted: true }], output), []);
    assert.equal(opensDocument(well, wishes()), false);
    assert.equal(opensDocument(waiting, output), false);
  });

  it('also where no notice is wanted', () => {
    assert.equal(opensDocument(well, wishes({ notifications: 'none', openOutputWhenFinished: 'report' })), true);
  });

  it('with its output, and with its report where that is set or there is no output', () => {
    const what = (ended: readonly (typeof well)[], of: NoticeSettings) => documentsToOpen(ended, of).map((one) => one.what);
    assert.deepEqual(what([well, badly, kickoff({ phase: { kind: 'succeeded' } })], output), ['output', 'report', 'report']);
    assert.deepEqual(what([well, badly], wishes({ openOutputWhenFinished: 'report' })), ['report', 'report']);
  });

  it('up to three at once, and none of more', () => {
    assert.equal(documentsToOpen([well, badly, stopped], output).length, 3);
    assert.deepEqual(documentsToOpen([well, badly, stopped, well], output), []);
  });
});
