import assert from 'node:assert/strict';
import { HistoryLoader } from '#core/history/historyLoader';
import type { HistoryVersion, BackupRow, IdSnapshot } from '#core/history/idBackup';
import type { HistoryRecovery } from '#core/history/store';
import { newKickoff, type KickoffRef } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import { HistoryFailure } from '#core/lib/errors';
import { Emitter } from '#core/lib/event';
import { addKickoff, answered, deletesTokens, id, key, kickoff, MemoryStore, url } from '#test/support/builders';
import { settled } from '#test/support/manualClock';
import { shared, Window } from '#test/support/polling';

const crew = url('https://crew.example.com');
const other = url('https://other.example.com');

/** A store with everything that `HistoryLoader` uses. */
class WholeStore extends MemoryStore {
  readonly #recovered = new Emitter<HistoryRecovery>();
  readonly onDidRecover = this.#recovered.event;
  isReadOnly = false;
  /** The error of each attempt to load the history; undefined for none. */
  fails: Error | undefined;
  backups = 0;
  /** The number of calls of `trackedIds()`. */
  reads = 0;
  recoveries = 0;
  hasDamagedFile = false;
  restores = 0;
  readonly versions: HistoryVersion[] = [];
  readonly #removed: KickoffId[] = [];

  recover(recovered: HistoryRecovery): void {
    this.hasDamagedFile = recovered.damagedPath !== undefined;
    this.#recovered.fire(recovered);
  }

  override load(since?: number) {
    return this.fails && since === undefined ? Promise.reject(this.fails) : super.load(since);
  }

  override remove(what: readonly KickoffRef[], now: number): Promise<number> {
    this.#removed.push(...what.map((ref) => ref.id));
    return super.remove(what, now);
  }

  historyVersions(): Promise<readonly HistoryVersion[]> {
    return Promise.resolve(this.versions);
  }

  async trackedIds(): Promise<IdSnapshot> {
    this.reads += 1;
    const { deployments, kickoffs } = await this.load();
    const shown = new Set(kickoffs.map((one) => one.id));
    const removed = this.#removed.filter((one) => !shown.has(one)).map((one) => ({ url: crew, label: '', id: one, isRemoved: true }));
    const live = deployments.flatMap(({ key: of, url: at, label }) => {
      const runs = kickoffs.filter(({ deployment }) => deployment === of);
      const row = { url: at, label, isRemoved: false };
      return runs.length === 0 ? [row] : runs.map((one) => ({ ...row, id: one.id }));
    });
    return { rows: [...live, ...removed], versions: this.versions };
  }

  async trackIds(lost: readonly BackupRow[], now: number, merged: HistoryVersion | undefined): Promise<void> {
    if (merged) this.versions.push(merged);
    this.restores += 1;
    for (const { url: at, label, id: one } of lost) {
      const { key: deployment } = await this.addDeployment(at, label);
      if (one !== undefined) await addKickoff(this, newKickoff({ deployment, id: one }, now));
    }
  }

  async recoverResponses(): Promise<boolean> {
    await Promise.resolve();
    const hadDamagedFile = this.hasDamagedFile;
    this.hasDamagedFile = false;
    if (hadDamagedFile) this.recoveries += 1;
    return hadDamagedFile;
  }

  async backUp(): Promise<void> {
    await Promise.resolve();
    this.backups += 1;
  }
}

/** Returns a store that contains a run with this number. */
async function storeWith(number: number): Promise<WholeStore> {
  const store = new WholeStore();
  await addKickoff(store, kickoff({ deployment: (await store.addDeployment(crew, 'crew')).key, id: id(number) }));
  return store;
}

