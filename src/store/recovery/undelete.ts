import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { createPrivately, removeSidecars } from '#store/files';
import type { Opened } from '#store/connection';

/** Copies a deleted or renamed history file back through its open connection. Never replaces a file. Returns whether copying succeeded. */
export function undelete({ connection, sidecars }: Opened, path: string): boolean {
  const copy = `${path}-${process.pid}`;
  try {
    if (existsSync(path)) return false;
    rmSync(copy, { force: true });
    createPrivately(copy);
    connection.prepare('VACUUM INTO ?').run(copy);
    removeSidecars(path, sidecars);
    return moveIntoPlace(copy, path);
  } catch {
    removeSidecars(path, sidecars);
    return false;
  } finally {
    rmSync(copy, { force: true });
  }
}

/** Moves the copy with a hard link, which never overwrites another window's file. Falls back to rename on a disk without hard links. */
function moveIntoPlace(copy: string, path: string): boolean {
  try {
    linkSync(copy, path);
  } catch {
    if (existsSync(path)) return false;
    renameSync(copy, path);
  }
  return true;
}
