import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HistoryLoader, type HistoryLoaderParts } from '#core/history/historyLoader';
import type { HistoryRecovery, StoreSnapshot } from '#core/history/store';
import type { Deployment } from '#core/kickoff/deployment';
import { newKickoff, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import type { Clock } from '#core/lib/types';
import type { StoreParts } from '#store/database';
import { KickoffStore } from '#store/store';
import { addKickoff, id as idOf, ScriptedNetwork, url as urlOf } from '#test/support/builders';
import { below, chance } from '#test/support/fuzz';
import { Window } from '#test/support/polling';

/** A clock with the real time, because the store waits for locks of other processes. */
export const clock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};

/** A clock without waits, so that the store retries immediately. */
export const hurried: Clock = { ...clock, after: (_, run) => clock.after(0, run) };

export const url = urlOf('https://research-0a1b2c3d.crewai.example');

/** Opens the run history of a folder and reads it, like a window. */
export async function opened(path: string, parts: Partial<StoreParts> = {}): Promise<KickoffStore> {
  const store = KickoffStore.inFolder(path, { clock, ...parts });
  await store.trackedIds();
  return store;
}

/** A folder in memory if the system has one, for tests that write thousands of small files. */
export const fastDisk = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A new temporary folder. `remove` closes the stores that `window` opened, and deletes the folder. */
export class Folder {
  readonly path: string;
  readonly file: string;
  readonly recovered: HistoryRecovery[] = [];
  readonly #stores: KickoffStore[] = [];

  constructor(parent = tmpdir()) {
    this.path = mkdtempSync(join(parent, 'kickoffs-store-'));
    this.file = join(this.path, 'kickoffs.db');
  }

  /** Opens another window on the same file. `recovered` collects the recovery reports of the window. */
  async window(parts: Partial<StoreParts> = {}): Promise<KickoffStore> {
    const store = KickoffStore.inFolder(this.path, { clock, ...parts });
    this.#stores.push(store);
    store.onDidRecover((one) => this.recovered.push(one));
    await store.trackedIds();
    return store;
  }

