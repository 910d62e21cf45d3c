import assert from 'node:assert/strict';
import { Board } from '#core/history/board';
import { Tracker } from '#core/history/tracker';
import type { Phase } from '#core/kickoff/kickoff';
import { HostHealth } from '#core/polling/hostHealth';
import { LeaderElection } from '#core/windows/leaderElection';
import { WindowSync } from '#core/windows/windowSync';
import { addKickoff, answered, deployment, id, key, kickoff, MemoryStore, type Script, unanswered } from '#test/support/builders';
import { aHost, excess } from '#test/support/ceiling';
import { ManualClock, minute, second, settled, start } from '#test/support/manualClock';
import { neighborhood, type Neighbor } from '#test/support/neighbors';
import { polling, runs } from '#test/support/polling';

const running = answered('running');
/** The responses for a run that succeeds after a minute. */
const script = ({ at }: { readonly at: number }) => (at < minute ? running : answered('succeeded'));

/** The fields of a run that is so old that it is rarely polled. */
const old = { trackedAt: start - 10 * minute, checkedAt: start, startedAt: start - 10 * minute };

async function two(script: Script, setting: Omit<Parameters<typeof neighborhood>[0], 'script'> = {}) {
  const world = neighborhood({ script, ...setting });
  const [one, other] = [await world.open('one'), await world.open('other')];
  await settled();
  return { ...world, one, other };
}

/** Advances the clock in small steps until a window shows the phase, for at most three minutes. */
async function shows({ board }: Neighbor, phase: Phase['kind'], clock: ManualClock): Promise<void> {
  const end = clock.elapsed + 3 * minute;
  while (board.kickoff(kickoff())?.phase.kind !== phase) {
    assert.ok(clock.elapsed < end, `no window shows ${phase}`);
    await clock.advance(second / 20);
  }
}

function arePolling(windows: readonly Neighbor[]): readonly boolean[] {
  return windows.map(({ isPolling }) => isPolling);
}

