import type { Board } from '#core/history/board';
import type { SharedStore, StoreSnapshot, Watcher } from '#core/history/store';
import type { Tracker } from '#core/history/tracker';
import type { Clock, Disposable } from '#core/lib/types';
import type { HostHealth } from '#core/polling/hostHealth';
import type { Poller } from '#core/polling/poller';
import type { LeaderElection } from './leaderElection';

/** A commit causes several events: one read after this time covers them. */
const settleMs = 50;
/** ... and can be read only when the disk has it, which no event tells: a busy one takes its time. */
const lateMs = 900;

/** Dependencies of `WindowSync`. */
export interface WindowSyncParts {
  readonly store: Pick<SharedStore, 'changesSince' | 'saveHealthRecords' | 'watch'>;
  readonly board: Board;
  readonly health: HostHealth;
  readonly leader: LeaderElection;
  readonly poller: Pick<Poller, 'sync'>;
  readonly tracker: Pick<Tracker, 'onDidLoad'>;
  readonly clock: Clock;
  /** Receives errors of reads and writes. The next change retries them. */
  readonly failed: (error: unknown) => void;
}

/** Shows the changes of other windows, and shares the leader's problems with them. */
export class WindowSync implements Disposable {
  readonly #listening: readonly Disposable[];
  readonly #watch: Watcher;
  #revision: number | undefined;
  #settling: Disposable | undefined;
  #late: Disposable | undefined;
  #isToSave = false;

  constructor(private readonly parts: WindowSyncParts) {
    const { store, tracker, leader, health, poller } = parts;
    this.#watch = store.watch(() => this.#written());
    this.#listening = [
      tracker.onDidLoad((stored) => {
        this.#watch.ensure();
        this.#take(stored);
      }),
      leader.onDidChange(() => {
        poller.sync();
        // A disk that tells nothing of changes has told nothing of what was heard until now.
        void this.look();
      }),
      health.onDidChange(() => this.#save()),
    ];
  }

  /** Whether the history was loaded. */
  get isLoaded(): boolean {
    return this.#revision !== undefined;
  }

  /** Shows what was written since it last looked. */
  async look(): Promise<void> {
    const { store, board, poller, failed } = this.parts;
    if (this.#revision === undefined) return;
    try {
      const stored = await store.changesSince(this.#revision);
      const isOther = stored.isFullReload || board.merge(stored.deployments, stored.kickoffs);
      if (stored.isFullReload) board.show(stored.deployments, stored.kickoffs);
      this.#take(stored);
      // What this window wrote itself comes by here too, with each answer: it is planned already.
      if (isOther) poller.sync();
    } catch (error) {
      failed(error);
    }
  }

  dispose(): void {
    for (const one of [...this.#listening, this.#watch, this.#settling, this.#late]) one?.dispose();
  }

  /** Somebody, perhaps this window itself, wrote to the store's folder. */
  #written(): void {
    this.#settling ??= this.parts.clock.after(settleMs, () => {
      this.#settling = undefined;
      void this.look();
    });
    this.#late?.dispose();
    this.#late = this.parts.clock.after(lateMs, () => void this.look());
  }

  #take({ revision, healthRecords, deployments, lease }: StoreSnapshot): void {
    const { health, leader } = this.parts;
    this.#revision = revision;
    if (!leader.term) health.replaceWith(healthRecords, deployments);
    void leader.observe(lease);
  }

  /** Once for all that changes at one moment. */
  #save(): void {
    const { store, health, board, leader, failed } = this.parts;
    if (this.#isToSave || !leader.term) return;
    this.#isToSave = true;
    queueMicrotask(() => {
      this.#isToSave = false;
      const epoch = leader.term?.epoch;
      if (epoch !== undefined) store.saveHealthRecords(health.records(board.deployments), epoch).catch(failed);
    });
  }
}
