import { backOffMs } from '#core/lib/backOff';
import { HistoryFailure } from '#core/lib/errors';
import type { Disposable, Random } from '#core/lib/types';
import type { KickoffList } from './kickoffList';
import { IdBackupSync, type IdBackupParts, type PendingIds } from './idBackupSync';
import type { HistoryRecovery } from './store';

const maxRetryDelayMs = 60_000;
/** The maximum interval of retries while the file is locked. A lock can end at any time, and the user waits for the history. */
const maxLockedRetryDelayMs = 5_000;
/** The delay of the first check whether a backup of the history is due. Until then, VS Code is busy with its own start. */
const firstBackupCheckDelayMs = 60_000;
const backupCheckIntervalMs = 3_600_000;

export interface HistoryLoaderParts extends IdBackupParts {
  readonly board: Pick<KickoffList, 'kickoffs'>;
  readonly random: Random;
  /** Reports that the history file was lost, damaged, or replaced. `runCount` is the number of runs in the history now. */
  readonly notifyRecovered: (recovery: HistoryRecovery, runCount: number) => void;
  /** Notifies the user of the first of several failures in a row, or of a history that is read-only because a newer version wrote it. */
  readonly onError: (error: unknown) => void;
}

/** Loads the history with retries, restores data from the ID backup and damaged files, and makes the daily backup. */
export class HistoryLoader implements Disposable {
  readonly #idBackupSync: IdBackupSync;
  readonly #recoveryListener: Disposable;
  /** The last load. The next load waits for it. */
  #lastLoad: Promise<void> = Promise.resolve();
  #retryTimer: Disposable | undefined;
  #failuresInARow = 0;
  /** A recovery to report after the next successful load. */
  #pendingRecovery: HistoryRecovery | undefined;
  #wasReadOnly = false;
  /** Whether a damaged file may contain responses that the history lacks. */
  #mayLackResponses = true;
  #backupTimer: Disposable | undefined;

  constructor(private readonly parts: HistoryLoaderParts) {
    this.#idBackupSync = new IdBackupSync(parts);
    this.#recoveryListener = parts.store.onDidRecover((recovery) => {
      this.#pendingRecovery = { ...this.#pendingRecovery, ...recovery };
      this.#mayLackResponses = true;
      void this.load();
    });
    this.#scheduleBackup(firstBackupCheckDelayMs);
  }

  /** Loads the history and merges the ID backup. Resolves after one attempt. After a failure, a retry follows unless the window closes. */
  load(): Promise<void> {
    this.#lastLoad = this.#lastLoad.then(() => this.#load());
    return this.#lastLoad;
  }

  /** Adds IDs that can't be stored yet to the ID backup. The next load stores them. Schedules a load unless a retry is scheduled. */
  addPending(ids: PendingIds): void {
    this.#idBackupSync.addPending(ids);
    if (this.#failuresInARow === 0) this.#scheduleRetry();
  }

  dispose(): void {
    for (const one of [this.#idBackupSync, this.#recoveryListener, this.#retryTimer, this.#backupTimer]) one?.dispose();
  }

  async #load(): Promise<void> {
    const { store, tracker, board, notifyRecovered, onError } = this.parts;
    try {
      await tracker.load();
      if (await this.#idBackupSync.restore()) this.#pendingRecovery ??= { isNew: true };
      this.#failuresInARow = 0;
      if (store.isReadOnly && !this.#wasReadOnly) onError(new HistoryFailure('newer'));
      this.#wasReadOnly = store.isReadOnly;
      if (this.#pendingRecovery) notifyRecovered(this.#pendingRecovery, board.kickoffs.length);
      this.#pendingRecovery = undefined;
      if (this.#mayLackResponses) void this.#logFailure(this.#recoverResponses());
      this.#mayLackResponses = false;
    } catch (error) {
      if (error instanceof HistoryFailure && error.kind === 'closed') return;
      if (this.#failuresInARow === 0) onError(error);
      this.#scheduleRetry(error);
    }
  }

  #scheduleRetry(error?: unknown): void {
    this.#failuresInARow += 1;
    this.#retryTimer?.dispose();
    const isLocked = error instanceof HistoryFailure && error.kind === 'locked';
    const waitMs = Math.min(isLocked ? maxLockedRetryDelayMs : maxRetryDelayMs, backOffMs(this.#failuresInARow, this.parts.random));
    this.#retryTimer = this.parts.clock.after(waitMs, () => void this.load());
  }

  /** Recovers the responses in damaged files, including files that another window began to recover. */
  async #recoverResponses(): Promise<void> {
    if (!this.parts.store.isReadOnly && (await this.parts.store.recoverResponses())) await this.parts.tracker.load();
  }

  #scheduleBackup(delayMs: number): void {
    this.#backupTimer = this.parts.clock.after(delayMs, () => {
      void this.#logFailure(this.#recoverResponses().then(() => this.parts.store.backUp()));
      // While the history can't be read, an update would fail. The next successful load merges the ID backup anyway.
      if (this.#failuresInARow === 0) void this.#idBackupSync.update();
      this.#scheduleBackup(backupCheckIntervalMs);
    });
  }

  async #logFailure(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => this.parts.log.warn(`Failed to recover or back up the history: ${String(error)}`));
  }
}
