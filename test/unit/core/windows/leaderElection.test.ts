import assert from 'node:assert/strict';
import { LeaderElection } from '#core/windows/leaderElection';
import { MemoryStore } from '#test/support/builders';
import { ManualClock, settled } from '#test/support/manualClock';

/** Creates a window with its own clock. A test kills the window by not advancing its clock anymore. */
function openWindow({ store = new MemoryStore(), holder = 'one', dueInMs = 3_000 } = {}) {
  const clock = new ManualClock();
  const state = { mayHaveActiveRuns: true, dueInMs: dueInMs as number | undefined, failures: 0, changes: [] as boolean[] };
  const leader = new LeaderElection({
    clock,
    leases: store,
    windowId: holder,
    mayHaveActiveRuns: () => state.mayHaveActiveRuns,
    dueInMs: () => state.dueInMs,
    onError: () => (state.failures += 1),
  });
  leader.onDidChange(() => state.changes.push(leader.term !== undefined));
  return { store, leader, clock, state, read: () => leader.onLeaseRead(store.lease) };
}

/** Opens two windows with the same store. */
function openTwo() {
  const store = new MemoryStore();
  return { store, one: openWindow({ store }), other: openWindow({ store, holder: 'other' }) };
}

/** Opens two windows that have read the lease, so that the first window polls. */
async function two() {
  const windows = openTwo();
  for (const window of [windows.one, windows.other]) await window.read();
  return windows;
}