describe('Several windows', () => {
  /** Opens three windows, and waits until the focused window shows that the run succeeded. */
  async function threeAtTheEnd() {
    const { clock, source, one, other, open } = await two(script);
    one.focus(true);
    const third = await open('third');
    await shows(one, 'succeeded', clock);
    return { clock, source, one, other, third };
  }

  it('all show a new status within a second', async () => {
    const { clock, other, third } = await threeAtTheEnd();
    await clock.advance(second);
    for (const { board } of [other, third]) assert.equal(board.kickoff(kickoff())?.phase.kind, 'succeeded');
  });

  it('notify the user of a finished run in only one window', async () => {
    const { clock, one, other, third } = await threeAtTheEnd();
    await clock.advance(minute);
    assert.deepEqual([one.notified.length, other.notified.length, third.notified.length], [1, 0, 0]);
  });

  it('send the same requests as one window after the first 15 s', async () => {
    const alone = await polling({ script });
    await alone.clock.advance(2 * minute);
    const { clock, source } = await threeAtTheEnd();
    await clock.advance(2 * minute - clock.elapsed);
    const sinceFocus = (times: readonly number[]): readonly number[] => times.filter((at) => at >= 15 * second);
    assert.deepEqual(sinceFocus(source.times()), sinceFocus(alone.source.times()));
  });

  it("show a new status within 15 s if the store folder can't be watched, even in an unfocused window", async () => {
    const world = neighborhood({ script });
    world.store.watch = () => ({ ensureWatching: () => undefined, dispose: () => undefined });
    const [one, other] = [await world.open('one'), await world.open('other')];
    one.focus(true);
    await world.clock.advance(minute);
    await shows(one, 'succeeded', world.clock);
    await world.clock.advance(15 * second);
    assert.deepEqual([other.board.kickoff(kickoff())?.phase.kind, other.isPolling, one.isPolling], ['succeeded', false, true]);
  });

  it('show a new status within a second even if a slow disk makes it readable only after the change event', async () => {
    const { clock, store, one, other } = await two(script);
    const load = store.load.bind(store);
    let [firedAt, readable] = [-Infinity, await load(0)];
    store.watch(() => (firedAt = clock.elapsed));
    store.load = async (since = 0) => {
      if (clock.elapsed < firedAt + 500) return { ...readable, revision: since, kickoffs: [], isFullReload: false };
      return (readable = await load(since));
    };
    one.focus(true);
    await shows(one, 'succeeded', clock);
    await clock.advance(second);
    assert.deepEqual([one.ended.length, other.board.kickoff(kickoff())?.phase.kind], [1, 'succeeded']);
  });

  /** Kills the polling window five seconds before the run fails, and waits for 22 s. */
  async function killPollingWindow() {
    const { clock, source, one, other } = await two(({ at }) => (at < minute ? running : answered('failed')));
    await clock.advance(55 * second);
    const requestsBefore = source.requests.length;
    one.kill();
    await clock.advance(22 * second);
    return { clock, source, other, requestsBefore };
  }

  it('poll again within 22 s after the polling window is killed', async () => {
    const { source, other, requestsBefore } = await killPollingWindow();
    assert.ok(other.isPolling && source.requests.length > requestsBefore);
  });

  it('notify the user of a run that finishes after the polling window is killed', async () => {
    const { clock, other } = await killPollingWindow();
    await clock.advance(minute);
    assert.deepEqual([other.board.kickoff(kickoff())?.phase.kind, other.notified.length], ['failed', 1]);
  });

  it('have another polling window within 10 s after the polling window closes, without extra requests', async () => {
    const { clock, source, one, other } = await two(running, { kickoffs: runs(5, old) });
    await clock.advance(5 * minute);
    const requestsBefore = source.requests.length;
    await one.close();
    await clock.advance(10 * second);
    assert.deepEqual([other.isPolling, source.requests.length], [true, requestsBefore]);
  });

  it('write nothing in the first minute while no run is active, and later have one polling window without timers', async () => {
    const { clock, source, store, one, other } = await two(running, { kickoffs: [kickoff({ phase: { kind: 'succeeded' } })] });
    let writes = 0;
    store.watch(() => writes++);
    other.focus(true);
    await clock.advance(minute - 1);
    assert.deepEqual([store.lease.epoch, writes, source.requests.length], [0, 0, 0]);
    await clock.advance(2 * minute);
    assert.deepEqual([arePolling([one, other]), clock.timers, source.requests.length], [[false, true], 0, 0]);
  });

  it('poll in the window where the user adds a deployment, so that its token is checked immediately', async () => {
    const { clock, one, other } = await two(running, { kickoffs: [] });
    await other.tracker.addDeployment(deployment().url, 'crew');
    await clock.advance(second);
    assert.deepEqual(arePolling([one, other]), [false, true]);
  });

  it("poll a run that another window stored but didn't poll, even if a killed window has the lease", async () => {
    for (const holder of [undefined, 'killed']) {
      const world = neighborhood({ script: running, kickoffs: [] });
      world.store.lease = { ...(holder !== undefined && { holder }), epoch: 3, beat: 5, beatAt: start - minute };
      const one = await world.open('one');
      one.focus(true);
      await world.clock.advance(10 * second);
      await addKickoff(world.store, kickoff());
      await world.clock.advance(holder === undefined ? 10 * second : minute);
      assert.deepEqual([one.isPolling, world.source.requests.length > 0], [true, true]);
    }
  });

  it('poll active runs of a history that loads late, even if a killed window announced a late heartbeat', async () => {
    const world = neighborhood({ script: running, kickoffs: runs(1, old) });
    world.store.lease = { holder: 'killed', epoch: 3, beat: 5, beatAt: start - minute, nextBeatMs: 10 * minute };
    const load = world.store.load.bind(world.store);
    world.store.load = (since) => new Promise((resolve) => void world.clock.after(2 * second, () => resolve(load(since))));
    const opening = world.open('one', { isFocused: true });
    await world.clock.advance(20 * second);
    assert.deepEqual([(await opening).isPolling, world.source.requests.length > 0], [true, true]);
  });

  /** Tracks a run in the window that doesn't poll, and waits for a second. */
  async function trackInOther() {
    const windows = await two(running, { kickoffs: runs(1, old) });
    const { clock, one, other } = windows;
    await clock.advance(5 * minute);
    assert.deepEqual(arePolling([one, other]), [true, false]);
    await other.tracker.trackAll([{ deployment: key(), id: id(7) }]);
    await clock.advance(second);
    return windows;
  }

  it('all show the response for a run within a second after the user tracked the run in one window', async () => {
    const { one, other } = await trackInOther();
    for (const { board } of [one, other]) assert.ok(board.kickoff({ deployment: key(), id: id(7) })?.checkedAt !== undefined);
  });

  it('poll immediately in the window where the user tracks a run', async () => {
    const { source, one, other } = await trackInOther();
    assert.deepEqual(arePolling([one, other]), [false, true]);
    assert.equal(source.times(id(7)).length, 1);
  });

  it("poll a run only once when the user refreshes the run in a window that isn't polling", async () => {
    const { clock, source, one, other } = await trackInOther();
    assert.deepEqual(arePolling([one, other]), [false, true]);
    const before = source.times(id(1)).length;
    one.poller.pollNow([kickoff()]);
    await clock.advance(second);
    assert.equal(source.times(id(1)).length, before + 1);
  });

  it('poll a restored run even if the polling window was killed after it announced that no heartbeat follows', async () => {
    const { clock, source, one, other } = await two(running);
    await one.tracker.remove([kickoff()]);
    await clock.advance(10 * minute);
    assert.ok(one.isPolling);
    one.kill();
    const requestsBefore = source.requests.length;
    await other.tracker.undoRemove();
    await clock.advance(10 * second);
    assert.ok(source.requests.length > requestsBefore);
  });

  it('notify the user only once of a run that finished while its host failed, even if another window took over', async () => {
    for (const kind of ['unreachable', 'serverTrouble'] as const) {
      const { clock, source, one, other } = await two(unanswered(kind));
      await clock.advance(60 * minute);
      other.focus(true);
      await clock.advance(second);
      source.script = answered('succeeded', { startedAt: start, executionSeconds: 1_200 });
      await clock.advance(10 * minute);
      assert.deepEqual([one.notified.length + other.notified.length, other.board.kickoff(kickoff())?.isUnread], [1, true]);
    }
  });

  it('keep the newer status when a late response to the former polling window arrives', async () => {
    const progressed = (completed: number) => answered('running', { progress: { completed } });
    const { clock, source, other, store } = await two(({ before }) => progressed(before === 0 ? 1 : 2), { latency: 10 * second });
    await clock.advance(second);
    other.focus(true);
    source.latency = 0;
    await clock.advance(3 * second);
    assert.deepEqual([store.stored(kickoff()).progress.completed, store.stored(kickoff()).epoch], [2, 2]);
    const writes = store.written.length;
    source.latency = minute;
    await clock.advance(7 * second);
    assert.deepEqual([store.stored(kickoff()).progress.completed, store.written.length], [2, writes]);
  });

  it("all show that a deployment rejected a token, and don't poll the deployment again after a takeover", async () => {
    const { clock, source, one, other } = await two(unanswered('tokenRefused'));
    await clock.advance(second);
    for (const { board } of [one, other]) assert.equal(board.troubleOf(kickoff())?.kind, 'tokenRefused');
    other.focus(true);
    await clock.advance(minute);
    assert.deepEqual([other.isPolling, source.requests.length], [true, 1]);
  });

  it("don't poll a throttling host before its Retry-After time, even after a restart", async () => {
    const until = start + 10 * minute;
    const throttled = unanswered('throttled', { retryAt: until });
    const { clock, source, one, other, open } = await two([throttled, running]);
    await clock.advance(second);
    assert.equal(other.board.troubleOf(kickoff())?.retryAt, until);
    other.focus(true);
    await clock.advance(minute);
    await Promise.all([one.close(), other.close()]);
    await open('after a restart');
    await clock.advance(9 * minute - 2 * second);
    assert.equal(source.requests.length, 1);
    await clock.advance(2 * second);
    assert.equal(source.requests.length, 2);
  });

  it("don't poll a run before the Retry-After time of its status, in any window", async () => {
    const { clock, source, one, other } = await two(answered('running', { retryAfterSeconds: 600 }));
    for (let round = 0; round < 4; round++) {
      one.focus(round % 2 === 1);
      other.focus(round % 2 === 0);
      await clock.advance(2 * minute);
    }
    assert.deepEqual(source.times(), [0]);
    await clock.advance(2 * minute);
    assert.deepEqual(source.times(), [0, 10 * minute]);
  });

  it('all stay offline, even after the polling window is killed, until the network is back', async () => {
    const { clock, source, network, one, other } = await two(({ at }) => (at < minute ? running : unanswered('unreachable')));
    await clock.advance(50 * second);
    network.hasAddress = false;
    await clock.advance(2 * minute);
    for (const { health } of [one, other]) assert.ok(health.isOffline);
    const requestsBefore = source.requests.length;
    one.kill();
    await clock.advance(10 * minute);
    assert.deepEqual([other.isPolling, source.requests.length], [true, requestsBefore]);
    network.hasAddress = true;
    source.script = running;
    await clock.advance(65 * second);
    assert.ok(!other.health.isOffline && source.requests.length > requestsBefore);
  });

  it("poll while the store can't be written, and have one polling window again afterward", async () => {
    const { clock, source, store, one, other } = await two(running);
    await clock.advance(10 * second);
    store.isFull = true;
    await clock.advance(2 * minute);
    assert.ok(source.requests.length > 3);
    store.isFull = false;
    await clock.advance(minute);
    assert.equal(arePolling([one, other]).filter(Boolean).length, 1);
    assert.equal(one.board.kickoff(kickoff())?.checkedAt, other.board.kickoff(kickoff())?.checkedAt);
  });

  it('poll every run while the focus moves between windows', async () => {
    const young = runs(40, { checkedAt: start, startedAt: start });
    const rare = runs(80, old).slice(40);
    const { clock, source, store, one, other } = await two(running, { kickoffs: [...young, ...rare] });
    const turns = async (rounds: number, seconds: number): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        one.focus(round % 2 === 0);
        other.focus(round % 2 === 1);
        await clock.advance(seconds * second);
      }
    };
    await turns(12, 10);
    const added = kickoff({ id: id(999), trackedAt: clock.now() });
    await addKickoff(store, added);
    await turns(20, 3);
    assert.ok(source.times(added.id).length > 0, 'a run without a poll so far is polled too');
    const from = clock.elapsed;
    await turns(30, 10);
    const polled = new Set(source.requests.filter(({ at }) => at > from).map((request) => request.id));
    assert.equal(polled.size, 81);
  });

  it('stay within the request limit while the focus moves between ten windows', async () => {
    const world = neighborhood({ script: running, kickoffs: runs(300, { ...old, checkedAt: start - minute }) });
    const windows = await Promise.all(Array.from({ length: 10 }, (_, index) => world.open(`${index}`)));
    for (let round = 0; round < 150; round++) {
      windows.forEach((window, index) => window.focus(index === round % windows.length));
      await world.clock.advance(2 * second);
    }
    const times = world.source.times();
    assert.ok(excess(times, aHost) <= 0);
    assert.ok(times.length > 300);
  });

  it('stay within the request limit together with starts and stops in all windows', async () => {
    const world = neighborhood({ script: running, kickoffs: runs(300, { ...old, checkedAt: start - minute }) });
    const windows = await Promise.all(Array.from({ length: 4 }, (_, index) => world.open(`${index}`)));
    const others: number[] = [];
    for (let round = 0; round < 40; round++) {
      // The window may poll already because of its focus, or not yet.
      const window = windows[(round * 3) % 4]!;
      if (round % 3 > 0) windows.forEach((one) => one.focus(one === window));
      await world.clock.advance(round % 2 === 0 ? 0 : 3 * second);
      let sent = 0;
      void (async () => {
        while (sent < 8) {
          await window.poller.acquireRequestSlot(deployment());
          others.push(world.clock.elapsed);
          sent++;
        }
        window.poller.pollNow([{ deployment: key(), id: id(1 + round) }]);
      })();
      for (let turn = 0; turn < 100 && sent < 8; turn++) await world.clock.advance(100);
      assert.equal(sent, 8);
    }
    const together = [...world.source.times(), ...others].sort((one, other) => one - other);
    assert.ok(excess(together, aHost) <= 0);
  });
});

