import { dirname, join } from 'node:path';
import type { IdBackup, TrackedId } from '#core/history/idBackup';
import type { HealthRecord, History, HistoryRecovered, KickoffUpdate, SharedStore, StoreSnapshot, Watcher } from '#core/history/store';
import type { Deployment, DeploymentChange, DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { Clock, Event, Random } from '#core/lib/types';
import type { Lease, LeaseClaim } from '#core/windows/lease';
import { backUp, isBackupDue } from '#store/recovery/backup';
import { recoverAnswers, trackIds } from '#store/recovery/recovery';
import { outputsOf, pack, readBody, refOf, type Packed } from '#store/tables/answers';
import { changesSince, emptyHistory, loadAll } from '#store/tables/changes';
import { addDeployment, changeDeployment, trackedIds } from '#store/tables/deployments';
import { saveHealthRecords } from '#store/tables/healthRecords';
import { addKickoff, findKickoff, updateKickoff } from '#store/tables/kickoffs';
import { releaseLease, renewLease, takeLease } from '#store/tables/lease';
import { deleteAll, moveKickoff, purge, remove, removeOld, undoRemove, vacuum } from '#store/tables/removal';
import type { SqliteModule } from './connection';
import { Database } from './database';
import { markRecovered, unrecoveredFiles } from './files';
import { FolderWatch } from './folderWatch';
import * as sql from './statements';

/** The clock of the store. Tests replace `random`, and `load`, which loads SQLite. */
export interface StoreParts {
  readonly clock: Clock;
  readonly random?: Random;
  readonly load?: () => Promise<SqliteModule>;
}

/** The run history and the lease, in one SQLite file that all windows share. */
export class KickoffStore implements History, SharedStore {
  readonly onDidRecover: Event<HistoryRecovered>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.onDidRecover = database.onDidRecover;
  }

  /**
   * Returns a store without opening its file. The first call that needs the file opens or creates the file. If opening fails, the next call
   * retries.
   */
  static of(folder: string, { clock, random = Math.random, load }: StoreParts): KickoffStore {
    return new KickoffStore(new Database(join(folder, 'kickoffs.db'), { clock, random }, load), clock);
  }

  get isReadOnly(): boolean {
    return this.database.isReadOnly;
  }

  async load(): Promise<StoreSnapshot> {
    return this.database.isUnused ? emptyHistory : this.database.read(loadAll);
  }

  async changesSince(revision: number): Promise<StoreSnapshot> {
    return this.database.isUnused ? emptyHistory : this.database.read((database) => changesSince(database, revision));
  }

  async trackedIds(): Promise<readonly TrackedId[]> {
    return this.database.isUnused ? [] : this.database.read(trackedIds);
  }

  addDeployment(url: DeploymentUrl, label: string, page?: string): Promise<Deployment> {
    return this.database.write((database) => addDeployment(database, url, label, page));
  }

  changeDeployment(key: DeploymentKey, change: DeploymentChange): Promise<Deployment | undefined> {
    return this.database.write((database) => changeDeployment(database, key, change));
  }

  kickoff(ref: KickoffRef): Promise<Kickoff | undefined> {
    return this.database.read((database) => findKickoff(database, ref));
  }

  addKickoff(kickoff: Kickoff): Promise<Kickoff> {
    return this.database.write((database) => addKickoff(database, kickoff));
  }

  moveKickoff(from: KickoffRef, to: Kickoff, now: number): Promise<Kickoff> {
    return this.database.write((database) => moveKickoff(database, from, to, now));
  }

  async update(ref: KickoffRef, change: (stored: Kickoff, leaseEpoch: number) => KickoffUpdate): Promise<Kickoff | undefined> {
    let packed: Packed | undefined;
    for (;;) {
      const result = await this.database.write((database) => updateKickoff(database, ref, change, packed));
      if ('kickoff' in result) return result.kickoff;
      packed = await pack(result.toPack);
    }
  }

  body(ref: KickoffRef): Promise<Uint8Array | undefined> {
    return readBody(this.database, ref);
  }

  taskOutputs(ref: KickoffRef): Promise<ReadonlyMap<number, string>> {
    return this.database.read((database) => outputsOf(database, ref));
  }

  remove(what: readonly KickoffRef[] | DeploymentKey, now: number): Promise<number> {
    return this.database.write((database) => remove(database, what, now));
  }

  removeOld(what: readonly KickoffRef[], now: number): Promise<number> {
    return this.database.write((database) => removeOld(database, what, now));
  }

  undoRemove(what?: readonly KickoffRef[] | DeploymentKey): Promise<number> {
    return this.database.write((database) => undoRemove(database, what));
  }

  async purge(removedBefore: number): Promise<readonly DeploymentUrl[]> {
    return this.database.isUnused ? [] : purge(this.database, this.clock, removedBefore);
  }

  deleteAll(): Promise<readonly DeploymentUrl[]> {
    return this.database.write(deleteAll);
  }

  vacuum(): Promise<void> {
    return this.database.raw(({ connection }) => vacuum(connection));
  }

  /**
   * Stores no lease while there is no history, because there are no runs to poll. After a history is created, the first renewal finds the
   * lease free.
   */
  async takeLease(holder: string, nextBeatMs: number, only?: Lease): Promise<LeaseClaim> {
    const { lease } = emptyHistory;
    if (this.database.isUnused) return { lease: { ...lease, holder }, before: lease };
    return this.database.write((database) => takeLease(database, holder, { nextBeatMs, now: this.clock.now() }, only));
  }

  async keepLease(mine: Lease, nextBeatMs: number | undefined): Promise<Lease> {
    if (this.database.isUnused) return mine;
    return this.database.write((database) => renewLease(database, mine, { nextBeatMs, now: this.clock.now() }));
  }

  async releaseLease(mine: Lease): Promise<void> {
    if (!this.database.isUnused) await this.database.write((database) => releaseLease(database, mine, this.clock.now()));
  }

  saveHealthRecords(records: readonly HealthRecord[], epoch: number): Promise<void> {
    return this.database.write((database) => saveHealthRecords(database, records, epoch));
  }

  claimNotice(ref: KickoffRef): Promise<boolean> {
    return this.#changesOne(sql.claimNotice, { ...refOf(ref), now: this.clock.now() });
  }

  claimRefusal(key: DeploymentKey): Promise<boolean> {
    return this.#changesOne(sql.claimRefusal, { key });
  }

  async forgetRefusal(key: DeploymentKey): Promise<void> {
    await this.#changesOne(sql.forgetRefusal, { key });
  }

  watch(written: () => void): Watcher {
    return new FolderWatch(dirname(this.database.path), written);
  }

  trackIds(lost: IdBackup, now: number): Promise<void> {
    return this.database.write((database) => trackIds(database, lost, now));
  }

  async recoverAnswers(): Promise<boolean> {
    const files = unrecoveredFiles(this.database.path);
    for (const file of files) {
      await recoverAnswers(await this.database.load(), this.database, file);
      markRecovered(file);
    }
    return files.length > 0;
  }

  async backUp(): Promise<void> {
    const { path, isUnused } = this.database;
    if (isUnused) return;
    await this.database.raw(({ connection, isReadOnly }) => {
      if (!isReadOnly && isBackupDue(path, this.clock.now())) backUp(connection, path);
    });
  }

  close(): void {
    this.database.close();
  }

  #changesOne(statement: string, values: Readonly<Record<string, string | number>>): Promise<boolean> {
    return this.database.write((database) => database.statement(statement).run(values).changes === 1);
  }
}
