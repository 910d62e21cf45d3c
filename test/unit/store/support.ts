import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalUrl, type Deployment } from '../../../src/core/deployment';
import { tracked, type Kickoff } from '../../../src/core/kickoff';
import { kickoffId } from '../../../src/core/kickoffId';
import type { Clock, Mended } from '../../../src/core/ports';
import { KickoffStore, type StoreParts } from '../../../src/store/store';
import type { Known } from '../../../src/store/restore';

/** The store waits on locks that other processes hold, so its tests run by the real time. */
export const clock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};

export const url = canonicalUrl('https://research-0a1b2c3d.crewai.example')!;

/** Opens the history of a folder, as a window does that shows what it holds. */
export async function opened(path: string, parts: Partial<StoreParts> = {}): Promise<KickoffStore> {
  const store = KickoffStore.of(path, { clock, ...parts });
  await store.knownIds();
  return store;
}

/** A disk in memory where there is one: for tests that make thousands of small files, and would wait for the disk alone. */
export const fastDisk = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A new folder for each test, removed with the stores in it when the test ends. */
export class Folder {
  readonly path: string;
  readonly file: string;
  readonly mended: Mended[] = [];
  readonly #stores: KickoffStore[] = [];

  constructor(parent = tmpdir()) {
    this.path = mkdtempSync(join(parent, 'kickoffs-store-'));
    this.file = join(this.path, 'kickoffs.db');
  }

  /** Another window on the same file; what is told of the file is in `mended`. */
  async window(parts: Partial<StoreParts> = {}): Promise<KickoffStore> {
    const store = KickoffStore.of(this.path, { clock, ...parts });
    this.#stores.push(store);
    store.onDidMend((one) => this.mended.push(one));
    await store.knownIds();
    return store;
  }

  remove(): void {
    for (const store of this.#stores) store.close();
    rmSync(this.path, { recursive: true, force: true });
  }
}

export function run(deployment: Deployment, id: string, rest: Partial<Kickoff> = {}): Kickoff {
  return { ...tracked({ deployment: deployment.key, id: kickoffId(id)! }, 1_000), ...rest };
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What a window shows of the history. */
export async function shownIn(store: KickoffStore): Promise<Known> {
  const { deployments, kickoffs } = await store.load();
  return { deployments, kickoffs };
}
