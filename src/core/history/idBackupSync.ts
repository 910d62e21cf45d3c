import type { Deployment } from '#core/kickoff/deployment';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { Clock, Disposable } from '#core/lib/types';
import { readStoredBackup, isCurrentBackup, isOutdatedBackup, missingRows, pendingRows, toStoredBackup, versionIn } from './idBackup';
import type { RecoverableStore } from './store';
import type { ListChange, Tracker } from './tracker';

/** The delays of two updates after the last change. The second update repairs a backup that two windows overwrote at the same time. */
const updateDelaysMs = [250, 1_250];

export interface IdBackupStorage {
  read(): unknown;
  /** Replaces the backup, or deletes it if there is no value. */
  write(value: object | undefined): void;
  /** Deletes all backups, including backups under an earlier name of this machine. */
  deleteAll(): void;
}

export interface IdBackupParts {
  readonly store: RecoverableStore;
  readonly tracker: Pick<Tracker, 'load' | 'onDidChangeList'>;
  readonly idBackup: IdBackupStorage;
  readonly clock: Clock;
  readonly log: { warn(message: string): void };
}

export interface PendingIds extends Pick<Deployment, 'url' | 'label'> {
  readonly ids: readonly KickoffId[];
}

/** Updates the ID backup after changes, and restores the runs and deployments that only the backup contains. */
export class IdBackupSync implements Disposable {
  readonly #listener: Disposable;
  #updateTimers: readonly Disposable[] = [];

  constructor(private readonly parts: IdBackupParts) {
    this.#listener = parts.tracker.onDidChangeList((change) => this.#onListChange(change));
  }

  /** Adds IDs that can't be stored in the history yet to the ID backup. The next `restore` or `update` stores them in the history. */
  addPending({ url, label, ids }: PendingIds): void {
    const { idBackup } = this.parts;
    const backup = idBackup.read();
    const pending = ids.map((id) => ({ url, label, id, isPending: true }));
    idBackup.write(toStoredBackup([...readStoredBackup(backup), ...pending], versionIn(backup)));
  }

  /** Merges the ID backup and the history, unless the backup is current. Returns whether the whole history was lost. */
  async restore(): Promise<boolean> {
    const { store, idBackup } = this.parts;
    const backup = idBackup.read();
    if (store.isReadOnly || backup === undefined) return false;
    // Reading 5,000 IDs would delay the start of VS Code, so a current backup isn't compared.
    return isCurrentBackup(backup, (await store.historyVersions())[0]) ? false : this.#sync();
  }

  /** Does the same as `restore`, but also for a current backup. Logs an error instead of throwing it. */
  async update(): Promise<void> {
    await this.#sync().catch((error: unknown) => this.parts.log.warn(`Failed to update the ID backup: ${String(error)}`));
  }

  /** Adds the runs and deployments that only the ID backup contains, and updates the backup. Returns whether the whole history was lost. */
  async #sync(): Promise<boolean> {
    const { store, tracker, idBackup, clock } = this.parts;
    if (store.isReadOnly) return false;
    const history = await store.trackedIds();
    const backup = idBackup.read();
    const [backupRows, backupVersion] = [readStoredBackup(backup), versionIn(backup)];
    const isBackupOutdated = isOutdatedBackup(backupVersion, history.versions);
    const lostRows = missingRows(isBackupOutdated ? pendingRows(backupRows) : backupRows, history.rows);
    const needsMerge = lostRows.length > 0 || (!isBackupOutdated && backupVersion !== undefined && history.versions.length > 0);
    if (needsMerge) await store.trackIds(lostRows, clock.now(), backupVersion);
    if (lostRows.length > 0) await tracker.load();
    const { rows, versions } = needsMerge ? await store.trackedIds() : history;
    // `addPending` may have added an ID while this method waited for the store.
    idBackup.write(toStoredBackup([...rows, ...pendingRows(readStoredBackup(idBackup.read()), lostRows)], versions[0]));
    return !isBackupOutdated && history.rows.length === 0 && backupRows.some(({ id, isPending }) => id !== undefined && !isPending);
  }

  dispose(): void {
    for (const one of [this.#listener, ...this.#updateTimers]) one.dispose();
  }

  #onListChange(change: ListChange): void {
    const { store, idBackup, clock } = this.parts;
    if (store.isReadOnly) return;
    for (const timer of this.#updateTimers) timer.dispose();
    if (change === 'forgetting') idBackup.deleteAll();
    this.#updateTimers = change === 'forgetting' ? [] : updateDelaysMs.map((delayMs) => clock.after(delayMs, () => void this.update()));
  }
}