/** Opens a window with a history loader. Windows with the same `memento` share the ID backup. */
function openWindow(memento: { value?: unknown } = {}, store = new WholeStore()) {
  const parts = { ...shared({ script: answered('running') }), store };
  const window = new Window(parts);
  const notified: (HistoryRecovery & { count: number })[] = [];
  const failures: unknown[] = [];
  const historyLoader = new HistoryLoader({
    store,
    tracker: window.tracker,
    board: window.board,
    idBackup: { read: () => memento.value, write: (value) => (memento.value = value), deleteAll: () => delete memento.value },
    clock: parts.clock,
    random: () => 1,
    notifyRecovered: (recovered, count) => notified.push({ ...recovered, count }),
    onError: (error) => failures.push(error),
    log: { warn: (message) => failures.push(message) },
  });
  const { board, tracker } = window;
  const idsShown = () => board.kickoffs.map((kickoff) => kickoff.id).sort();
  /** Tracks runs of the first deployment. */
  const track = async (...numbers: readonly number[]) => {
    const deployment = await tracker.addDeployment(crew, 'crew');
    for (const number of numbers) await tracker.trackAll([{ deployment: deployment.key, id: id(number) }]);
  };
  /** Records the time of each attempt to load the history, in seconds. */
  const attempts: number[] = [];
  const load = store.load.bind(store);
  store.load = (since) => {
    if (since === undefined) attempts.push(parts.clock.elapsed / 1_000);
    return load(since);
  };
  return { ...parts, board, tracker, historyLoader, memento, notified, failures, idsShown, track, attempts };
}

/** Opens a window and loads the history. */
async function loaded(...setting: Parameters<typeof openWindow>) {
  const window = openWindow(...setting);
  await window.historyLoader.load();
  return window;
}

