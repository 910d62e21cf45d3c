import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { createPrivately, removeSidecars } from '#store/files';
import type { Opened } from '#store/connection';

/**
 * Copies a deleted or renamed file back under its name. Its whole content can still be read while a connection to it is open.
 * Does nothing if another window has created a file, or if the lost one can't be read.
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

/** Uses a hard link, which never overwrites another window's file. Falls back to rename where the disk has no links. */
function moveIntoPlace(copy: string, path: string): void {
  try {
    linkSync(copy, path);
  } catch {
    if (!existsSync(path)) renameSync(copy, path);
  }
}
