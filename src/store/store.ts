import { dirname, join } from 'node:path';
import type { ChangeRun, DeleteTokens, RecoverableStore, SharedStore, StartStore } from '#core/history/store';
import type { DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { backUp } from '#store/recovery/backup';
import { recoverResponses, trackIds } from '#store/recovery/recovery';
import { loadOutputs, compress, loadBody, loadStoredOutputs, type CompressedBody } from '#store/tables/answers';
import { emptySnapshot, loadSnapshot } from '#store/tables/changes';
import { addDeployment, changeDeployment, loadHistoryVersions, loadTrackedIds } from '#store/tables/deployments';
import { confirmStart, addKickoffs, changeKickoffs, findKickoff, updateKickoff } from '#store/tables/kickoffs';
import { releaseLease, renewLease, saveHealthRecords, takeLease } from '#store/tables/lease';
import { addStart, changeStart, deleteStart, loadInputs } from '#store/tables/starts';
import { deleteAll, moveKickoff, purge, remove, removeOld, undoRemove, loadUrls } from '#store/tables/removal';
import { refParameters, type OpenDatabase } from './connection';
import { Database, type StoreParts } from './database';
import { eraseDeleted, vacuum } from './erasure';
import { deleteRecoveredFiles, markRecovered, unrecoveredPaths } from './files';
import { watchFolder } from './folderWatch';
import * as sql from './statements';

/** The run history, the lease, and the problems of hosts and deployments, in one SQLite file that all windows share. */
export class KickoffStore implements RecoverableStore, SharedStore, StartStore {
  readonly onDidRecover = this.database.onDidRecover;
  readonly load = this.#inTransaction('read', loadSnapshot, (_?: number) => emptySnapshot);
  readonly historyVersions = this.#inTransaction('read', loadHistoryVersions, () => []);
  readonly trackedIds = this.#inTransaction('read', loadTrackedIds, () => ({ rows: [], versions: [] }));
  readonly urls = this.#inTransaction('read', loadUrls, () => []);
  readonly kickoff = this.#inTransaction('read', findKickoff);
  readonly taskOutputs = this.#inTransaction('read', loadOutputs);
  readonly inputs = this.#inTransaction('read', loadInputs);
  readonly addStart = this.#inTransaction('write', addStart);
  readonly changeStart = this.#inTransaction('write', changeStart);
  readonly deleteStart = this.#inTransaction('write', deleteStart);
  readonly confirmStart = this.#inTransaction('write', confirmStart);
  readonly addDeployment = this.#inTransaction('write', addDeployment);
  readonly changeDeployment = this.#inTransaction('write', changeDeployment);
  readonly addKickoffs = this.#inTransaction('write', addKickoffs);
  readonly changeKickoffs = this.#inTransaction('write', changeKickoffs);
  readonly moveKickoff = this.#inTransaction('write', moveKickoff);
  readonly remove = this.#inTransaction('write', remove);
  readonly removeOld = this.#inTransaction('write', removeOld);
  readonly undoRemove = this.#inTransaction('write', undoRemove);
  readonly deleteAll = this.#inTransaction('write', deleteAll);
  readonly trackIds = this.#inTransaction('write', trackIds);
  readonly saveHealthRecords = this.#inTransaction('write', saveHealthRecords);
  // Without a history, there are no runs to poll, so the lease isn't stored.
  readonly takeLease = this.#inTransaction('write', takeLease, (holder) => ({
    lease: { ...emptySnapshot.lease, holder },
    before: emptySnapshot.lease,
  }));
  readonly renewLease = this.#inTransaction('write', renewLease, (ownLease) => ownLease);
  readonly releaseLease = this.#inTransaction('write', releaseLease, () => undefined);
  readonly body = (ref: KickoffRef) => loadBody(this.database, ref);
  readonly storedOutputs = (ref: KickoffRef) => loadStoredOutputs(this.database, ref);
  readonly watch = (onWrite: () => void) => watchFolder(dirname(this.database.path), onWrite);
  readonly close = () => this.database.close();
  readonly vacuum = () => this.database.withConnection(({ connection }) => vacuum(connection));
  readonly claimNotice = this.#sqlMethod(sql.claimNotice, (ref: KickoffRef) => ({ ...refParameters(ref), now: this.database.now() }));
  readonly claimRejection = this.#sqlMethod(sql.claimRejection, (key: DeploymentKey) => ({ key }));
  readonly forgetRejection = this.#sqlMethod(sql.forgetRejection, (key: DeploymentKey) => ({ key }));
  readonly claimLostToken = this.#sqlMethod(sql.claimLostToken, (key: DeploymentKey) => ({ key }));
  readonly recordToken = this.#sqlMethod(sql.recordToken, (url: DeploymentUrl, isSaved: boolean) => ({ url, isSaved: Number(isSaved) }));

  constructor(private readonly database: Database) {}

  /** Returns the store of a folder. The first call that needs the file opens or creates it. */
  static inFolder(folder: string, parts: StoreParts): KickoffStore {
    return new KickoffStore(new Database(join(folder, 'kickoffs.db'), parts));
  }

  get isReadOnly(): boolean {
    return this.database.isReadOnly;
  }

  /** Stores a changed run. If another thread must compress the body first, calls `change` again afterward. */
  async update(ref: KickoffRef, change: ChangeRun, compressedBody?: CompressedBody): Promise<Kickoff | undefined> {
    const { kickoff, bodyToCompress } = await this.database.write((database) => updateKickoff(database, ref, change, compressedBody));
    return bodyToCompress ? this.update(ref, change, await compress(bodyToCompress)) : kickoff;
  }

  async purge(removedBefore: number, deleteTokens: DeleteTokens): Promise<void> {
    if (this.database.isUnused) return;
    deleteRecoveredFiles(this.database.path, removedBefore);
    if (await purge(this.database, removedBefore, deleteTokens))
      await this.database.withConnection(({ connection }) => eraseDeleted(connection));
  }

  async recoverResponses(): Promise<boolean> {
    const damagedPaths = unrecoveredPaths(this.database.path);
    for (const damagedPath of damagedPaths) {
      await recoverResponses(await this.database.loadSqlite(), this.database, damagedPath);
      markRecovered(damagedPath);
    }
    return damagedPaths.length > 0;
  }

  async backUp(): Promise<void> {
    const { path, isUnused, now } = this.database;
    if (isUnused) return;
    await this.database.withConnection(({ connection, isReadOnly }) => {
      if (!isReadOnly) backUp(connection, path, now());
    });
  }

  /** Returns a method that calls `work` in a transaction. Without a history, the method calls `resultIfUnused` instead, if given. */
  #inTransaction<A extends readonly unknown[], T>(
    mode: 'read' | 'write',
    work: (database: OpenDatabase, ...args: A) => T,
    resultIfUnused?: (...args: A) => T,
  ): (...args: A) => Promise<T> {
    return async (...args) =>
      resultIfUnused && this.database.isUnused ? resultIfUnused(...args) : this.database[mode]((database) => work(database, ...args));
  }

  #sqlMethod<A extends readonly unknown[]>(statement: string, toParameters: (...args: A) => Record<string, string | number>) {
    return this.#inTransaction('write', (database, ...args: A) => database.statement(statement).run(toParameters(...args)).changes === 1);
  }
}
