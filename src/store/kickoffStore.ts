import { dirname, join } from 'node:path';
import type { Deployment, DeploymentKey, DeploymentUrl } from '../core/deployment';
import type { Kickoff, KickoffRef } from '../core/kickoff';
import type { Verdict } from '../core/health';
import type { Lease, Taken } from '../core/lease';
import type { Change, Clock, Event, History, Mended, Random, SharedStore, Stored, Watch } from '../core/ports';
import type { KnownId, SecondCopy } from '../core/secondCopy';
import { pack, unpack, type Packed } from './bodies';
import { changesSince, everything } from './changes';
import { Database } from './database';
import { refColumns } from './columns';
import { purged } from './deployments';
import { damages } from './failure';
import { asideUnread } from './files';
import { FolderWatch } from './folderWatch';
import { kept, released, taken } from './lease';
import type * as Mending from './mending';
import type { SqliteModule } from './opening';
import type { Known } from './restore';
import { toKnownId, toOutput } from './rows';
import { stored, updated } from './runs';
import * as sql from './statements';
import { keepVerdicts } from './verdicts';

/** What the store is built from. */
export interface StoreParts {
  readonly clock: Clock;
  readonly random?: Random;
  /** What the window shows, to be written again into a file that lost it. */
  readonly known?: () => Known;
  readonly load?: () => Promise<SqliteModule>;
}

const nothing = (): Known => ({ deployments: [], kickoffs: [] });

