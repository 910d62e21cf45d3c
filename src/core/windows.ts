import type { Board } from './board';
import type { Health } from './health';
import type { Leader } from './leader';
import type { Poller } from './poller';
import type { Clock, Disposable, SharedStore, Stored, Watch } from './ports';
import type { Tracking } from './tracking';

/** A commit is several writes to the folder ... */
const settleMs = 50;
/** ... and can be read only when the disk has it, which no event tells: a busy one takes its time. */
const lateMs = 900;

/** Who is wired to the other windows. */
export interface WindowsParts {
  readonly store: Pick<SharedStore, 'changesSince' | 'saveVerdicts' | 'watch'>;
  readonly board: Board;
  readonly health: Health;
  readonly leader: Leader;
  readonly poller: Pick<Poller, 'sync'>;
  readonly tracking: Pick<Tracking, 'onDidLoad'>;
  readonly clock: Clock;
  /** What the others wrote cannot be read, or nothing can be told to them: known from elsewhere, and tried again with the next change. */
  readonly failed: (error: unknown) => void;
}

/** Shows what other windows write, and tells them which hosts can be heard. */
export class Windows implements Disposable {
  readonly #listening: readonly Disposable[];
  readonly #watch: Watch;
  #revision: number | undefined;
  #settling: Disposable | undefined;
  #late: Disposable | undefined;
  #isToSave = false;

  constructor(private readonly parts: WindowsParts) {
    const { store, tracking, leader, health, poller } = parts;
    this.#watch = store.watch(() => this.#written());
    this.#listening = [
      tracking.onDidLoad((stored) => {
        this.#watch.ensure();
        this.#heard(stored);
      }),
      leader.onDidChange(() => {
        poller.sync();
        // A disk that tells nothing of changes has told nothing of what was heard until now.
        void this.look();
      }),
      health.onDidChange(() => this.#save()),
    ];
  }

  /** Whether anything could be read of what is stored. */
  get isLoaded(): boolean {
    return this.#revision !== undefined;
  }

  /** Shows what was written since it last looked. */
  async look(): Promise<void> {
    const { store, board, poller, failed } = this.parts;
    if (this.#revision === undefined) return;
    try {
      const stored = await store.changesSince(this.#revision);
      const isOther = stored.isWhole || board.merge(stored.deployments, stored.kickoffs);
      if (stored.isWhole) board.show(stored.deployments, stored.kickoffs);
      this.#heard(stored);
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

  #heard({ revision, verdicts, deployments, lease }: Stored): void {
    const { health, leader } = this.parts;
    this.#revision = revision;
    if (!leader.tenure) health.adopt(verdicts, deployments);
    void leader.observe(lease);
  }

  /** Once for all that changes at one moment. */
  #save(): void {
    const { store, health, board, leader, failed } = this.parts;
    if (this.#isToSave || !leader.tenure) return;
    this.#isToSave = true;
    queueMicrotask(() => {
      this.#isToSave = false;
      const epoch = leader.tenure?.epoch;
      if (epoch !== undefined) store.saveVerdicts(health.verdicts(board.deployments), epoch).catch(failed);
    });
  }
}