  /** Closes the stores that `window` opened. */
  close(): void {
    for (const store of this.#stores) store.close();
  }

  remove(): void {
    this.close();
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Gives each test of a suite a new folder. */
export function useFolder(assign: (folder: Folder) => unknown): void {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
    assign(folder);
  });
  afterEach(() => folder.remove());
}

/** Gives each test of a suite a new folder, a window on it, and a deployment. */
export function useHistory(
  assign: (history: { readonly folder: Folder; readonly store: KickoffStore; readonly deployment: Deployment }) => unknown,
  parts: Partial<StoreParts> = {},
): void {
  let folder: Folder;
  useFolder((fresh) => (folder = fresh));
  beforeEach(async () => {
    const store = await folder.window(parts);
    assign({ folder, store, deployment: await store.addDeployment(url, 'Research') });
  });
}

type WindowParts = Pick<HistoryLoaderParts, 'idBackup' | 'onError' | 'log' | 'notifyRecovered'>;

/** Opens a window without responses, and loads its history. Without `timers`, its timers never run. */
export async function openQuietWindow(path: string, parts: WindowParts, timers: Partial<Clock> = {}) {
  const store = KickoffStore.inFolder(path, { clock });
  const still: Clock = { now: () => clock.now(), after: () => ({ dispose: () => undefined }), ...timers };
  const source = { observe: () => new Promise<never>(() => undefined) };
  const shared = { clock: still, random: () => 0.5, store };
  const { tracker, board, poller } = new Window({ ...shared, source, network: new ScriptedNetwork() });
  const historyLoader = new HistoryLoader({ ...shared, ...parts, tracker, board });
  await historyLoader.load();
  const close = (): void => {
    historyLoader.dispose();
    poller.dispose();
    store.close();
  };
  return { store, tracker, board, historyLoader, close };
}

/** Rejects if the promise doesn't settle within 20 seconds. `npm run tool -- mutation` has no time limit for tests, so endless loops need this limit. */
export async function soon<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error('Still waiting after 20 seconds')), 20_000)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function run(deployment: Deployment, id: string, rest: Partial<Kickoff> = {}): Kickoff {
  return { ...newKickoff({ deployment: deployment.key, id: idOf(id) }, 1_000), ...rest };
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Returns a body that doesn't compress. Two bodies of the same length are equal. */
export function noise(length: number): Uint8Array {
  const random = chance(length);
  return Uint8Array.from({ length }, () => below(256, random));
}

/** Stores the end of a run, with a response and the output of its only task. */
export function finish(store: KickoffStore, ref: KickoffRef, body = 'body'): Promise<Kickoff | undefined> {
  const task = { position: 1, name: 'Research', agent: 'Writer', hasOutput: true };
  return store.update(ref, (stored) => ({
    kickoff: { ...stored, phase: { kind: 'succeeded' }, finishedAt: 2_000, output: 'plain', isUnread: true, tasks: [task] },
    outputs: [{ position: 1, output: 'found' }],
    body: bytes(body),
  }));
}

/** Stores finished runs with the IDs `0` to `count - 1`. */
export async function filled(folder: Folder, count: number): Promise<void> {
  const store = await opened(folder.path);
  const deployment = await store.addDeployment(url, 'Research');
  for (let index = 0; index < count; index += 1)
    await finish(store, await addKickoff(store, run(deployment, `${index}`)), 'body '.repeat(index));
  store.close();
}

/** Returns the stored response of a run, or an empty text if there is none. */
export async function bodyOf(store: KickoffStore, ref: KickoffRef): Promise<string> {
  return new TextDecoder().decode(await store.body(ref));
}

/** Returns the deployments and runs that a window shows. */
export async function shownIn(store: KickoffStore): Promise<Pick<StoreSnapshot, 'deployments' | 'kickoffs'>> {
  const { deployments, kickoffs } = await store.load();
  return { deployments, kickoffs };
}

export function idsOf(kickoffs: readonly Kickoff[]): readonly string[] {
  return kickoffs.map(({ id }) => id);
}

export async function idsIn(store: KickoffStore): Promise<readonly string[]> {
  return idsOf((await store.load()).kickoffs);
}

/** Returns a SQLite module for a window, and the connections that the window opens. */
export function recordedSqlite(base = DatabaseSync) {
  const connections: DatabaseSync[] = [];
  class Recorded extends base {
    constructor(...args: ConstructorParameters<typeof DatabaseSync>) {
      super(...args);
      connections.push(this);
    }
  }
  return { connections, load: () => Promise.resolve({ DatabaseSync: Recorded }) };
}

/** Returns the error of a system call that the disk does not permit. */
export function notPermitted(syscall: string): Error {
  return Object.assign(new Error(`EPERM: operation not permitted, ${syscall}`), { code: 'EPERM', syscall });
}

/** Runs `use` on a connection outside of the store. */
export function withRaw<T>(file: string, use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

export function exec(file: string, statements: string): void {
  withRaw(file, (database) => database.exec(statements));
}

/** Returns `ok` for an intact file. */
export function integrity(file: string): unknown {
  return withRaw(file, (database) => database.prepare('PRAGMA integrity_check').get()?.['integrity_check']);
}

export const pageSize = 4096;

/** Returns the offset of the first page of a table or index. */
export function pageOf(file: string, name: string): number {
  return withRaw(file, (database) => {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return (Number(database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name)?.['rootpage']) - 1) * pageSize;
  });
}

export function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const content = readFileSync(file);
  content.set(bytes, at);
  writeFileSync(file, content);
}

/** Damages the index of the runs so that the index finds no run. All rows stay readable. */
export function breakIndex(file: string): void {
  overwrite(file, pageOf(file, 'sqlite_autoindex_kickoff_1') + 3, new Uint8Array(2));
}
