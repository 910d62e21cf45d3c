import assert from 'node:assert/strict';
import type { Kickoff } from '#core/kickoff/kickoff';
import { NoticeQueue, shareMs, standByMs } from '#core/notices/noticeQueue';
import { id, kickoff, MemoryStore } from '#test/support/builders';
import { ManualClock } from '#test/support/manualClock';

const ended = (number: number): Kickoff => kickoff({ id: id(number), phase: { kind: 'succeeded' } });

describe('Ends', () => {
  let clock: ManualClock;
  let store: MemoryStore;
  let failures: unknown[];

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryStore();
    failures = [];
  });

  /** What a window tells of, notice by notice. */
  function window(milliseconds = shareMs) {
    const told: (readonly string[])[] = [];
    const tell = (some: readonly Kickoff[]) => {
      if (some.length > 0) told.push(some.map((one) => one.id));
    };
    const ends = new NoticeQueue(
      milliseconds,
      clock,
      (ref) => store.claimNotice(ref),
      tell,
      (error) => failures.push(error),
    );
    return { ends, told };
  }

  it('of one moment share a notice, and each is told by one window', async () => {
    const [one, other] = [window(), window()];
    for (const { ends } of [one, other]) ends.add(ended(1));
    await clock.advance(1_500);
    for (const { ends } of [one, other]) ends.add(ended(2));
    await clock.advance(2_000);
    one.ends.add(ended(3));
    await clock.advance(2_000);
    assert.deepEqual([...one.told, ...other.told].flat().sort(), [id(1), id(2), id(3)]);
    assert.deepEqual(one.told.at(-1), [id(3)]);
    assert.equal(store.claims.length, 5, 'each is claimed once by each window that holds it');
    assert.equal(clock.timers, 0);
  });

  it('share a notice when there were eight in a minute, as when many runs ended while nobody looked', async () => {
    const { ends, told } = window();
    for (let number = 1; number <= 100; number++) {
      ends.add(ended(number));
      await clock.advance(1_000);
    }
    await clock.advance(60_000);
    assert.deepEqual(
      told.map(({ length }) => length),
      [2, 2, 2, 2, 2, 2, 2, 2, 44, 2, 2, 2, 2, 2, 2, 2, 26],
    );
    assert.deepEqual(
      told.flat(),
      Array.from({ length: 100 }, (_, index) => id(index + 1)),
    );
    assert.equal(clock.timers, 0);
  });

  it('reach the user within seconds after eight notifications, though the clock was set back an hour', async () => {
    const { ends, told } = window();
    for (let number = 1; number <= 8; number++) {
      ends.add(ended(number));
      await clock.advance(2_000);
    }
    assert.equal(told.length, 8);
    clock.setTimeOfDay(-3_600_000);
    ends.add(ended(9));
    await clock.advance(2_000);
    assert.deepEqual(told.slice(8), [[id(9)]]);
  });

  it('that wait for their minute are not told any more once the window is closed', async () => {
    const { ends, told } = window();
    for (let number = 1; number <= 10; number++) {
      ends.add(ended(number));
      await clock.advance(2_000);
    }
    ends.dispose();
    assert.equal(clock.timers, 0);
    await clock.advance(120_000);
    assert.equal(told.length, 8);
  });

  it('that a window holds while it is closed are left to another', async () => {
    const [one, other] = [window(), window()];
    one.ends.add(ended(1));
    await clock.advance(1_000);
    other.ends.add(ended(1));
    one.ends.dispose();
    await clock.advance(2_000);
    assert.deepEqual(one.told, []);
    assert.deepEqual(other.told, [[id(1)]]);
  });

  it('that one window heard are told by it, and by another that stands by when it was closed before', async () => {
    for (const isClosed of [false, true]) {
      store = new MemoryStore();
      const [heard, other] = [window(), window(standByMs)];
      heard.ends.add(ended(1));
      for (const _ of ['once', 'again']) other.ends.add(ended(1));
      await clock.advance(1_000);
      if (isClosed) heard.ends.dispose();
      await clock.advance(standByMs);
      assert.deepEqual([heard.told.length, other.told.length], isClosed ? [0, 1] : [1, 0]);
    }
  });

  it('that are claimed are told, also where another could not be', async () => {
    const one = window();
    const claim = store.claimNotice.bind(store);
    store.claimNotice = (ref) => (ref.id === id(2) ? Promise.reject(new Error('locked')) : claim(ref));
    for (const number of [1, 2, 3]) one.ends.add(ended(number));
    await clock.advance(2_000);
    assert.deepEqual(one.told, [[id(1), id(3)]]);
    assert.equal(failures.length, 1);
  });

  it('that could not be claimed are told as soon as they can, and the failure is told once', async () => {
    const one = window();
    const claim = store.claimNotice.bind(store);
    store.claimNotice = (ref) => (clock.elapsed < 30_000 ? Promise.reject(new Error('locked')) : claim(ref));
    one.ends.add(ended(1));
    await clock.advance(60_000);
    assert.deepEqual([one.told, failures.length, clock.timers], [[[id(1)]], 1, 0]);
  });

  it('that can never be claimed are left to their marks', async () => {
    const one = window();
    store.claimNotice = () => Promise.reject(new Error('locked'));
    one.ends.add(ended(1));
    await clock.advance(600_000);
    assert.deepEqual([one.told, failures.length, clock.timers], [[], 1, 0]);
  });
});
