import { readFileSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { backupOf, writtenAt } from './files';

const day = 24 * 3_600_000;

/** What the thread does, in words of its own: it reads every page, which takes seconds where there are large answers. */
const thread = `
const { DatabaseSync } = require('node:sqlite');
const { parentPort, workerData } = require('node:worker_threads');
const { path, damages } = workerData;
try {
  const database = new DatabaseSync(path, { readOnly: true });
  parentPort.postMessage(database.prepare('PRAGMA integrity_check(1)').get().integrity_check === 'ok');
  database.close();
} catch (error) {
  if (!damages.includes(error.errcode & 0xff)) throw error;
  parentPort.postMessage(false);
}`;

/** The last check is a day old, or there is no copy. The copy's own age tells nothing: each removal makes another. */
export function isDue(path: string, now: number): boolean {
  return Math.abs(now - checkedAt(path)) >= day || writtenAt(backupOf(path)) === undefined;
}

function checkedAt(path: string): number {
  try {
    return Number(readFileSync(markOf(path), 'utf8')) || 0;
  } catch {
    return 0;
  }
}

function markOf(path: string): string {
  return path.replace(/\.db$/, '.checked');
}

/** Reads the whole file, and keeps a mark when it is sound; rejects where that cannot be told. */
export async function foundSound(path: string, damages: readonly number[], now: number): Promise<boolean> {
  const sound = await isSound(path, damages);
  if (sound) writeFileSync(markOf(path), String(now), { mode: 0o600 });
  return sound;
}

/** On another thread: it takes seconds. */
function isSound(path: string, damages: readonly number[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(thread, { eval: true, workerData: { path, damages } });
    worker.once('message', (sound) => resolve(sound === true));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The check of the history ended early.')));
  });
}
