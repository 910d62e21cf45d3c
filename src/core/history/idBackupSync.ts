import type { Deployment } from '#core/kickoff/deployment';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { Clock, Disposable } from '#core/lib/types';
import { readStoredBackup, isCurrentBackup, isOutdatedBackup, missingRows, pendingRows, toStoredBackup, versionIn } from './idBackup';
import type { RecoverableStore } from './store';
import type { ListChange, Tracker } from './tracker';

/** The delays of two updates after the last change. Two windows may overwrite each other's backup until the second update. */
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

/** Updates the ID backup after changes, and restores the runs that only the backup contains. */
export class IdBackupSync implements Disposable {
  readonly #listener: Disposable;
  #updates: readonly Disposable[] = [];

  constructor(private readonly parts: IdBackupParts) {
    this.#listener = parts.tracker.onDidChangeList((change) => this.#listChanged(change));
  }

  /** Adds to the ID backup the IDs that can't be stored in the history yet. The next `restore` or `update` stores them there. */
  addPending({ url, label, ids }: PendingIds): void {
    const { idBackup } = this.parts;
    const stored = idBackup.read();
    const pending = ids.map((id) => ({ url, label, id, isPending: true }));
    idBackup.write(toStoredBackup([...readStoredBackup(stored), ...pending], versionIn(stored)));
  }

  /** Adds the runs that only the ID backup contains. Returns whether the whole history was lost. */
  async restore(): Promise<boolean> {
    const { store, idBackup } = this.parts;
    const stored = idBackup.read();
    if (store.isReadOnly || stored === undefined) return false;
    // Reading 5,000 IDs would delay the start of VS Code, so a current backup isn't compared.
    return isCurrentBackup(stored, (await store.historyVersions())[0]) ? false : this.#sync();
  }

  /** Adds the runs that only the ID backup contains, and updates the backup. Logs an error instead of throwing it. */
  async update(): Promise<void> {
    await this.#sync().catch((error: unknown) => this.parts.log.warn(`Failed to update the ID backup: ${String(error)}`));
  }

  /** Adds the runs that only the ID backup contains, and updates the backup. Returns whether the whole history was lost. */
  async #sync(): Promise<boolean> {
    const { store, tracker, idBackup, clock } = this.parts;
    if (store.isReadOnly) return false;
    const known = await store.trackedIds();
    const stored = idBackup.read();
    const [copied, version] = [readStoredBackup(stored), versionIn(stored)];
    const isOld = isOutdatedBackup(version, known.versions);
    const lost = missingRows(isOld ? pendingRows(copied) : copied, known.rows);
    const isMerged = lost.length > 0 || (!isOld && version !== undefined && known.versions.length > 0);
    if (isMerged) await store.trackIds(lost, clock.now(), version);
    if (lost.length > 0) await tracker.load();
    const { rows, versions } = isMerged ? await store.trackedIds() : known;
    // `addPending` may have added an ID while this method waited for the store.
    idBackup.write(toStoredBackup([...rows, ...pendingRows(readStoredBackup(idBackup.read()), lost)], versions[0]));
    return !isOld && known.rows.length === 0 && copied.some(({ id, isPending }) => id !== undefined && !isPending);
  }

  dispose(): void {
    for (const one of [this.#listener, ...this.#updates]) one.dispose();
  }

  #listChanged(change: ListChange): void {
    const { store, idBackup, clock } = this.parts;
    if (store.isReadOnly) return;
    for (const update of this.#updates) update.dispose();
    if (change === 'forgetting') idBackup.deleteAll();
    this.#updates = change === 'forgetting' ? [] : updateDelaysMs.map((delay) => clock.after(delay, () => void this.update()));
  }
}
