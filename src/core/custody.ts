import type { Board } from './board';
import { HistoryFailure } from './errors';
import { backOff } from './health';
import type { Clock, Disposable, History, Mended, Random } from './ports';
import { asideIn, copyOf, fromStored, lostOf, toStored, union, type LostRuns } from './secondCopy';
import type { ListChange, Tracking } from './tracking';

const longestWaitMs = 60_000;
/** Two windows may write the copy at the same time, and one overwrites the other: each checks again. */
const lookAgainMs = 1_000;
/** The store makes one backup a day. The first check waits until VS Code has started. */
const firstBackupCheckMs = 60_000;
const backupCheckMs = 3_600_000;

/** Dependencies of `Custody`. */
export interface CustodyParts {
  readonly store: Pick<History, 'isReadOnly' | 'onDidMend' | 'knownIds' | 'bringBack' | 'salvage' | 'backUp'>;
  readonly tracking: Pick<Tracking, 'load' | 'onDidChangeList'>;
  readonly board: Pick<Board, 'kickoffs'>;
  /** Storage of the copy of the IDs. */
  readonly copy: { read(): unknown; write(value: object): void };
  readonly clock: Clock;
  readonly random: Random;
  /** Notifies the user of a lost history, with the number of runs in the new one. */
  readonly tell: (mended: Mended, count: number) => void;
  /** Notifies the user that the history can't be read or written; once until it can be read again. */
  readonly failed: (error: unknown) => void;
  readonly log: { warn(message: string): void };
}

/** Loads the history, retrying until it can be read, and keeps the copy of the IDs in step with it. */
export class Custody implements Disposable {
  readonly #listening: readonly Disposable[];
  #retry: Disposable | undefined;
  #backupCheck: Disposable | undefined;
  #again: Disposable | undefined;
  #failures = 0;
  #mended: Mended | undefined;
  #isFirst = true;
  #isNewerTold = false;
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly parts: CustodyParts) {
    this.#listening = [
      parts.tracking.onDidChangeList((change) => this.#listed(change)),
      parts.store.onDidMend((mended) => {
        this.#mended = { ...this.#mended, ...mended };
        void this.catchUp();
      }),
    ];
    this.#backUpIn(firstBackupCheckMs);
  }

  /** Loads the history. Retries until it can be read. */
  catchUp(): Promise<void> {
    this.#last = this.#last.then(() => this.#catchUp());
    return this.#last;
  }

  /** Puts IDs that can't be stored yet into the copy, and retries. */
  keep(run: LostRuns): void {
    this.parts.copy.write(toStored(union(fromStored(this.parts.copy.read()), [{ ...run, ids: [], aside: run.ids }])));
    this.#later();
  }

  dispose(): void {
    for (const one of [...this.#listening, this.#retry, this.#again, this.#backupCheck]) one?.dispose();
  }

  async #catchUp(): Promise<void> {
    const { store, tracking, board, tell, failed } = this.parts;
    try {
      await tracking.load();
      await this.#look();
      this.#failures = 0;
      if (store.isReadOnly && !this.#isNewerTold) failed(new HistoryFailure('newer'));
      this.#isNewerTold = store.isReadOnly;
      const mended = this.#mended;
      this.#mended = undefined;
      if (mended) tell(mended, board.kickoffs.length);
      if (mended || this.#isFirst) void this.#try(() => this.#salvage());
      this.#isFirst = false;
    } catch (error) {
      if (error instanceof HistoryFailure && error.kind === 'closed') return;
      if (this.#failures === 0) failed(error);
      this.#later();
    }
  }

  /** Recovers the answers in damaged files. Continues what an earlier window didn't finish. */
  async #salvage(): Promise<void> {
    if (!this.parts.store.isReadOnly && (await this.parts.store.salvage())) await this.parts.tracking.load();
  }

  #later(): void {
    this.#failures += 1;
    this.#retry?.dispose();
    const wait = Math.min(longestWaitMs, backOff(this.#failures, this.parts.random));
    this.#retry = this.parts.clock.after(wait, () => void this.catchUp());
  }

  /** Adds the runs that only the copy of the IDs has, then updates the copy. */
  async #look(): Promise<void> {
    const { store, tracking, copy, clock } = this.parts;
    if (store.isReadOnly) return;
    const known = await store.knownIds();
    const copied = fromStored(copy.read());
    const lost = lostOf(copied, known);
    if (lost.length > 0) {
      await store.bringBack(lost, clock.now());
      await tracking.load();
    }
    if (known.length === 0 && copied.some(({ ids }) => ids.length > 0)) this.#mended ??= { isNew: true };
    const shown = copyOf(lost.length > 0 ? await store.knownIds() : known);
    // Another ID may have been put aside meanwhile.
    copy.write(toStored(union(shown, asideIn(fromStored(copy.read()), lost))));
  }

  #listed(change: ListChange): void {
    const { store, copy, clock } = this.parts;
    if (store.isReadOnly) return;
    if (change.kind === 'forgetting') {
      const all = change.url === undefined ? [] : fromStored(copy.read());
      const others = all.filter(({ url }) => url !== change.url);
      copy.write(toStored(union(others, asideIn(all))));
      return;
    }
    void this.#try(() => this.#look());
    this.#again?.dispose();
    this.#again = clock.after(lookAgainMs, () => void this.#try(() => this.#look()));
  }

  #backUpIn(milliseconds: number): void {
    this.#backupCheck = this.parts.clock.after(milliseconds, () => {
      void this.#try(async () => {
        await this.#salvage();
        await this.parts.store.backUp();
      });
      this.#backUpIn(backupCheckMs);
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.parts.log.warn(`no copy of the history: ${String(error)}`));
  }
}