/** Everything that outlives the window, in one SQLite file that all windows share. */
export class KickoffStore implements History, SharedStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Nothing is opened yet: the file is with the first that is asked of the store, and again as long as it cannot be. */
  static of(folder: string, { clock, random = Math.random, known = nothing, load }: StoreParts): KickoffStore {
    return new KickoffStore(new Database(join(folder, 'kickoffs.db'), { clock, random }, known, load), clock);
  }

  get isReadOnly(): boolean {
    return this.database.isReadOnly;
  }

  get onDidMend(): Event<Mended> {
    return this.database.onDidMend;
  }

  load(): Promise<Stored> {
    return this.database.read(everything);
  }

  addDeployment(url: DeploymentUrl, label: string): Promise<Deployment> {
    return this.#seldom(({ addedDeployment }, database) => addedDeployment(database, url, label));
  }

  changeDeployment(key: DeploymentKey, change: { readonly url?: DeploymentUrl; readonly label?: string }): Promise<Deployment | undefined> {
    return this.#seldom(({ changedDeployment }, database) => changedDeployment(database, key, change));
  }

  remove(what: readonly KickoffRef[] | DeploymentKey, now: number): Promise<number> {
    return this.#seldom(({ removed }, database) => removed(database, what, now));
  }

  removeOld(what: readonly KickoffRef[], now: number): Promise<number> {
    return this.#seldom(({ removedOld }, database) => removedOld(database, what, now));
  }

  knownIds(): Promise<readonly KnownId[]> {
    return this.database.read((database) => database.statement(sql.knownIds).all().map(toKnownId));
  }

  bringBack(lost: SecondCopy, now: number): Promise<void> {
    return this.#seldom(({ broughtBackIds }, database) => broughtBackIds(database, lost, now));
  }

  async backUp(): Promise<void> {
    const { backUp } = await this.database.mending();
    await this.database.raw(({ connection, isReadOnly }) => {
      if (!isReadOnly) backUp(connection, this.database.path);
    });
  }

  async checkUp(): Promise<void> {
    const { foundSound, isDue } = await this.database.mending();
    const { inode, isReadOnly } = await this.database.raw((opened) => opened);
    if (isReadOnly || !isDue(this.database.path, this.clock.now())) return;
    if (await foundSound(this.database.path, damages, this.clock.now())) return this.backUp();
    await this.database.setAside(inode);
    await this.load();
  }

  async salvage(): Promise<boolean> {
    const files = asideUnread(this.database.path);
    for (const file of files) {
      const { asideWasRead, salvage } = await this.database.mending();
      await salvage(await this.database.load(), this.database, file);
      asideWasRead(file);
    }
    return files.length > 0;
  }

  undoRemove(what?: readonly KickoffRef[] | DeploymentKey): Promise<number> {
    return this.#seldom(({ broughtBack }, database) => broughtBack(database, what));
  }

  purge(removedBefore: number): Promise<readonly DeploymentUrl[]> {
    return purged(this.database, this.clock, removedBefore);
  }

  deleteAll(): Promise<readonly DeploymentUrl[]> {
    return this.#seldom(({ deleted }, database) => deleted(database));
  }

  async sweep(): Promise<void> {
    const { sweep } = await this.database.mending();
    await this.database.raw(({ connection }) => sweep(connection));
  }

  kickoff(ref: KickoffRef): Promise<Kickoff | undefined> {
    return this.database.read((database) => stored(database, ref));
  }

  addKickoff(kickoff: Kickoff): Promise<Kickoff> {
    return this.#seldom(({ added }, database) => added(database, kickoff));
  }

  moveKickoff(from: KickoffRef, to: Kickoff, now: number): Promise<Kickoff> {
    return this.#seldom(({ moveKickoff }, database) => moveKickoff(database, from, to, now));
  }

  async update(ref: KickoffRef, change: (stored: Kickoff) => Change): Promise<Kickoff | undefined> {
    let packed: Packed | undefined;
    for (;;) {
      const outcome = await this.database.write((database) => updated(database, ref, change, packed));
      if ('kickoff' in outcome) return outcome.kickoff;
      packed = await pack(outcome.toPack);
    }
  }

  changesSince(revision: number): Promise<Stored> {
    return this.database.read((database) => changesSince(database, revision));
  }

  takeLease(holder: string, quietMs: number, only?: Lease): Promise<Taken> {
    return this.database.write((database) => taken(database, holder, { quietMs, now: this.clock.now() }, only));
  }

  keepLease(mine: Lease, quietMs: number | undefined): Promise<Lease> {
    return this.database.write((database) => kept(database, mine, { quietMs, now: this.clock.now() }));
  }

  releaseLease(mine: Lease): Promise<void> {
    return this.database.write((database) => released(database, mine, this.clock.now()));
  }

  saveVerdicts(verdicts: readonly Verdict[], epoch: number): Promise<void> {
    return this.database.write((database) => keepVerdicts(database, verdicts, epoch));
  }

  watch(written: () => void): Watch {
    return new FolderWatch(dirname(this.database.path), written);
  }

  claimNotice(ref: KickoffRef): Promise<boolean> {
    const claim = { ...refColumns(ref), now: this.clock.now() };
    return this.database.write((database) => database.statement(sql.claimNotice).run(claim).changes === 1);
  }

  claimRefusal(key: DeploymentKey): Promise<boolean> {
    return this.database.write((database) => database.statement(sql.claimRefusal).run({ key }).changes === 1);
  }

  async forgetRefusal(key: DeploymentKey): Promise<void> {
    await this.database.write((database) => database.statement(sql.forgetRefusal).run({ key }));
  }

  async body(ref: KickoffRef): Promise<Uint8Array | undefined> {
    const row = await this.database.read((database) => database.statement(sql.body).get(refColumns(ref)));
    return row?.[0] instanceof Uint8Array ? unpack(row[0]) : undefined;
  }

  async taskOutputs(ref: KickoffRef): Promise<ReadonlyMap<number, string>> {
    const rows = await this.database.read((database) => database.statement(sql.outputs).all(refColumns(ref)));
    return new Map(rows.map(toOutput));
  }

  /** What is done seldom is loaded then. */
  async #seldom<T>(run: (mending: typeof Mending, database: Database) => T): Promise<T> {
    const mending = await this.database.mending();
    return this.database.write((database) => run(mending, database));
  }

  close(): void {
    this.database.close();
  }
}
