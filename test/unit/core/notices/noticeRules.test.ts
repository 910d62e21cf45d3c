import assert from 'node:assert/strict';
import { advance } from '#core/kickoff/advance';
import type { Observation } from '#core/kickoff/kickoff';
import {
  claimWait,
  documentsToOpen,
  isFreshUnread,
  hasNewWait,
  shouldNotify,
  opensDocument,
  type NoticeSettings,
} from '#core/notices/noticeRules';
import { answered, deployment, kickoff, MemoryStore } from '#test/support/builders';
import { day, minute, start } from '#test/support/manualClock';

const succeeded = kickoff({ phase: { kind: 'succeeded' }, output: 'json' });
const failed = kickoff({ phase: { kind: 'failed' }, output: 'json' });
const stopped = kickoff({ phase: { kind: 'stopped' } });
const unknown = answered('missing');
const waiting = kickoff({ phase: { kind: 'waiting' }, checkedAt: start });

function settings(of: Partial<NoticeSettings> = {}): NoticeSettings {
  return { notifications: 'all', openOutputWhenFinished: 'never', ...of };
}

describe('A notification', () => {
  for (const [notifications, expected, shownFor] of [
    ['all', [true, true, true, true], 'for each finished or waiting run'],
    ['failures', [false, true, true, true], 'for each finished or waiting run except succeeded runs'],
    ['none', [false, false, false, false], 'for no run'],
  ] as const)
    it(`is shown ${shownFor} if the setting notifications is "${notifications}"`, () => {
      const shown = [succeeded, failed, stopped, waiting].map((one) => shouldNotify(one, settings({ notifications })));
      assert.deepEqual(shown, expected);
    });

  it('is never shown for a muted run', () => {
    for (const one of [succeeded, failed, waiting]) assert.equal(shouldNotify({ ...one, isMuted: true }, settings()), false);
  });
});

describe('A finished run', () => {
  it('is treated as just finished only while it is unread, for 20 s after its known end', () => {
    const run = { ...succeeded, finishedAt: start, isUnread: true };
    assert.equal(isFreshUnread(run, start + 5_000), true);
    assert.equal(isFreshUnread(run, start + 19_999), true);
    assert.equal(isFreshUnread(run, start + 20_000), false);
    assert.equal(isFreshUnread({ ...run, isUnread: false }, start), false);
    assert.equal(isFreshUnread({ ...succeeded, isUnread: true }, start), false);
    assert.equal(isFreshUnread(succeeded, start), false, 'finished before it was tracked');
  });
});

describe('A wait for human input', () => {
  /** Returns a run in two windows. `see` advances the run with a response, and `claims` returns how many of the windows notify. */
  function twoWindows() {
    const store = new MemoryStore([deployment()], [kickoff()]);
    let now = start;
    const see = async (seen: Observation) => {
      now += 15_000;
      await store.update(kickoff(), (stored) => ({ kickoff: advance(stored, seen, now) }));
    };
    const claims = async () => {
      const stored = store.stored(kickoff());
      const both = await Promise.all([claimWait(store, stored), claimWait(store, stored)]);
      return both.filter((one) => one && !hasNewWait(one)).length;
    };
    return { see, claims };
  }

  const waits = answered('waiting', { progress: { completed: 1, total: 3 } });

  it('causes a notification in only one of two windows', async () => {
    const { see, claims } = twoWindows();
    await see(answered('running'));
    assert.equal(await claims(), 0);
    await see(waits);
    assert.equal(await claims(), 1);
  });

  it('causes another notification only if the run waits at another task or continued meanwhile', async () => {
    const { see, claims } = twoWindows();
    await see(waits);
    await claims();
    await see(waits);
    assert.equal(await claims(), 0, 'the same wait');
    await see(answered('waiting', { progress: { completed: 2, total: 3 } }));
    assert.equal(await claims(), 1, 'at another task');
    await see(answered('running', { progress: { completed: 2, total: 3 } }));
    await see(answered('waiting', { progress: { completed: 2, total: 3 } }));
    assert.equal(await claims(), 1, 'after it ran again');
  });

  for (const [when, change] of [
    ['it ended', { phase: { kind: 'running' } }],
    ['its run was removed', { removedAt: start }],
  ] as const)
    it(`causes no notification after ${when}`, async () => {
      assert.equal(await claimWait(new MemoryStore([], [{ ...waiting, ...change }]), waiting), undefined);
    });
});

describe('The notification of a run that AMP no longer finds', () => {
  const found = (completed: number) => answered('running', { progress: { completed } });

  /** Returns the indexes of the responses after which a window claims the notification. The responses come a minute apart. */
  async function claimed(all: readonly Observation[]): Promise<readonly number[]> {
    const store = new MemoryStore([deployment()], [kickoff()]);
    const claims = async (seen: Observation, index: number) => {
      await store.update(kickoff(), (stored) => ({ kickoff: advance(stored, seen, start + index * minute) }));
      return (await claimWait(store, store.stored(kickoff()))) !== undefined;
    };
    const indexes: number[] = [];
    for (const [index, seen] of all.entries()) if (await claims(seen, index)) indexes.push(index);
    return indexes;
  }

  const never = [unknown, unknown, unknown, unknown];
  const flapping = [found(1), unknown, unknown, unknown, unknown, found(1), unknown, unknown, unknown];
  const later = [found(2), unknown, unknown, unknown];

  it('is shown once after two minutes, and again only after the run progressed', async () => {
    assert.deepEqual(await claimed([...flapping, ...later]), [3, flapping.length + 3]);
  });

  it('is shown only if AMP found the run at least once', async () => {
    assert.deepEqual(await claimed([...never, ...flapping]), [never.length + 3]);
  });

  it('is shown after two minutes, but no longer after a day', () => {
    const lost = kickoff({ phase: { kind: 'missing' }, hasRun: true, phaseSince: start });
    assert.deepEqual(
      [2 * minute, day].map((after) => hasNewWait({ ...lost, checkedAt: start + after })),
      [true, false],
    );
  });
});

describe('The automatic opening of a document', () => {
  const output = settings({ openOutputWhenFinished: 'output' });

  it('happens even if notifications are off', () => {
    assert.equal(opensDocument(succeeded, settings({ notifications: 'none', openOutputWhenFinished: 'report' })), true);
  });

  it('doesn\'t happen if the setting openOutputWhenFinished is "never"', () => {
    assert.deepEqual(documentsToOpen([succeeded], settings()), []);
    assert.equal(opensDocument(succeeded, settings()), false);
  });

  it("doesn't happen for a muted run", () => {
    assert.deepEqual(documentsToOpen([{ ...succeeded, isMuted: true }], output), []);
  });

  it("doesn't happen while the run only waits for human input", () => {
    assert.equal(opensDocument(waiting, output), false);
  });

  const what = (ended: readonly (typeof succeeded)[], of: NoticeSettings) => documentsToOpen(ended, of).map((one) => one.kind);

  it('shows the report if the run failed or has no output, even if the setting openOutputWhenFinished is "output"', () => {
    assert.deepEqual(what([succeeded, failed, kickoff({ phase: { kind: 'succeeded' } })], output), ['output', 'report', 'report']);
  });

  it('shows the report if the setting openOutputWhenFinished is "report"', () => {
    assert.deepEqual(what([succeeded, failed], settings({ openOutputWhenFinished: 'report' })), ['report', 'report']);
  });

  it('happens only if at most three runs finish together', () => {
    assert.equal(documentsToOpen([succeeded, failed, stopped], output).length, 3);
    assert.deepEqual(documentsToOpen([succeeded, failed, stopped, succeeded], output), []);
  });
});
