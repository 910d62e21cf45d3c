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
import { loadOutputs, compress, loadBody, loadStoredOutputs, type CompressedBody } from '#store/tables/answers';
import { changesSince, emptyHistory, loadAll } from '#store/tables/changes';
import { addDeployment, changeDeployment, loadHistoryVersions, loadTrackedIds } from '#store/tables/deployments';
import { confirmStart, addKickoff, addKickoffs, changeKickoffs, findKickoff, updateKickoff } from '#store/tables/kickoffs';
import { releaseLease, renewLease, saveHealthRecords, takeLease } from '#store/tables/lease';
import { addStart, changeStart, deleteStart, loadInputs } from '#store/tables/starts';
import { deleteAll, moveKickoff, purge, remove, removeOld, undoRemove, loadUrls, vacuum } from '#store/tables/removal';
import { refParameters, type OpenDatabase, type SqliteModule } from './connection';
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
  readonly load = this.#readMethod(loadAll, emptyHistory);
  readonly changesSince = this.#readMethod(changesSince, emptyHistory);
  readonly historyVersions = this.#readMethod(loadHistoryVersions, []);
  readonly trackedIds = this.#readMethod(loadTrackedIds, { rows: [], versions: [] });
  readonly urls = this.#readMethod(loadUrls, []);
  readonly kickoff = this.#readMethod(findKickoff);
  readonly taskOutputs = this.#readMethod(loadOutputs);
  readonly inputs = this.#readMethod(loadInputs);
  readonly addStart = this.#writeMethod(addStart);
  readonly changeStart = this.#writeMethod(changeStart);
  readonly deleteStart = this.#writeMethod(deleteStart);
  readonly confirmStart = this.#writeMethod(confirmStart);
  readonly addDeployment = this.#writeMethod(addDeployment);
  readonly changeDeployment = this.#writeMethod(changeDeployment);
  readonly addKickoff = this.#writeMethod(addKickoff);
  readonly addKickoffs = this.#writeMethod(addKickoffs);
  readonly changeKickoffs = this.#writeMethod(changeKickoffs);
  readonly moveKickoff = this.#writeMethod(moveKickoff);
  readonly remove = this.#writeMethod(remove);
  readonly removeOld = this.#writeMethod(removeOld);
  readonly undoRemove = this.#writeMethod(undoRemove);
  readonly deleteAll = this.#writeMethod(deleteAll);
  readonly trackIds = this.#writeMethod(trackIds);
  readonly saveHealthRecords = this.#writeMethod(saveHealthRecords);
  readonly body = (ref: KickoffRef) => loadBody(this.database, ref);
  readonly storedOutputs = (ref: KickoffRef) => loadStoredOutputs(this.database, ref);
  readonly vacuum = () => this.database.withConnection(({ connection }) => vacuum(connection));
  readonly claimNotice = this.#changeMethod(sql.claimNotice, (ref: KickoffRef) => ({ ...refParameters(ref), now: this.clock.now() }));
  readonly claimRefusal = this.#changeMethod(sql.claimRefusal, (key: DeploymentKey) => ({ key }));
  readonly forgetRefusal = this.#changeMethod(sql.forgetRefusal, (key: DeploymentKey) => ({ key }));
  readonly claimLostToken = this.#changeMethod(sql.claimLostToken, (key: DeploymentKey) => ({ key }));
  readonly markToken = this.#changeMethod(sql.markToken, (url: DeploymentUrl, isSaved: boolean) => ({ url, isSaved: Number(isSaved) }));

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.onDidRecover = database.onDidRecover;
  }

  /** Returns the store of a folder. The first call that needs the file opens or creates it. */
  static of(folder: string, { clock, random = Math.random, load }: StoreParts): KickoffStore {
    return new KickoffStore(new Database(join(folder, 'kickoffs.db'), { clock, random }, load), clock);
  }

  get isReadOnly(): boolean {
    return this.database.isReadOnly;
  }

  async update(ref: KickoffRef, change: (stored: Kickoff, leaseEpoch: number) => KickoffUpdate): Promise<Kickoff | undefined> {
    let compressed: CompressedBody | undefined;
    for (;;) {
      const result = await this.database.write((database) => updateKickoff(database, ref, change, compressed));
      if ('kickoff' in result) return result.kickoff;
      compressed = await compress(result.toCompress);
    }
  }

  async purge(removedBefore: number, deleteTokens: DeleteTokens): Promise<void> {
    if (!this.database.isUnused) await purge(this.database, this.clock, removedBefore, deleteTokens);
  }

  /** Takes the lease. Stores nothing while there is no history, because there are no runs to poll. */
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

  watch(onDidWrite: () => void): Watcher {
    return new FolderWatch(dirname(this.database.path), onDidWrite);
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
    await this.database.withConnection(({ connection, isReadOnly }) => {
      if (!isReadOnly && isBackupDue(path, this.clock.now())) backUp(connection, path);
    });
  }

  close(): void {
    this.database.close();
  }

  /** Returns a method that calls `run` in a transaction. While there is no history, the method returns `emptyValue`, if given. */
  #readMethod<A extends readonly unknown[], T>(
    run: (database: OpenDatabase, ...values: A) => T,
    emptyValue?: T,
  ): (...values: A) => Promise<T> {
    return async (...values) =>
      emptyValue !== undefined && this.database.isUnused ? emptyValue : this.database.read((database) => run(database, ...values));
  }

  #writeMethod<A extends readonly unknown[], T>(run: (database: OpenDatabase, ...values: A) => T): (...values: A) => Promise<T> {
    return (...values) => this.database.write((database) => run(database, ...values));
  }

  /** Returns a method that runs a statement, and resolves to whether the statement changed one row. */
  #changeMethod<A extends readonly unknown[]>(statement: string, values: (...args: A) => Record<string, string | number>) {
    return this.#writeMethod((database, ...args: A) => database.statement(statement).run(values(...args)).changes === 1);
  }
}
