import { HistoryFailure } from '#core/lib/errors';
import type { Clock, Disposable, Random } from '#core/lib/types';
import { backOff } from '#core/polling/hostHealth';
import type { KickoffList } from './kickoffList';
import {
  fromStored,
  isOutdated,
  missingFrom,
  pendingIn,
  toIdBackup,
  toStored,
  union,
  versionIn,
  type BackedUpDeployment,
} from './idBackup';
import type { History, HistoryRecovered } from './store';
import type { ListChange, Tracker } from './tracker';

const maxRetryMs = 60_000;
/** The maximum interval of retries while the file is locked. A lock can end at any time, and the user waits for the history. */
const maxLockedRetryMs = 5_000;
/** The delay of a second write of the ID backup. Two windows may write the backup at the same time, so that one overwrites the other. */
const syncAgainMs = 1_000;
/** The delay of the first check whether a backup of the history is due. Until then, VS Code is busy with its own start. */
const firstBackupCheckMs = 60_000;
const backupCheckMs = 3_600_000;

export interface IdBackupStorage {
  read(): unknown;
  /** Replaces the backup, or deletes it if there is no value. */
  write(value: object | undefined): void;
  /** Deletes all backups, including backups under an earlier name of this machine. */
  deleteAll(): void;
}

export interface HistoryLoaderParts {
  readonly store: Pick<History, 'isReadOnly' | 'onDidRecover' | 'trackedIds' | 'trackIds' | 'recoverAnswers' | 'backUp'>;
  readonly tracker: Pick<Tracker, 'load' | 'onDidChangeList'>;
  readonly board: Pick<KickoffList, 'kickoffs'>;
  readonly idBackup: IdBackupStorage;
  readonly clock: Clock;
  readonly random: Random;
  /** Reports that the history file was lost, damaged, or replaced. `count` is the number of runs in the history now. */
  readonly notifyRecovered: (recovered: HistoryRecovered, count: number) => void;
  /** Notifies the user that the history can't be read or written. Called only for the first of several failures in a row. */
  readonly failed: (error: unknown) => void;
  readonly log: { warn(message: string): void };
}

/** Loads the history, with retries until it can be read, and updates the ID backup. */
export class HistoryLoader implements Disposable {
  readonly #listening: readonly Disposable[];
  #retry: Disposable | undefined;
  #backupCheck: Disposable | undefined;
  #again: Disposable | undefined;
  #failures = 0;
  #recovered: HistoryRecovered | undefined;
  #isFirst = true;
  #isNewerReported = false;
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly parts: HistoryLoaderParts) {
    this.#listening = [
      parts.tracker.onDidChangeList((change) => this.#listChanged(change)),
      parts.store.onDidRecover((recovered) => {
        this.#recovered = { ...this.#recovered, ...recovered };
        void this.load();
      }),
    ];
    this.#backUpIn(firstBackupCheckMs);
  }

  /** Loads the history. Resolves after one attempt. Schedules a retry if the attempt fails, unless this window is closing. */
  load(): Promise<void> {
    this.#last = this.#last.then(() => this.#load());
    return this.#last;
  }

  /** Adds IDs that can't be stored yet to the ID backup. Schedules the next attempt to load the history, which stores these IDs. */
  addPending(run: BackedUpDeployment): void {
    const stored = this.parts.idBackup.read();
    this.parts.idBackup.write(toStored(union(fromStored(stored), [{ ...run, ids: [], pending: run.ids }]), versionIn(stored)));
    this.#scheduleRetry();
  }

  dispose(): void {
    for (const one of [...this.#listening, this.#retry, this.#again, this.#backupCheck]) one?.dispose();
  }

  async #load(): Promise<void> {
    const { store, tracker, board, notifyRecovered, failed } = this.parts;
    try {
      await tracker.load();
      await this.#syncIdBackup();
      this.#failures = 0;
      if (store.isReadOnly && !this.#isNewerReported) failed(new HistoryFailure('newer'));
      this.#isNewerReported = store.isReadOnly;
      const recovered = this.#recovered;
      this.#recovered = undefined;
      if (recovered) notifyRecovered(recovered, board.kickoffs.length);
      if (recovered || this.#isFirst) void this.#try(() => this.#recoverAnswers());
      this.#isFirst = false;
    } catch (error) {
      if (error instanceof HistoryFailure && error.kind === 'closed') return;
      if (this.#failures === 0) failed(error);
      this.#scheduleRetry(error);
    }
  }

  /** Recovers the responses in damaged files, including files that another window began to recover. */
  async #recoverAnswers(): Promise<void> {
    if (!this.parts.store.isReadOnly && (await this.parts.store.recoverAnswers())) await this.parts.tracker.load();
  }

  #scheduleRetry(error?: unknown): void {
    this.#failures += 1;
    this.#retry?.dispose();
    const isLocked = error instanceof HistoryFailure && error.kind === 'locked';
    const wait = Math.min(isLocked ? maxLockedRetryMs : maxRetryMs, backOff(this.#failures, this.parts.random));
    this.#retry = this.parts.clock.after(wait, () => void this.load());
  }

  /** Adds the runs that only the ID backup contains, but of an outdated backup only its pending IDs. Then updates the backup. */
  async #syncIdBackup(): Promise<void> {
    const { store, tracker, idBackup, clock } = this.parts;
    if (store.isReadOnly) return;
    const known = await store.trackedIds();
    const stored = idBackup.read();
    const [copied, version] = [fromStored(stored), versionIn(stored)];
    const isOld = isOutdated(version, known.versions);
    const lost = missingFrom(isOld ? pendingIn(copied) : copied, known.rows);
    const isMerged = lost.length > 0 || (!isOld && version !== undefined && known.versions.length > 0);
    if (isMerged) await store.trackIds(lost, clock.now(), version);
    if (lost.length > 0) await tracker.load();
    if (!isOld && known.rows.length === 0 && copied.some(({ ids }) => ids.length > 0)) this.#recovered ??= { isNew: true };
    const { rows, versions } = isMerged ? await store.trackedIds() : known;
    // `addPending` may have added an ID while this method waited for the store.
    idBackup.write(toStored(union(toIdBackup(rows), pendingIn(fromStored(idBackup.read()), lost)), versions[0]));
  }

  #listChanged(change: ListChange): void {
    const { store, idBackup, clock } = this.parts;
    if (store.isReadOnly) return;
    if (change.kind === 'forgetting') {
      idBackup.deleteAll();
      return;
    }
    void this.#try(() => this.#syncIdBackup());
    this.#again?.dispose();
    this.#again = clock.after(syncAgainMs, () => void this.#try(() => this.#syncIdBackup()));
  }

  #backUpIn(milliseconds: number): void {
    this.#backupCheck = this.parts.clock.after(milliseconds, () => {
      void this.#try(async () => {
        await this.#recoverAnswers();
        await this.parts.store.backUp();
      });
      this.#backUpIn(backupCheckMs);
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.parts.log.warn(`Failed to back up the history: ${String(error)}`));
  }
}
