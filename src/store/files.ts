import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';

const sidecars = ['-wal', '-shm'] as const;
/** The file, its copies, those that were set aside, and what SQLite keeps beside each. */
const ofHistory = /^kickoffs\./;
/** Ends the name of a mark beside a file that was set aside. */
const unread = '-unread';

/**
 * Makes the folder and an empty file that only the user can read; SQLite gives its other files the same mode.
 * A file that exists is never opened here: closing it would drop the locks that SQLite holds on it in this process.
 */
export function createPrivately(path: string): void {
  fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    fs.closeSync(fs.openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    if ((fs.statSync(path).mode & 0o077) !== 0) fs.chmodSync(path, 0o600);
  }
}

/** Tells one file from another that has taken its name. */
export function inodeOf(path: string): bigint | undefined {
  return fs.statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** What `inodeOf` says of the files that SQLite keeps beside it. */
export function inodesOfSidecars(path: string): readonly (bigint | undefined)[] {
  return sidecars.map((sidecar) => inodeOf(path + sidecar));
}

/** Deletes what a lost file left beside its name, but never what belongs to the next one: it would be taken for that one's changes. */
export function removeSidecars(path: string, inodes: readonly (bigint | undefined)[]): void {
  sidecars.forEach((sidecar, index) => {
    const inode = inodeOf(path + sidecar);
    if (inode !== undefined && inode === inodes[index]) fs.rmSync(path + sidecar, { force: true });
  });
}

/** Where the copy of the small tables is. */
export function backupOf(path: string): string {
  return path.replace(/\.db$/, '.backup.db');
}

/** When a file was written; undefined when it is not there. */
export function writtenAt(path: string): number | undefined {
  return fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** Deletes all in the folder but the file itself: copies, damaged ones, and what a crash left unfinished, for somebody who wants it all gone. */
export function removeCopies(path: string): void {
  const kept = ['', ...sidecars].map((sidecar) => basename(path + sidecar));
  for (const name of fs.readdirSync(dirname(path)))
    if ((ofHistory.test(name) || name.endsWith('.part')) && !kept.includes(name)) fs.rmSync(join(dirname(path), name), { force: true });
}

/** Nothing was ever kept in that folder. What cannot be read is left to what says why. */
export function isUnused(folder: string): boolean {
  try {
    return !fs.readdirSync(folder).some((name) => ofHistory.test(name));
  } catch (error) {
    return hasCode(error, 'ENOENT');
  }
}

/** A file cut to nothing beside a log of its changes, which SQLite would delete without a word. */
export function isCutOff(path: string): boolean {
  const log = fs.statSync(`${path}-wal`, { throwIfNoEntry: false });
  return log !== undefined && log.size > 0 && fs.statSync(path).size === 0;
}

/**
 * Gives a damaged file and its sidecars a dated name; nothing is deleted or overwritten.
 * Undefined when the file is not there any more under its name, because another window was faster.
 */
export function setAside(path: string, inode: bigint | undefined, now: number): string | undefined {
  const aside = freeName(dirname(path), new Date(now).toISOString().replaceAll(':', '-'));
  if (inode === undefined || inodeOf(path) !== inode) return undefined;
  for (const sidecar of sidecars) move(path + sidecar, aside + sidecar);
  if (!move(path, aside)) return undefined;
  try {
    fs.writeFileSync(aside + unread, '', { mode: 0o600 });
  } catch {
    // On a full disk it is not read again; that it is out of the way counts more.
  }
  return aside;
}

/** The files that were set aside and not read to their end yet. */
export function asideUnread(path: string): readonly string[] {
  if (!fs.existsSync(dirname(path))) return [];
  const marks = fs
    .readdirSync(dirname(path))
    .filter((name) => name.endsWith(unread))
    .toSorted();
  return marks.map((name) => join(dirname(path), name.slice(0, -unread.length)));
}

/** Those of them that were in use when the backup was there already, the last one last: they say what came after it. */
export function asideSinceBackup(path: string): readonly string[] {
  const then = writtenAt(backupOf(path)) ?? 0;
  return asideUnread(path)
    .toSorted()
    .filter((file) => fs.existsSync(file) && !isCutOff(file) && (writtenAt(file + unread) ?? 0) >= then);
}

/** A file that was set aside need not be read again. */
export function asideWasRead(aside: string): void {
  fs.rmSync(aside + unread, { force: true });
}

function freeName(folder: string, date: string): string {
  for (let count = 1; ; count += 1) {
    const name = join(folder, `kickoffs.damaged-${date}${count > 1 ? `-${count}` : ''}.db`);
    if (!['', ...sidecars].some((sidecar) => fs.existsSync(name + sidecar))) return name;
  }
}

function move(from: string, to: string): boolean {
  try {
    fs.renameSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
