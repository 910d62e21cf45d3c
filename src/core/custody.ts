import type { Board } from './board';
import { HistoryFailure } from './errors';
import { backOff } from './health';
import type { Clock, Disposable, History, Mended, Random } from './ports';
import { asideIn, copyOf, fromStored, lostOf, toStored, union, type LostRuns } from './secondCopy';
import type { ListChange, Tracking } from './tracking';

const longestWaitMs = 60_000;
/** Two windows may write the second copy at once, and one of them is overwritten: each looks again. */
const lookAgainMs = 1_000;
/** Not while the editor is starting; then so often that a window that is open for weeks does it each day. */
const firstCheckUpMs = 60_000;
const checkUpMs = 3_600_000;

/** What custody is built from. */
export interface CustodyParts {
  readonly store: Pick<History, 'isReadOnly' | 'onDidMend' | 'knownIds' | 'bringBack' | 'salvage' | 'backUp' | 'checkUp'>;
  readonly tracking: Pick<Tracking, 'load' | 'onDidChangeList'>;
  readonly board: Pick<Board, 'kickoffs'>;
  /** Where the second copy is, as it is stored. */
  readonly copy: { read(): unknown; write(value: object): void };
  readonly clock: Clock;
  readonly random: Random;
  /** Says what was lost, and that so many runs are there. */
  readonly tell: (mended: Mended, count: number) => void;
  /** Says why there is no history, or none that can be written; once, until it was read again. */
  readonly failed: (error: unknown) => void;
  readonly log: { warn(message: string): void };
}

/** Sees to it that no tracked id is lost, whatever becomes of the file, and that a file that cannot be had is had as soon as it can. */
export class Custody implements Disposable {
  readonly #listening: readonly Disposable[];
  #retry: Disposable | undefined;
  #checkUp: Disposable | undefined;
  #again: Disposable | undefined;
  #failures = 0;
  #mended: Mended | undefined;
  #isFirst = true;
  #hasFewer = false;
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
    this.#checkUpIn(firstCheckUpMs);
  }

  /** Shows what is stored; where it cannot be read, that is tried again until it can. */
  catchUp(): Promise<void> {
    this.#last = this.#last.then(() => this.#catchUp());
    return this.#last;
  }

  /** Keeps an id that cannot be stored yet. */
  keep(run: LostRuns): void {
    this.parts.copy.write(toStored(union(fromStored(this.parts.copy.read()), [{ ...run, ids: [], aside: run.ids }])));
    this.#later();
  }

  /** The window goes: what a removal still owes to the backup is done before it does. */
  async flush(): Promise<void> {
    if (this.#hasFewer) await this.#try(() => this.#lookAgain());
  }

  dispose(): void {
    for (const one of [...this.#listening, this.#retry, this.#again, this.#checkUp]) one?.dispose();
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

  /** At the start too: a window that is closed in the middle of it leaves the rest to the next. */
  async #salvage(): Promise<void> {
    if (!this.parts.store.isReadOnly && (await this.parts.store.salvage())) await this.parts.tracking.load();
  }

  #later(): void {
    this.#failures += 1;
    this.#retry?.dispose();
    const wait = Math.min(longestWaitMs, backOff(this.#failures, this.parts.random));
    this.#retry = this.parts.clock.after(wait, () => void this.catchUp());
  }

  /** Brings the history and the second copy together: what only the copy names comes back, and then it says what the history says. */
  async #look(): Promise<void> {
    const { store, tracking, copy, clock } = this.parts;
    if (store.isReadOnly) return;
    const known = await store.knownIds();
    const lost = lostOf(fromStored(copy.read()), known);
    if (lost.length > 0) {
      await store.bringBack(lost, clock.now());
      await tracking.load();
    }
    const shown = copyOf(lost.length > 0 ? await store.knownIds() : known);
    // Something more may have been put aside meanwhile.
    copy.write(toStored(union(shown, asideIn(fromStored(copy.read()), lost))));
  }

  #listed(change: ListChange): void {
    const { store, copy, clock } = this.parts;
    if (store.isReadOnly) return;
    if (change.kind === 'forgetting') {
      this.#hasFewer = true;
      const all = change.url === undefined ? [] : fromStored(copy.read());
      copy.write(
        toStored(
          union(
            all.filter(({ url }) => url !== change.url),
            asideIn(all),
          ),
        ),
      );
      return;
    }
    this.#hasFewer ||= change.kind === 'fewer';
    void this.#try(() => this.#look());
    this.#again?.dispose();
    this.#again = clock.after(lookAgainMs, () => void this.#try(() => this.#lookAgain()));
  }

  /** What was removed must not come back from the backup. */
  async #lookAgain(): Promise<void> {
    await this.#look();
    if (this.#hasFewer) await this.parts.store.backUp();
    this.#hasFewer = false;
  }

  #checkUpIn(milliseconds: number): void {
    this.#checkUp = this.parts.clock.after(milliseconds, () => {
      void this.#try(() => this.parts.store.checkUp());
      this.#checkUpIn(checkUpMs);
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.parts.log.warn(`no copy of the history: ${String(error)}`));
  }
}
