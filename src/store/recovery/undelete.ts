import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { createPrivateFile, deleteSidecars } from '#store/files';
import type { OpenConnection } from '#store/connection';

/** Copies a deleted or renamed history file back through its open connection. Never replaces a file. Returns whether copying succeeded. */
export function undelete({ connection, sidecarInodes }: OpenConnection, path: string): boolean {
  const copy = `${path}-${process.pid}`;
  try {
    if (existsSync(path)) return false;
    rmSync(copy, { force: true });
    createPrivateFile(copy);
    connection.prepare('VACUUM INTO ?').run(copy);
    deleteSidecars(path, sidecarInodes);
    return moveIntoPlace(copy, path);
  } catch {
    deleteSidecars(path, sidecarInodes);
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