describe('The polling window', () => {
  it('is the window that has had the focus for a whole second', async () => {
    const { one, other } = await two();
    other.leader.onFocusChange(true);
    await other.clock.advance(500);
    other.leader.onFocusChange(false);
    await other.clock.advance(5_000);
    other.leader.onFocusChange(true);
    await other.clock.advance(999);
    assert.equal(other.leader.term?.epoch, undefined);
    await other.clock.advance(1);
    assert.equal(other.leader.term?.epoch, 2);
    await one.read();
    assert.deepEqual([one.leader.term?.epoch, one.state.changes], [undefined, [true, false]]);
  });

  it('stops polling when its next heartbeat finds that another window took over', async () => {
    const { store, one } = await two();
    await store.takeLease('other', 4_000);
    await one.clock.advance(4_000);
    assert.equal(one.leader.term?.epoch, undefined);
  });

  it('is replaced only 15 s after its last heartbeat', async () => {
    const { one, other } = await two();
    for (let second = 0; second < 60; second += 4) {
      await one.clock.advance(4_000);
      await other.read();
      await other.clock.advance(4_000);
    }
    assert.equal(other.leader.term?.epoch, undefined);

    await other.clock.advance(10_000);
    assert.equal(other.leader.term?.epoch, undefined);
    await other.clock.advance(1_000);
    assert.equal(other.leader.term?.epoch, 2);
  });

  it('keeps the lease if another window misses a heartbeat and tries to take the lease', async () => {
    const { one, other } = await two();
    await one.clock.advance(4_000);
    await other.clock.advance(15_000);
    assert.deepEqual([one.leader.term?.epoch, other.leader.term], [1, undefined]);
    assert.deepEqual([other.state.changes, other.clock.timers], [[false], 1]);
  });

  it('needs no heartbeat while no run is active, until another window takes the lease for a new run', async () => {
    const { store, one, other } = openTwo();
    for (const { state } of [one, other]) state.dueInMs = undefined;
    await one.read();
    await other.read();
    assert.equal(store.lease.beat, 1);
    await one.clock.advance(4_000);
    await other.clock.advance(15_000);
    assert.deepEqual([one.leader.term?.epoch, other.leader.term], [1, undefined]);
    assert.deepEqual([one.clock.timers, other.clock.timers], [0, 0]);
    other.state.dueInMs = 0;
    await other.leader.take();
    assert.deepEqual([other.leader.term?.epoch, store.lease.nextBeatMs], [2, 4_000]);
  });

  it('takes a free lease only after a minute while no run is active, but immediately once a run is active', async () => {
    for (const becomesActive of [false, true]) {
      const { store, leader, clock, state, read } = openWindow();
      store.lease = { epoch: 0, beat: 1, beatAt: 0, nextBeatMs: 4_000 };
      state.mayHaveActiveRuns = false;
      await read();
      await clock.advance(59_999);
      state.mayHaveActiveRuns = becomesActive;
      await read();
      assert.equal(leader.term?.epoch, becomesActive ? 1 : undefined);
      await clock.advance(1);
      assert.equal(leader.term?.epoch, 1);
    }
  });

  it('takes the lease of another window only after 61 s of focus while no run is active', async () => {
    const { one, other } = openTwo();
    for (const { state } of [one, other]) Object.assign(state, { mayHaveActiveRuns: false, dueInMs: undefined });
    await one.leader.take();
    await one.clock.advance(4_000);
    await other.read();
    other.leader.onFocusChange(true);
    await other.clock.advance(60_999);
    assert.equal(other.leader.term?.epoch, undefined);
    await other.clock.advance(1);
    assert.equal(other.leader.term?.epoch, 2);
  });

  it("isn't the leader anymore after another window took and released the lease, even if no run is active", async () => {
    const { store, one, other } = await two();
    one.state.mayHaveActiveRuns = false;
    await other.leader.take();
    await other.leader.close();
    await one.read();
    assert.deepEqual([one.leader.term, one.state.changes, store.lease.epoch], [undefined, [true, false], 2]);
  });

  it('takes the lease immediately for a request of the user, even if no run is active', async () => {
    const { leader, state } = openWindow();
    state.mayHaveActiveRuns = false;
    await leader.take();
    assert.equal(leader.term?.epoch, 1);
  });

  it('takes the lease only once for two calls at the same time', async () => {
    const { store, leader, clock } = openWindow();
    await Promise.all([leader.take(), leader.take()]);
    await clock.advance(60_000);
    assert.deepEqual([leader.term?.epoch, store.lease.epoch], [1, 1]);
  });

  it('takes the lease only once even if a second call comes when the store has just written the lease', async () => {
    for (let delay = 0; delay < 8; delay++) {
      const { store, leader } = openWindow();
      const takeLease = store.takeLease.bind(store);
      store.takeLease = async (...args) => {
        const taken = await takeLease(...args);
        const takeAgain = async (): Promise<void> => {
          for (let turn = 0; turn < delay; turn++) await Promise.resolve();
          await leader.take();
        };
        void takeAgain();
        return taken;
      };
      await leader.take();
      await settled();
      assert.deepEqual([leader.term?.epoch, store.lease.epoch], [1, 1], `after ${delay} turns`);
    }
  });

  it('is the window in which the user requests a poll, even if another window has just taken the lease', async () => {
    const { store, leader } = openWindow();
    const seen = store.lease;
    await store.takeLease('other', 4_000);
    await Promise.all([leader.onLeaseRead(seen), leader.take()]);
    assert.deepEqual([leader.term?.epoch, store.lease.holder], [2, 'one']);
  });

  it('is replaced even if it was killed before it announced the time of its first request', async () => {
    const { store, one, other } = openTwo();
    one.state.dueInMs = undefined;
    store.renewLease = () => new Promise(() => undefined);
    for (const window of [one, other]) await window.read();
    await other.clock.advance(15_000);
    assert.equal(other.leader.term?.epoch, 2);
  });

  it('stops polling if the history file was replaced and another window took the new lease', async () => {
    const { store, one } = await two();
    store.lease = { epoch: 0, beat: 0, beatAt: 0 };
    const takeLease = store.takeLease.bind(store);
    store.takeLease = (...claim) => {
      store.lease = { holder: 'other', epoch: 1, beat: 1, beatAt: 0, nextBeatMs: 4_000 };
      return takeLease(...claim);
    };
    await one.clock.advance(4_000);
    assert.deepEqual([one.leader.term, one.state.changes], [undefined, [true, false]]);
  });

  it('takes the lease again without a break if the history file was replaced', async () => {
    const { store, one } = await two();
    store.lease = { epoch: 0, beat: 0, beatAt: 0 };
    await one.clock.advance(4_000);
    assert.deepEqual([store.lease.holder, one.leader.term?.epoch, one.state.changes], ['one', 1, [true, true]]);
  });

  it("releases the lease if it closes while taking the lease, and doesn't take the lease again", async () => {
    const { store, leader, read } = openWindow();
    await Promise.all([read(), leader.close()]);
    assert.deepEqual([leader.term, store.lease.holder, store.lease.epoch], [undefined, undefined, 1]);
    await read();
    assert.deepEqual([leader.term, store.lease.epoch], [undefined, 1]);
  });

  it("reports that the lease can't be written, but polls anyway", async () => {
    const { store, leader, state, read } = openWindow();
    store.isFull = true;
    await read();
    assert.deepEqual([leader.term?.epoch, state.failures], [0, 1]);
  });

  it('starts a term with the next epoch, the time of the previous heartbeat, and a flag for a takeover', async () => {
    const { store, one, other } = openTwo();
    store.lease = { epoch: 3, beat: 7, beatAt: 5 };
    store.now = () => 9;
    await one.read();
    const fields = ({ leader: { term } }: typeof one) => [term?.epoch, term?.previousBeatAt, term?.isTakeover];
    assert.deepEqual(fields(one), [4, 5, false]);
    await other.leader.take();
    assert.deepEqual(fields(other), [5, 9, true]);
  });

  it('counts its term as a takeover even if it took the lease only a minute after the other window closed', async () => {
    const { one, other } = await two();
    other.state.mayHaveActiveRuns = false;
    await one.leader.close();
    await other.read();
    await other.clock.advance(60_000);
    assert.equal(other.leader.term?.isTakeover, true);
  });

  it("polls with the epoch of the lease that it read last if it can't write the lease", async () => {
    const { store, leader, state } = openWindow();
    await leader.onLeaseRead({ holder: 'other', epoch: 6, beat: 1, beatAt: 77, nextBeatMs: 4_000 });
    store.isFull = true;
    await leader.take();
    const { epoch, previousBeatAt, isTakeover } = leader.term!;
    assert.deepEqual([epoch, previousBeatAt, isTakeover, state.changes, state.failures], [6, 77, true, [true], 1]);
  });

  it("reports each heartbeat that can't be written, but keeps polling and tries again", async () => {
    const { store, one } = await two();
    store.isFull = true;
    await one.clock.advance(8_000);
    assert.deepEqual([one.leader.term?.epoch, one.state.failures], [1, 2]);
    store.isFull = false;
    await one.clock.advance(4_000);
    assert.equal(store.lease.beat, 2);
  });

  it('sends a heartbeat before the announced time only if a request is due earlier', async () => {
    const { store, leader, clock, state, read } = openWindow({ dueInMs: 600_000 });
    await read();
    /** Returns the number of heartbeats and the time of the next heartbeat, after a request got another time. */
    const after = async (dueInMs: number | undefined) => {
      state.dueInMs = dueInMs;
      leader.renewSooner();
      await clock.advance(0);
      return [store.lease.beat, store.lease.nextBeatMs];
    };
    await clock.advance(500_000);
    assert.deepEqual(await after(600_000), [1, 600_000]);
    assert.deepEqual(await after(undefined), [1, 600_000]);
    assert.deepEqual(await after(60_001), [2, 60_001]);
    assert.deepEqual(await after(60_000), [3, 4_000]);
    await clock.advance(4_000);
    assert.equal(store.lease.beat, 4);
  });

  it('is replaced on time even if another window reads the same lease twice', async () => {
    const { store, leader, clock, read } = openWindow();
    store.lease = { holder: 'other', epoch: 6, beat: 1, beatAt: 0, nextBeatMs: 4_000 };
    await read();
    await clock.advance(14_000);
    await leader.onLeaseRead({ ...store.lease });
    await clock.advance(1_000);
    assert.equal(leader.term?.epoch, 7);
  });

  it('releases the lease and leaves no timer when it closes', async () => {
    const { store, one, other } = openTwo();
    await one.read();
    one.leader.onFocusChange(true);
    assert.equal(one.clock.timers, 1, 'a window that polls needs no timer for its focus');
    await other.read();
    other.leader.onFocusChange(true);
    assert.equal(other.clock.timers, 2);
    for (const { leader } of [one, other]) await leader.close();
    assert.deepEqual([one.clock.timers, other.clock.timers, store.lease.holder], [0, 0, undefined]);
  });
});
