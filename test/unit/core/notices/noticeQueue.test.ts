import assert from 'node:assert/strict';
import type { Kickoff } from '#core/kickoff/kickoff';
import { NoticeQueue, sharedDelayMs, standByDelayMs } from '#core/notices/noticeQueue';
import { id, kickoff, MemoryStore } from '#test/support/builders';
import { ManualClock } from '#test/support/manualClock';

const ended = (number: number): Kickoff => kickoff({ id: id(number), phase: { kind: 'succeeded' } });

describe('Finished runs', () => {
  let clock: ManualClock;
  let store: MemoryStore;
  let failures: unknown[];

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryStore();
    failures = [];
  });

  /** Creates the queue of a window, and records each notification. `close` closes the open notification. */
  function window(milliseconds = sharedDelayMs) {
    const notified: (readonly string[])[] = [];
    const together: number[] = [];
    let close = (): void => undefined;
    const notify = (some: readonly Kickoff[]) => {
      notified.push(some.map((one) => one.id));
      return new Promise<void>((resolve) => (close = resolve));
    };
    const ends = new NoticeQueue({
      delayMs: milliseconds,
      clock,
      claim: (ref) => store.claimNotice(ref),
      onClaimed: (some) => Promise.resolve(void together.push(some.length)),
      notify,
      onError: (error) => failures.push(error),
    });
    /** Lets the runs with the numbers 1 to `count` finish, with a pause after each of them. */
    const finish = async (count: number, pauseMs: number) => {
      for (let number = 1; number <= count; number++) {
        ends.add(ended(number));
        await clock.advance(pauseMs);
      }
    };
    return { ends, notified, together, finish, close: () => close() };
  }

  it('each cause a notification in only one window', async () => {
    const [one, other] = [window(), window()];
    for (const { ends } of [one, other]) ends.add(ended(1));
    await clock.advance(1_500);
    for (const { ends } of [one, other]) ends.add(ended(2));
    await clock.advance(2_000);
    for (const { close } of [one, other]) close();
    one.ends.add(ended(3));
    await clock.advance(2_000);
    assert.deepEqual([...one.notified, ...other.notified].flat().sort(), [id(1), id(2), id(3)]);
    assert.deepEqual(one.notified.at(-1), [id(3)]);
    assert.equal(store.claims.length, 5, 'each window claims each of its runs once');
    await clock.advance(60_000);
    assert.equal(clock.timers, 0);
  });

  for (const [count, pauseMs, expected] of [
    [12, 5_000, [1, 2, 9]],
    [100, 1_000, [2, 14, 44, 40]],
    [3, 100_000, [1, 1, 1]],
  ] as const) {
    const apart = `if ${count} finish ${pauseMs / 1_000} s apart and the user closes no notification`;
    const finishAll = async () => {
      const parts = window();
      await parts.finish(count, pauseMs);
      await clock.advance(120_000);
      assert.equal(clock.timers, 0);
      return parts;
    };

    it(`cause ${expected.length} notifications, ordered by the ends of the runs, ${apart}`, async () => {
      const { notified } = await finishAll();
      const counts = notified.map(({ length }) => length);
      assert.deepEqual(counts, expected);
      for (const [index, one] of notified.flat().entries()) assert.equal(one, id(index + 1));
    });

    it(`are in groups of at most two for the opening of documents ${apart}`, async () => {
      const { together } = await finishAll();
      assert.ok(Math.max(...together) <= 2);
    });
  }

  it('cause a notification within two seconds once the user has closed the previous notification', async () => {
    const { ends, notified, close } = window();
    ends.add(ended(1));
    await clock.advance(4_000);
    close();
    await clock.advance(4_000);
    ends.add(ended(2));
    await clock.advance(2_000);
    assert.deepEqual(notified, [[id(1)], [id(2)]]);
    ends.add(ended(3));
    await clock.advance(2_000);
    assert.equal(notified.length, 2);
    close();
    await clock.advance(1);
    assert.deepEqual(notified[2], [id(3)]);
  });

  it('cause a notification only every 45 s after eight in a row, even if the user closes each one immediately', async () => {
    const { ends, notified, close } = window();
    for (let number = 1; number <= 50; number++) {
      ends.add(ended(number));
      await clock.advance(2_000);
      close();
    }
    await clock.advance(120_000);
    assert.deepEqual(
      notified.map(({ length }) => length),
      [1, 1, 1, 1, 1, 1, 1, 1, 7, 22, 13],
    );
  });

  it('cause no more notifications after their window closed', async () => {
    const { ends, notified, finish, close } = window();
    await finish(2, 3_000);
    ends.dispose();
    close();
    await clock.advance(120_000);
    assert.equal(notified.length, 1);
    assert.equal(clock.timers, 0);
  });

  it('cause a notification in another window if the first window closes before its notification', async () => {
    const [one, other] = [window(), window()];
    one.ends.add(ended(1));
    await clock.advance(1_000);
    other.ends.add(ended(1));
    one.ends.dispose();
    await clock.advance(2_000);
    assert.deepEqual(one.notified, []);
    assert.deepEqual(other.notified, [[id(1)]]);
  });

  for (const [title, isClosed] of [
    ['cause a notification only in the polling window', false],
    ['cause a notification in a standby window if the polling window closed', true],
  ] as const)
    it(title, async () => {
      const [leader, other] = [window(), window(standByDelayMs)];
      leader.ends.add(ended(1));
      for (const _ of ['once', 'again']) other.ends.add(ended(1));
      await clock.advance(1_000);
      if (isClosed) leader.ends.dispose();
      await clock.advance(standByDelayMs);
      assert.deepEqual([leader.notified.length, other.notified.length], isClosed ? [0, 1] : [1, 0]);
    });

  it('cause a notification even if the store fails for another run', async () => {
    const one = window();
    const claim = store.claimNotice.bind(store);
    store.claimNotice = (ref) => (ref.id === id(2) ? Promise.reject(new Error('locked')) : claim(ref));
    for (const number of [1, 2, 3]) one.ends.add(ended(number));
    await clock.advance(2_000);
    assert.deepEqual(one.notified, [[id(1), id(3)]]);
    assert.equal(failures.length, 1);
  });

  for (const [lockedUntil, expected, shown] of [
    [30_000, [[id(1)]], 'a notification once the store works again'],
    [Infinity, [], 'no notification if the store fails permanently'],
  ] as const)
    it(`cause only one error report, and ${shown}`, async () => {
      const one = window();
      const claim = store.claimNotice.bind(store);
      store.claimNotice = (ref) => (clock.elapsed < lockedUntil ? Promise.reject(new Error('locked')) : claim(ref));
      one.ends.add(ended(1));
      await clock.advance(600_000);
      assert.deepEqual([one.notified, failures.length, clock.timers], [expected, 1, 0]);
    });
});
