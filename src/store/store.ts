import { dirname, join } from 'node:path';
import type {
  DeleteTokens,
  RecoverableStore,
  HistoryRecovered,
  KickoffUpdate,
  SharedStore,
  StartStore,
  Watcher,
} from '#core/history/store';
import type { DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { Clock, Event, Random } from '#core/lib/types';
import type { Lease, LeaseClaim } from '#core/windows/lease';
import { backUp, isBackupDue } from '#store/recovery/backup';
import { recoverAnswers, trackIds } from '#store/recovery/recovery';
import { outputsOf, pack, readBody, storedOutputs, type Packed } from '#store/tables/answers';
import { changesSince, emptyHistory, loadAll } from '#store/tables/changes';
import { addDeployment, changeDeployment, historyVersions, trackedIds } from '#store/tables/deployments';
import { confirmStart, addKickoff, addKickoffs, changeKickoffs, findKickoff, updateKickoff } from '#store/tables/kickoffs';
import { releaseLease, renewLease, saveHealthRecords, takeLease } from '#store/tables/lease';
import { addStart, changeStart, deleteStart, inputsOf } from '#store/tables/starts';
import { deleteAll, moveKickoff, purge, remove, removeOld, undoRemove, urlsIn, vacuum } from '#store/tables/removal';
import { refOf, type OpenDatabase, type SqliteModule } from './connection';
import { Database } from './database';
import { markRecovered, unrecoveredFiles } from './files';
import { FolderWatch } from './folderWatch';
import * as sql from './statements';

export interface StoreParts {
  readonly clock: Clock;
  readonly random?: Random;
  readonly load?: () => Promise<SqliteModule>;
}

/** The run history and the lease, in one SQLite file that all windows share. */
export class KickoffStore implements RecoverableStore, SharedStore, StartStore {
  readonly onDidRecover: Event<HistoryRecovered>;
  readonly load = this.#reads(loadAll, emptyHistory);
  readonly changesSince = this.#reads(changesSince, emptyHistory);
  readonly historyVersions = this.#reads(historyVersions, []);
  readonly trackedIds = this.#reads(trackedIds, { rows: [], versions: [] });
  readonly urls = this.#reads(urlsIn, []);
  readonly kickoff = this.#reads(findKickoff);
  readonly taskOutputs = this.#reads(outputsOf);
  readonly inputs = this.#reads(inputsOf);
  readonly addStart = this.#writes(addStart);
  readonly changeStart = this.#writes(changeStart);
  readonly deleteStart = this.#writes(deleteStart);
  readonly confirmStart = this.#writes(confirmStart);
  readonly addDeployment = this.#writes(addDeployment);
  readonly changeDeployment = this.#writes(changeDeployment);
  readonly addKickoff = this.#writes(addKickoff);
  readonly addKickoffs = this.#writes(addKickoffs);
  readonly changeKickoffs = this.#writes(changeKickoffs);
  readonly moveKickoff = this.#writes(moveKickoff);
  readonly remove = this.#writes(remove);
  readonly removeOld = this.#writes(removeOld);
  readonly undoRemove = this.#writes(undoRemove);
  readonly deleteAll = this.#writes(deleteAll);
  readonly trackIds = this.#writes(trackIds);
  readonly saveHealthRecords = this.#writes(saveHealthRecords);
  readonly body = (ref: KickoffRef) => readBody(this.database, ref);
  readonly storedOutputs = (ref: KickoffRef) => storedOutputs(this.database, ref);
  readonly vacuum = () => this.database.raw(({ connection }) => vacuum(connection));
  readonly claimNotice = this.#changesOne(sql.claimNotice, (ref: KickoffRef) => ({ ...refOf(ref), now: this.clock.now() }));
  readonly claimRefusal = this.#changesOne(sql.claimRefusal, (key: DeploymentKey) => ({ key }));
  readonly forgetRefusal = this.#changesOne(sql.forgetRefusal, (key: DeploymentKey) => ({ key }));
  readonly claimLostToken = this.#changesOne(sql.claimLostToken, (key: DeploymentKey) => ({ key }));
  readonly markToken = this.#changesOne(sql.markToken, (url: DeploymentUrl, isSaved: boolean) => ({ url, isSaved: Number(isSaved) }));

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.onDidRecover = database.onDidRecover;
  }

  /** Doesn't open the file. The first call that needs the file opens or creates it. */
  static of(folder: string, { clock, random = Math.random, load }: StoreParts): KickoffStore {
    return new KickoffStore(new Database(join(folder, 'kickoffs.db'), { clock, random }, load), clock);
  }

  get isReadOnly(): boolean {
    return this.database.isReadOnly;
  }

  async update(ref: KickoffRef, change: (stored: Kickoff, leaseEpoch: number) => KickoffUpdate): Promise<Kickoff | undefined> {
    let packed: Packed | undefined;
    for (;;) {
      const result = await this.database.write((database) => updateKickoff(database, ref, change, packed));
      if ('kickoff' in result) return result.kickoff;
      packed = await pack(result.toPack);
    }
  }

  async purge(removedBefore: number, deleteTokens: DeleteTokens): Promise<void> {
    if (!this.database.isUnused) await purge(this.database, this.clock, removedBefore, deleteTokens);
  }

  /** Stores no lease while there is no history, because there are no runs to poll. */
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

  watch(written: () => void): Watcher {
    return new FolderWatch(dirname(this.database.path), written);
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

  /** Returns a method that calls `run` in a transaction. While there is no history, the method returns `unused`, if given. */
  #reads<A extends readonly unknown[], T>(run: (database: OpenDatabase, ...values: A) => T, unused?: T): (...values: A) => Promise<T> {
    return async (...values) =>
      unused !== undefined && this.database.isUnused ? unused : this.database.read((database) => run(database, ...values));
  }

  #writes<A extends readonly unknown[], T>(run: (database: OpenDatabase, ...values: A) => T): (...values: A) => Promise<T> {
    return (...values) => this.database.write((database) => run(database, ...values));
  }

  /** Returns a method that runs a statement, and resolves to whether the statement changed one row. */
  #changesOne<A extends readonly unknown[]>(statement: string, values: (...of: A) => Record<string, string | number>) {
    return this.#writes((database, ...of: A) => database.statement(statement).run(values(...of)).changes === 1);
  }
}
