import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { createPrivateFile, deleteSidecars } from '#store/files';
import type { OpenConnection } from '#store/connection';

/** Copies a deleted or renamed history file back through its open connection. Never replaces a file. Returns whether copying succeeded. */
export function undelete({ connection, sidecarInodes }: OpenConnection, path: string): boolean {
  const copyPath = `${path}-${process.pid}`;
  try {
    if (existsSync(path)) return false;
    rmSync(copyPath, { force: true });
    createPrivateFile(copyPath);
    connection.prepare('VACUUM INTO ?').run(copyPath);
    deleteSidecars(path, sidecarInodes);
    return moveIntoPlace(copyPath, path);
  } catch {
    deleteSidecars(path, sidecarInodes);
    return false;
  } finally {
    rmSync(copyPath, { force: true });
  }
}

/** Moves the copy with a hard link, which never overwrites another window's file. Falls back to rename on a disk without hard links. */
function moveIntoPlace(copyPath: string, path: string): boolean {
  try {
    linkSync(copyPath, path);
  } catch {
    if (existsSync(path)) return false;
    renameSync(copyPath, path);
  }
  return true;
}
