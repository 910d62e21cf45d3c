import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { createPrivately, removeSidecars } from '#store/files';
import type { Opened } from '#store/connection';

/**
 * Copies a deleted or renamed history file back to its path. The connection is still open, so SQLite can read the whole lost file. Copies
 * nothing if another window has created a new file, or if the lost file can't be read.
 */
export function undelete({ connection, sidecars }: Opened, path: string): void {
  const copy = `${path}-${process.pid}`;
  try {
    if (existsSync(path)) return;
    rmSync(copy, { force: true });
    createPrivately(copy);
    connection.prepare('VACUUM INTO ?').run(copy);
    removeSidecars(path, sidecars);
    moveIntoPlace(copy, path);
  } catch {
    removeSidecars(path, sidecars);
  } finally {
    rmSync(copy, { force: true });
  }
}

/**
 * Moves the copy into place with a hard link, which never overwrites another window's file. Falls back to rename on a disk without hard
 * links.
 */
function moveIntoPlace(copy: string, path: string): void {
  try {
    linkSync(copy, path);
  } catch {
    if (!existsSync(path)) renameSync(copy, path);
  }
}
