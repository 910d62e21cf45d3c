import type { Clock, Disposable } from '#core/lib/types';
import {
  fromStored,
  isOutdated,
  missingFrom,
  pendingIn,
  toIdBackup,
  toStored,
  mergeBackups,
  versionIn,
  type BackedUpDeployment,
} from './idBackup';
import type { History } from './store';
import type { ListChange, Tracker } from './tracker';

/** The delay of an update after a change, so that many changes cause few updates. Meanwhile, only the history contains a new ID. */
const updateMs = 250;
/** The delay of a second update. Two windows may write the backup at the same time, so that one overwrites the other. */
const updateAgainMs = 1_000;

export interface IdBackupStorage {
  read(): unknown;
  /** Replaces the backup, or deletes it if there is no value. */
  write(value: object | undefined): void;
  /** Deletes all backups, including backups under an earlier name of this machine. */
  deleteAll(): void;
}

export interface IdBackupParts {
  readonly store: Pick<History, 'isReadOnly' | 'trackedIds' | 'trackIds'>;
  readonly tracker: Pick<Tracker, 'load' | 'onDidChangeList'>;
  readonly idBackup: IdBackupStorage;
  readonly clock: Clock;
  readonly log: { warn(message: string): void };
}

/** Updates the ID backup after changes, and restores the runs that only the backup contains. */
export class IdBackupSync implements Disposable {
  readonly #listening: Disposable;
  #nextUpdate: Disposable | undefined;
  #updatesLeft = 0;

  constructor(private readonly parts: IdBackupParts) {
    this.#listening = parts.tracker.onDidChangeList((change) => this.#listChanged(change));
  }

  /** Adds IDs that can't be stored yet to the ID backup. The next `sync` stores them. */
  addPending(run: BackedUpDeployment): void {
    const { idBackup } = this.parts;
    const stored = idBackup.read();
    idBackup.write(toStored(mergeBackups(fromStored(stored), [{ ...run, ids: [], pending: run.ids }]), versionIn(stored)));
  }

  /**
   * Adds the runs that only the ID backup contains, but of an outdated backup only its pending IDs. Then updates the backup. Returns whether
   * the whole history was lost.
   */
  async sync(): Promise<boolean> {
    const { store, tracker, idBackup, clock } = this.parts;
    if (store.isReadOnly) return false;
    const known = await store.trackedIds();
    const stored = idBackup.read();
    const [copied, version] = [fromStored(stored), versionIn(stored)];
    const isOld = isOutdated(version, known.versions);
    const lost = missingFrom(isOld ? pendingIn(copied) : copied, known.rows);
    const isMerged = lost.length > 0 || (!isOld && version !== undefined && known.versions.length > 0);
    if (isMerged) await store.trackIds(lost, clock.now(), version);
    if (lost.length > 0) await tracker.load();
    const { rows, versions } = isMerged ? await store.trackedIds() : known;
    // `addPending` may have added an ID while this method waited for the store.
    idBackup.write(toStored(mergeBackups(toIdBackup(rows), pendingIn(fromStored(idBackup.read()), lost)), versions[0]));
    return !isOld && known.rows.length === 0 && copied.some(({ ids }) => ids.length > 0);
  }

  dispose(): void {
    this.#listening.dispose();
    this.#nextUpdate?.dispose();
  }

  #listChanged(change: ListChange): void {
    if (this.parts.store.isReadOnly) return;
    if (change === 'forgetting') {
      this.#nextUpdate?.dispose();
      this.#nextUpdate = undefined;
      this.parts.idBackup.deleteAll();
      return;
    }
    this.#updatesLeft = 2;
    if (!this.#nextUpdate) this.#updateIn(updateMs);
  }

  #updateIn(milliseconds: number): void {
    const { clock, log } = this.parts;
    this.#nextUpdate = clock.after(milliseconds, () => {
      this.#nextUpdate = undefined;
      this.#updatesLeft -= 1;
      if (this.#updatesLeft > 0) this.#updateIn(updateAgainMs);
      this.sync().catch((error: unknown) => log.warn(`Failed to update the ID backup: ${String(error)}`));
    });
  }
}
