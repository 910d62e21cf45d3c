import type { Board } from '#core/history/board';
import type { SharedStore } from '#core/history/store';
import type { Tracker } from '#core/history/tracker';
import type { Clock, Disposable } from '#core/lib/types';
import type { HostHealth } from '#core/polling/hostHealth';
import type { Poller } from '#core/polling/poller';
import type { LeaderElection } from './leaderElection';

/** The delay of a read after a change. A commit causes several change events, and one read covers them. */
const readDelayMs = 50;
/** The delay of a second read. On a slow disk, a commit may become readable only after its last event. */
const lateReadDelayMs = 900;

export interface WindowSyncParts {
  readonly store: Pick<SharedStore, 'saveHealthRecords' | 'watch'>;
  readonly board: Pick<Board, 'deployments'>;
  readonly health: HostHealth;
  readonly leader: LeaderElection;
  readonly poller: Pick<Poller, 'sync'>;
  readonly tracker: Pick<Tracker, 'isLoaded' | 'loadChanges' | 'onDidLoad'>;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Shows the changes of other windows. As the leader, stores the problems of hosts and deployments for the other windows. */
export class WindowSync implements Disposable {
  readonly #listeners: readonly Disposable[];
  #readTimer: Disposable | undefined;
  #lateReadTimer: Disposable | undefined;
  #isSavePlanned = false;

  constructor(private readonly parts: WindowSyncParts) {
    const { store, tracker, leader, health, poller } = parts;
    const watcher = store.watch(() => this.#onWrite());
    this.#listeners = [
      watcher,
      tracker.onDidLoad((snapshot) => {
        watcher.ensureWatching();
        if (!leader.term) health.replaceWith(snapshot.healthRecords, snapshot.deployments);
        void leader.onLeaseRead(snapshot.lease);
      }),
      leader.onDidChange(() => {
        poller.sync();
        // If the store's folder can't be watched, this window hasn't read the changes of other windows yet.
        void this.#readChanges();
      }),
      health.onDidChange(() => this.#saveHealthRecords()),
    ];
  }

  dispose(): void {
    for (const one of [...this.#listeners, this.#readTimer, this.#lateReadTimer]) one?.dispose();
  }

  async #readChanges(): Promise<void> {
    const { tracker, onError } = this.parts;
    if (tracker.isLoaded) await tracker.loadChanges().catch(onError);
  }

  #onWrite(): void {
    this.#readTimer ??= this.parts.clock.after(readDelayMs, () => {
      this.#readTimer = undefined;
      void this.#readChanges();
    });
    this.#lateReadTimer?.dispose();
    this.#lateReadTimer = this.parts.clock.after(lateReadDelayMs, () => void this.#readChanges());
  }

  #saveHealthRecords(): void {
    const { store, health, board, leader, onError } = this.parts;
    if (this.#isSavePlanned || !leader.term) return;
    this.#isSavePlanned = true;
    queueMicrotask(() => {
      this.#isSavePlanned = false;
      const epoch = leader.term?.epoch;
      if (epoch !== undefined) store.saveHealthRecords(health.healthRecords(board.deployments), epoch).catch(onError);
    });
  }
}
