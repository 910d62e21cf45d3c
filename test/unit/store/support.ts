import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { HistoryRecovered, StoreSnapshot } from '#core/history/store';
import type { Deployment } from '#core/kickoff/deployment';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import { newKickoff, type Kickoff } from '#core/kickoff/kickoff';
import { kickoffId } from '#core/kickoff/kickoffId';
import type { Clock } from '#core/lib/types';
import { KickoffStore, type StoreParts } from '#store/store';

/** A clock with the real time, because the store waits for locks of other processes. */
export const clock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};

export const url = canonicalUrl('https://research-0a1b2c3d.crewai.example')!;

/** Opens the run history of a folder and reads it, like a window. */
export async function opened(path: string, parts: Partial<StoreParts> = {}): Promise<KickoffStore> {
  const store = KickoffStore.of(path, { clock, ...parts });
  await store.trackedIds();
  return store;
}

/** A folder in memory if the system has one, for tests that write thousands of small files. */
export const fastDisk = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A new temporary folder. `remove` closes the stores that `window` opened, and deletes the folder. */
export class Folder {
  readonly path: string;
  readonly file: string;
  readonly recovered: HistoryRecovered[] = [];
  readonly #stores: KickoffStore[] = [];

  constructor(parent = tmpdir()) {
    this.path = mkdtempSync(join(parent, 'kickoffs-store-'));
    this.file = join(this.path, 'kickoffs.db');
  }

  /** Opens another window on the same file. `recovered` collects the recovery reports of the window. */
  async window(parts: Partial<StoreParts> = {}): Promise<KickoffStore> {
    const store = KickoffStore.of(this.path, { clock, ...parts });
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

/** Rejects if the promise doesn't settle within 20 seconds. `npm run mutation` has no time limit for tests, so endless loops need this limit. */
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
  return { ...newKickoff({ deployment: deployment.key, id: kickoffId(id)! }, 1_000), ...rest };
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Returns a body that doesn't compress. */
export function noise(length: number): Uint8Array {
  return Uint8Array.from({ length }, () => Math.random() * 256);
}

/** Returns the deployments and runs that a window shows. */
export async function shownIn(store: KickoffStore): Promise<Pick<StoreSnapshot, 'deployments' | 'kickoffs'>> {
  const { deployments, kickoffs } = await store.load();
  return { deployments, kickoffs };
}

export async function idsIn(store: KickoffStore): Promise<readonly string[]> {
  return (await store.load()).kickoffs.map(({ id }) => id);
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
