import { dirname, join } from 'node:path';
import type { Deployment, DeploymentKey, DeploymentUrl } from '../core/deployment';
import type { Verdict } from '../core/health';
import type { Kickoff, KickoffRef } from '../core/kickoff';
import type { Lease, Taken } from '../core/lease';
import type { Change, Clock, Event, History, Mended, Random, SharedStore, Stored, Watch } from '../core/ports';
import type { KnownId, SecondCopy } from '../core/secondCopy';
import { Database } from './database';
import { markRecovered, unrecoveredFiles } from './files';
import { FolderWatch } from './folderWatch';
import type { SqliteModule } from './open';
import { backUp, isBackupDue } from './recovery/backup';
import { recoverAnswers, trackIds } from './recovery/recovery';
import * as sql from './statements';
import { outputsOf, pack, readBody, refOf, type Packed } from './tables/answers';
import { changesSince, emptyHistory, loadAll } from './tables/changes';
import { addDeployment, changeDeployment, knownIds } from './tables/deployments';
import { saveHealthRecords } from './tables/healthRecords';
import { addKickoff, findKickoff, updateKickoff } from './tables/kickoffs';
import { releaseLease, renewLease, takeLease } from './tables/lease';
import { deleteAll, moveKickoff, purge, remove, removeOld, undoRemove, vacuum } from './tables/removal';

/** Dependencies of the store. */
export interface StoreParts {
  readonly clock: Clock;
  readonly random?: Random;
  readonly load?: () => Promise<SqliteModule>;
}

/** All state that outlives a window, in one SQLite file that all windows share. */
export class KickoffStore implements History, SharedStore {
  readonly onDidMend: Event<Mended>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.onDidMend = database.onDidMend;
  }

  /** Opens nothing yet. The first call that needs the file opens or creates it; the next call retries if that fails. */
  static of(folder: string, { clock, random = Math.random, load }: StoreParts): KickoffStore {
    return new KickoffStore(new Database(join(folder, 'kickoffs.db'), { clock, random }, load), clock);
  }

  get isReadOnly(): boolean {
    return this.database.isReadOnly;
  }

  async load(): Promise<Stored> {
    return this.database.isUnused ? emptyHistory : this.database.read(loadAll);
  }

  async changesSince(revision: number): Promise<Stored> {
    return this.database.isUnused ? emptyHistory : this.database.read((database) => changesSince(database, revision));
  }

  async knownIds(): Promise<readonly KnownId[]> {
    return this.database.isUnused ? [] : this.database.read(knownIds);
  }

  addDeployment(url: DeploymentUrl, label: string): Promise<Deployment> {
    return this.database.write((database) => addDeployment(database, url, label));
  }

  changeDeployment(key: DeploymentKey, change: { readonly url?: DeploymentUrl; readonly label?: string }): Promise<Deployment | undefined> {
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

  async update(ref: KickoffRef, change: (stored: Kickoff) => Change): Promise<Kickoff | undefined> {
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

  sweep(): Promise<void> {
    return this.database.raw(({ connection }) => vacuum(connection));
  }

  takeLease(holder: string, quietMs: number, only?: Lease): Promise<Taken> {
    return this.database.write((database) => takeLease(database, holder, { quietMs, now: this.clock.now() }, only));
  }

  keepLease(mine: Lease, quietMs: number | undefined): Promise<Lease> {
    return this.database.write((database) => renewLease(database, mine, { quietMs, now: this.clock.now() }));
  }

  releaseLease(mine: Lease): Promise<void> {
    return this.database.write((database) => releaseLease(database, mine, this.clock.now()));
  }

  saveVerdicts(verdicts: readonly Verdict[], epoch: number): Promise<void> {
    return this.database.write((database) => saveHealthRecords(database, verdicts, epoch));
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

  watch(written: () => void): Watch {
    return new FolderWatch(dirname(this.database.path), written);
  }

  bringBack(lost: SecondCopy, now: number): Promise<void> {
    return this.database.write((database) => trackIds(database, lost, now));
  }

  async salvage(): Promise<boolean> {
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