describe('The history loader', () => {
  const copied = (...ids: number[]) => ({ [crew]: { label: 'crew', ids: ids.map((one) => id(one)) } });

  it('updates the ID backup twice after a run is tracked, because another window may overwrite the first update', async () => {
    const { memento, clock, track } = await loaded();
    await track(1);
    await clock.advance(250);
    assert.deepEqual(memento.value, copied(1));
    memento.value = {};
    await clock.advance(1_000);
    assert.deepEqual(memento.value, copied(1));
  });

  it('updates the ID backup a second later if the first update after a removal fails', async () => {
    const { tracker, store, memento, clock, failures, track } = await loaded();
    await track(1, 2);
    await clock.advance(2_000);
    const trackedIds = store.trackedIds.bind(store);
    store.trackedIds = () => Promise.reject(new Error('locked'));
    await tracker.remove([{ deployment: key(), id: id(1) }]);
    await clock.advance(250);
    assert.deepEqual([memento.value, failures.length], [copied(1, 2), 1]);
    store.trackedIds = trackedIds;
    await clock.advance(1_000);
    assert.deepEqual(memento.value, copied(2));
  });

  it('reads the history only twice for the ID backup when five runs are tracked in quick succession', async () => {
    const { store, memento, clock, track } = await loaded();
    const { reads } = store;
    await track(1, 2, 3, 4, 5);
    await clock.advance(10_000);
    assert.deepEqual([store.reads - reads, memento.value], [2, copied(1, 2, 3, 4, 5)]);
  });

  it('keeps no ID backup while all data is being deleted, even just after a run was tracked', async () => {
    const { store, memento, clock, tracker, track } = await loaded({ value: copied(1) });
    await track(2);
    let copyMeanwhile: unknown;
    const deleteAll = store.deleteAll.bind(store);
    store.deleteAll = async (kept) => {
      await clock.advance(5_000);
      copyMeanwhile = memento.value;
      return deleteAll(kept);
    };
    await tracker.deleteAll(deletesTokens);
    assert.equal(copyMeanwhile, undefined);
  });

  it('restores runs and deployments that only the ID backup contains, without changing the backup', async () => {
    const value = { ...copied(1, 2), [other]: { label: 'mine', ids: [] } };
    const { idsShown, board, memento } = await loaded({ value });
    assert.deepEqual(idsShown(), [id(1), id(2)]);
    const labels = board.deployments.map(({ label }) => label);
    assert.deepEqual(labels, ['crew', 'mine']);
    assert.deepEqual(memento.value, value);
  });

  it('polls restored runs immediately', async () => {
    const { clock, source } = await loaded({ value: copied(1, 2) });
    await clock.advance(10);
    assert.equal(source.requests.length, 2);
  });

  it('restores runs to an empty history only once, with one notification', async () => {
    const { historyLoader, idsShown, clock, store, notified } = await loaded({ value: copied(1, 2) });
    await clock.advance(10);
    await historyLoader.load();
    assert.deepEqual([store.restores, idsShown()], [1, [id(1), id(2)]]);
    assert.deepEqual(notified, [{ isNew: true, count: 2 }]);
  });

  it('restores runs without a notification if the history lost only some runs', async () => {
    const { idsShown, notified } = await loaded({ value: copied(1, 2) }, await storeWith(1));
    assert.deepEqual([idsShown(), notified], [[id(1), id(2)], []]);
  });

  it("adds runs for the ID backup's pending IDs without a notification", async () => {
    const { idsShown, notified } = await loaded({ value: { [crew]: { label: 'crew', ids: [], pending: [id(1)] } } });
    assert.deepEqual([idsShown(), notified], [[id(1)], []]);
  });

  it('notifies the user only once of a damaged history file, with the number of restored runs', async () => {
    const { historyLoader, store, notified } = openWindow({ value: copied(1, 2) });
    store.recover({ isNew: true, damagedPath: 'aside.db' });
    await historyLoader.load();
    await historyLoader.load();
    assert.deepEqual(notified, [{ isNew: true, damagedPath: 'aside.db', count: 2 }]);
  });

  it('loads the history again after responses were recovered from a damaged file', async () => {
    const { historyLoader, store, tracker } = openWindow();
    let loads = 0;
    tracker.onDidLoad(() => (loads += 1));
    store.hasDamagedFile = true;
    await historyLoader.load();
    await settled();
    assert.equal(loads, 2);
  });

  it('recovers responses from damaged files only once until a new history file is created', async () => {
    const { historyLoader, store } = openWindow();
    store.hasDamagedFile = true;
    await historyLoader.load();
    await settled();
    await historyLoader.load();
    assert.equal(store.recoveries, 1);
    store.recover({ isNew: true, damagedPath: 'aside.db' });
    await historyLoader.load();
    assert.equal(store.recoveries, 2);
  });

  it('leaves no run in the view or the ID backup after all data was deleted', async () => {
    const { tracker, memento, clock, idsShown } = await loaded({ value: copied(1) });
    await tracker.deleteAll(deletesTokens);
    await tracker.vacuum();
    await clock.advance(5_000);
    assert.deepEqual(idsShown(), []);
    assert.equal(JSON.stringify(memento.value).includes(id(1)), false);
  });

  it('stores pending IDs even if the URL of another deployment changes meanwhile', async () => {
    const { historyLoader, tracker, store, clock, idsShown } = await loaded({ value: copied(1) });
    historyLoader.addPending({ url: other, label: 'other', ids: [id(3)] });
    const [deployment] = (await store.load()).deployments;
    assert.ok(deployment);
    await tracker.changeDeployment(deployment, { url: url('https://third.example.com') });
    await clock.advance(10_000);
    assert.deepEqual(idsShown(), [id(1), id(3)]);
  });

  it('always restores pending IDs, but other IDs only if the ID backup is newer or from another history', async () => {
    const history = { id: 'a', revision: 3 };
    const old = { history, ...copied(1), [other]: { label: 'other', ids: [], pending: [id(2)] } };
    for (const [versions, shown] of [
      [[{ id: 'a', revision: 3 }], [id(2)]],
      [[{ id: 'a', revision: 2 }], [id(1), id(2)]],
      [[{ id: 'b', revision: 9 }], [id(1), id(2)]],
      [
        [
          { id: 'b', revision: 1 },
          { id: 'a', revision: 4 },
        ],
        [id(2)],
      ],
      [[], [id(1), id(2)]],
    ] as const) {
      const store = new WholeStore();
      store.versions.push(...versions);
      const { idsShown } = await loaded({ value: old }, store);
      assert.deepEqual(idsShown(), shown, JSON.stringify(versions));
    }
  });

  it('compares the history with an ID backup of the same version only if the backup has pending IDs', async () => {
    const history = { id: 'a', revision: 3 };
    for (const [pending, shown, reads] of [
      [undefined, [], 0],
      [[id(2)], [id(2)], 2],
    ] as const) {
      const store = new WholeStore();
      store.versions.push(history);
      const { idsShown } = await loaded({ value: { history, ...copied(1), [other]: { label: 'other', ids: [], pending } } }, store);
      assert.deepEqual([idsShown(), store.reads], [shown, reads]);
    }
  });

  it('writes a missing ID backup only a minute after the start, because VS Code is busy before then', async () => {
    const { memento, clock } = await loaded({}, await storeWith(1));
    await clock.advance(59_000);
    assert.equal(memento.value, undefined);
    await clock.advance(1_000);
    assert.deepEqual(memento.value, copied(1));
  });

  it("stores the version of a merged ID backup, and updates the backup to the history's version", async () => {
    const [own, merged] = [
      { id: 'b', revision: 7 },
      { id: 'a', revision: 3 },
    ];
    const store = new WholeStore();
    store.versions.push(own);
    const { memento } = await loaded({ value: { history: merged, ...copied(1) } }, store);
    assert.deepEqual(store.versions, [own, merged]);
    assert.deepEqual(memento.value, { history: own, ...copied(1) });
  });

  it('logs a failed backup of the history, and retries an hour later', async () => {
    const { store, clock, failures } = await loaded({ value: copied(1) });
    const backUp = store.backUp.bind(store);
    store.backUp = () => Promise.reject(new Error('full'));
    await clock.advance(61_000);
    store.backUp = backUp;
    assert.deepEqual(failures, ['Failed to recover or back up the history: Error: full']);
    await clock.advance(3_600_000);
    assert.equal(store.backups, 1);
  });

  it('reports and retries a failed load unless the history was closed', async () => {
    const { historyLoader, store, clock, failures } = openWindow();
    const { timers } = clock;
    store.fails = new HistoryFailure('closed');
    await historyLoader.load();
    assert.deepEqual([failures, clock.timers], [[], timers]);
    store.fails = new HistoryFailure('locked');
    await historyLoader.load();
    assert.deepEqual([failures, clock.timers], [[store.fails], timers + 1]);
  });

  it('tries to recover responses again a minute after the start', async () => {
    const { store, clock } = await loaded();
    store.hasDamagedFile = true;
    await clock.advance(59_000);
    assert.equal(store.recoveries, 0);
    await clock.advance(2_000);
    assert.equal(store.recoveries, 1);
  });

  it('makes hourly backups of the history, the first one a minute after the start', async () => {
    const { store, clock } = await loaded();
    await clock.advance(59_000);
    assert.equal(store.backups, 0);
    await clock.advance(2_000);
    assert.equal(store.backups, 1);
    await clock.advance(24 * 3_600_000);
    assert.equal(store.backups, 25);
  });

  it('has no timer after it was disposed', async () => {
    const { historyLoader, clock } = await loaded();
    await clock.advance(61_000);
    historyLoader.dispose();
    assert.equal(clock.timers, 0);
  });

  /** Opens a window whose attempts to load the history fail for 200 s. */
  async function failingToLoad() {
    const window = openWindow({ value: copied(1) });
    window.store.fails = new Error('locked');
    await window.historyLoader.load();
    await window.clock.advance(200_000);
    return window;
  }

  it('retries loading the history at growing intervals up to a minute, and reports only one error', async () => {
    const { attempts, failures, store } = await failingToLoad();
    assert.deepEqual(attempts, [0, 5, 15, 35, 75, 135, 195]);
    assert.deepEqual(failures, [store.fails]);
  });

  it('stops its retries once the history is loaded', async () => {
    const { store, clock, idsShown, attempts } = await failingToLoad();
    store.fails = undefined;
    await clock.advance(60_000);
    assert.deepEqual(idsShown(), [id(1)]);
    const { length } = attempts;
    await clock.advance(600_000);
    assert.equal(attempts.length, length);
  });

  it('retries loading a locked history at least every 5 s for as long as it is locked', async () => {
    const { historyLoader, store, clock, attempts } = openWindow();
    store.fails = new HistoryFailure('locked');
    await historyLoader.load();
    await clock.advance(600_000);
    const waits = attempts.slice(1).map((at, index) => at - attempts[index]!);
    assert.ok(attempts.length > 100 && Math.max(...waits) <= 5, `${Math.max(...waits)} s`);
  });

  it('stores a pending ID even if its run was removed or another deployment has the same ID', async () => {
    const { historyLoader, store, tracker, board, clock, memento } = await loaded({ value: copied(1, 2) });
    await tracker.remove([{ deployment: key(), id: id(1) }]);
    await settled();
    historyLoader.addPending({ url: crew, label: 'crew', ids: [id(1)] });
    historyLoader.addPending({ url: other, label: 'other', ids: [id(2)] });
    await clock.advance(60_000);
    const places = board.kickoffs.map((one) => `${board.deployment(one.deployment)?.url ?? ''} ${one.id}`).sort();
    assert.deepEqual(places, [`${crew} ${id(1)}`, `${crew} ${id(2)}`, `${other} ${id(2)}`]);
    assert.deepEqual(memento.value, { ...copied(1, 2), [other]: { label: 'other', ids: [id(2)] } });
    assert.equal(store.stored({ deployment: key(), id: id(1) }).removedAt, undefined);
  });

  it('stores several pending IDs within five seconds after the first ID is added', async () => {
    const { historyLoader, clock, idsShown } = await loaded({ value: copied(1) });
    for (const number of [2, 3, 4, 5, 6]) {
      historyLoader.addPending({ url: crew, label: 'crew', ids: [id(number)] });
      await clock.advance(900);
    }
    await clock.advance(500);
    assert.deepEqual(idsShown(), [1, 2, 3, 4, 5, 6].map(id));
  });

  it('stores pending IDs that are added during a write, even if a change of a deployment fails', async () => {
    const { historyLoader, store, tracker, clock, idsShown } = await loaded({ value: copied(1) });
    const trackIds = store.trackIds.bind(store);
    store.trackIds = async (...lost) => {
      await trackIds(...lost);
      store.trackIds = trackIds;
      historyLoader.addPending({ url: crew, label: 'crew', ids: [id(3)] });
    };
    historyLoader.addPending({ url: crew, label: 'crew', ids: [id(2)] });
    store.isFull = true;
    const deployment = (await store.load()).deployments[0]!;
    await assert.rejects(tracker.changeDeployment(deployment, { url: other }), HistoryFailure);
    store.isFull = false;
    await clock.advance(180_000);
    assert.deepEqual(idsShown(), [id(1), id(2), id(3)]);
  });

  it('shows the stored runs of a history from a newer extension version, but restores none from the ID backup', async () => {
    const store = await storeWith(2);
    store.isReadOnly = true;
    const { idsShown } = await loaded({ value: copied(1) }, store);
    assert.deepEqual(idsShown(), [id(2)]);
  });

  it('polls no runs and writes no ID backup for a history from a newer extension version, and reports only one error', async () => {
    const { historyLoader, tracker, store, memento, source, clock, failures } = openWindow({ value: copied(1) });
    await tracker.trackAll([{ deployment: (await store.addDeployment(crew, 'crew')).key, id: id(2) }]);
    await clock.advance(2_000);
    memento.value = copied(1);
    const { length } = source.requests;
    store.isReadOnly = true;
    for (const _ of ['once', 'twice', 'again']) await historyLoader.load();
    await tracker.deleteAll(deletesTokens);
    await tracker.vacuum();
    await clock.advance(600_000);
    assert.deepEqual([source.requests.length, memento.value], [length, copied(1)]);
    assert.deepEqual(failures, [new HistoryFailure('newer')]);
  });
});