describe('WindowSync', () => {
  function openWindow() {
    const clock = new ManualClock();
    const store = new MemoryStore([deployment()], [kickoff()]);
    const health = new HostHealth(() => 1);
    const board = new Board(health);
    const failures: unknown[] = [];
    const calls = { syncs: 0, saves: 0, reads: 0 };
    const onError = (error: unknown) => failures.push(error);
    const mayHaveActiveRuns = () => board.hasActiveRuns;
    const leader = new LeaderElection({ clock, leases: store, windowId: 'one', mayHaveActiveRuns, dueInMs: () => undefined, onError });
    const load = store.load.bind(store);
    store.load = (since) => (calls.reads++, load(since));
    const saveHealthRecords = store.saveHealthRecords.bind(store);
    store.saveHealthRecords = (...saved) => (calls.saves++, saveHealthRecords(...saved));
    const poller = { sync: () => calls.syncs++, pollNow: () => undefined };
    const tracker = new Tracker({ store, board, poller, clock });
    const made = new WindowSync({ store, board, health, leader, clock, poller, tracker, onError });
    return { windowSync: made, tracker, clock, store, health, board, leader, failures, calls };
  }

  /** Opens a window that loaded the history a second ago. Returns the calls until then, too. */
  async function loaded() {
    const parts = openWindow();
    await parts.tracker.load();
    await parts.clock.advance(second);
    return { ...parts, before: { ...parts.calls } };
  }

  it('reads no changes before the history is loaded', async () => {
    const { tracker, store, clock, calls, board } = openWindow();
    await addKickoff(store, kickoff({ id: id(2) }));
    await clock.advance(second);
    assert.deepEqual([calls.reads, board.kickoffs, tracker.isLoaded], [0, [], false]);
    await tracker.load();
    assert.equal(tracker.isLoaded, true);
  });

  it('reads several writes together 50 ms after the first write', async () => {
    const { store, clock, calls, before, board } = await loaded();
    for (const number of [2, 3]) await addKickoff(store, kickoff({ id: id(number) }));
    await clock.advance(49);
    assert.equal(calls.reads, before.reads);
    await clock.advance(1);
    assert.equal(calls.reads, before.reads + 1);
    assert.equal(board.kickoffs.length, 3);
  });

  it('reschedules polls for a new run, but not for a changed run', async () => {
    const { store, clock, calls, before, board } = await loaded();
    await addKickoff(store, kickoff({ id: id(2) }));
    await clock.advance(50);
    assert.equal(calls.syncs, before.syncs + 1);
    await store.update(kickoff(), (stored) => ({ kickoff: { ...stored, label: 'renamed' } }));
    await clock.advance(second);
    assert.deepEqual([board.kickoff(kickoff())?.label, calls.syncs], ['renamed', before.syncs + 1]);
  });

  it('shows only the runs of a full reload, and reschedules polls after it', async () => {
    const { clock, store, board, calls, before } = await loaded();
    const load = store.load.bind(store);
    store.load = async () => ({ ...(await load()), kickoffs: [kickoff({ id: id(7) })], isFullReload: true });
    await addKickoff(store, kickoff({ id: id(2) }));
    await clock.advance(50);
    assert.deepEqual(board.kickoffs, [kickoff({ id: id(7) })]);
    assert.equal(calls.syncs, before.syncs + 1);
  });

  it("reports that the store can't be read, and keeps the shown runs", async () => {
    const { clock, store, failures, board } = await loaded();
    const error = new Error('locked');
    store.load = () => Promise.reject(error);
    await addKickoff(store, kickoff({ id: id(2) }));
    await clock.advance(50);
    assert.deepEqual([failures[0], board.kickoffs.length], [error, 1]);
  });

  it('saves the health of hosts once for several changes at the same moment', async () => {
    const { health, calls, before, leader, store } = await loaded();
    assert.notEqual(leader.term, undefined);
    health.record(deployment(), 'a', unanswered('unreachable'), start);
    health.record(deployment(), 'a', unanswered('wrongAddress'), start);
    await settled();
    assert.equal(calls.saves, before.saves + 1);
    assert.equal(store.records.map(({ subject }) => subject).join(), '1');
    health.record(deployment(), 'a', answered('running'), start + minute);
    await settled();
    assert.equal(calls.saves, before.saves + 2);
  });

  it('saves the health of hosts only while its window polls', async () => {
    const { health, calls, leader } = await loaded();
    await leader.close();
    const { saves } = calls;
    health.record(deployment(), 'a', unanswered('unreachable'), start + minute);
    await settled();
    assert.equal(calls.saves, saves);
  });

  it("doesn't use the store after dispose()", async () => {
    const { windowSync: one, store, clock, calls, before, health } = await loaded();
    await addKickoff(store, kickoff({ id: id(2) }));
    one.dispose();
    health.record(deployment(), 'a', unanswered('unreachable'), start);
    await clock.advance(second);
    assert.deepEqual(calls, before);
  });
});
