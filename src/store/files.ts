import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '#core/lib/errors';

/** Suffixes of the files that SQLite creates beside a database. */
const sidecarSuffixes = ['-wal', '-shm'] as const;
/** Matches the names of the history file, its copies, damaged files, and all their sidecars. */
const historyFilePattern = /^kickoffs\./;
/** Suffix of an empty file that marks a damaged file whose responses aren't recovered yet. */
const unrecoveredSuffix = '-unread';

/** Creates a private file, or makes an existing one private. Doesn't open an existing file: closing it would drop SQLite's locks. */
export function createPrivateFile(path: string): void {
  fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    fs.closeSync(fs.openSync(path, 'wx', 0o600));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if ((fs.statSync(path).mode & 0o077) !== 0) fs.chmodSync(path, 0o600);
  }
}

/** Returns the inode, or `undefined` without a file. A different inode at the same path means that the file was replaced. */
export function inodeOf(path: string): bigint | undefined {
  return fs.statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

export function sidecarInodes(path: string): readonly (bigint | undefined)[] {
  return sidecarSuffixes.map((suffix) => inodeOf(path + suffix));
}

/** Deletes the sidecars with these inodes, which a lost file left behind. SQLite would use the old log for the next file. */
export function deleteSidecars(path: string, inodes: readonly (bigint | undefined)[]): void {
  sidecarSuffixes.forEach((suffix, index) => {
    const inode = inodeOf(path + suffix);
    if (inode !== undefined && inode === inodes[index]) fs.rmSync(path + suffix, { force: true });
  });
}

export function backupPath(historyPath: string): string {
  return historyPath.replace(/\.db$/, '.backup.db');
}

export function deleteBackup(historyPath: string): void {
  fs.rmSync(backupPath(historyPath), { force: true });
}

/** Deletes all copies of the history: the backup, damaged files, and unfinished copies and downloads. */
export function deleteCopies(historyPath: string): void {
  const currentNames = ['', ...sidecarSuffixes].map((suffix) => basename(historyPath + suffix));
  for (const name of fs.readdirSync(dirname(historyPath)))
    if ((historyFilePattern.test(name) || name.endsWith('.part')) && !currentNames.includes(name))
      fs.rmSync(join(dirname(historyPath), name), { force: true });
}

/** Whether a folder contains no history. False if the folder can't be read, so that opening the history throws the reason. */
export function isFolderUnused(folder: string): boolean {
  try {
    return !fs.readdirSync(folder).some((name) => historyFilePattern.test(name));
  } catch (error) {
    return codeOf(error) === 'ENOENT';
  }
}

/** Whether a file is empty but its write-ahead log isn't. SQLite would delete the log. */
export function isTruncated(path: string): boolean {
  const log = fs.statSync(`${path}-wal`, { throwIfNoEntry: false });
  return log !== undefined && log.size > 0 && fs.statSync(path).size === 0;
}

/** Renames a damaged file, and marks it for recovery. Returns the new path, or `undefined` if the file is gone or replaced. */
export function renameDamagedFile(path: string, inode: bigint | undefined, now: number): string | undefined {
  const damagedPath = newDamagedPath(dirname(path), new Date(now).toISOString().replaceAll(':', '-'));
  if (inode === undefined || inodeOf(path) !== inode) return undefined;
  for (const suffix of sidecarSuffixes) moveIfPresent(path + suffix, damagedPath + suffix);
  if (!moveIfPresent(path, damagedPath)) return undefined;
  try {
    fs.writeFileSync(damagedPath + unrecoveredSuffix, '', { mode: 0o600 });
  } catch {
    // Writing fails on a full disk, for example. A new history is opened even so, without the rows of the damaged file.
  }
  return damagedPath;
}

/** Returns the paths of damaged files that are marked for recovery, oldest first. */
export function unrecoveredPaths(historyPath: string): readonly string[] {
  const folder = dirname(historyPath);
  if (!fs.existsSync(folder)) return [];
  const markNames = fs.readdirSync(folder).filter((name) => name.endsWith(unrecoveredSuffix));
  return markNames.toSorted().map((name) => join(folder, name.slice(0, -unrecoveredSuffix.length)));
}

/** Returns the files whose rows can fill a new file: damaged files, newest first, then the backup, which is older. */
export function recoveryPaths(historyPath: string): readonly string[] {
  const paths = [...unrecoveredPaths(historyPath).toReversed(), backupPath(historyPath)];
  return paths.filter((file) => fs.existsSync(file) && !isTruncated(file));
}

export function markRecovered(damagedPath: string): void {
  fs.rmSync(damagedPath + unrecoveredSuffix, { force: true });
}

/** Deletes damaged files that were last written before a time, and whose responses are recovered. They may contain removed runs. */
export function deleteRecoveredFiles(historyPath: string, before: number): void {
  const folder = dirname(historyPath);
  const unrecoveredNames = unrecoveredPaths(historyPath).map((path) => basename(path));
  for (const name of fs.readdirSync(folder)) {
    const [damagedName] = /^kickoffs\.damaged-.*\.db/.exec(name) ?? [];
    if (damagedName === undefined || unrecoveredNames.includes(damagedName)) continue;
    const path = join(folder, name);
    if ((fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? before) < before) fs.rmSync(path, { force: true });
  }
}

function newDamagedPath(folder: string, timestamp: string): string {
  for (let number = 1; ; number += 1) {
    const path = join(folder, `kickoffs.damaged-${timestamp}${number > 1 ? `-${number}` : ''}.db`);
    if (!['', ...sidecarSuffixes].some((suffix) => fs.existsSync(path + suffix))) return path;
  }
}

function moveIfPresent(from: string, to: string): boolean {
  try {
    fs.renameSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
