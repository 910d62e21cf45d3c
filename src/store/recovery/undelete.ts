import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { createPrivately, removeSidecars } from '../files';
import type { Opened } from '../open';

/**
 * Puts a copy of a file that lost its name back under that name: while a connection is open, all that it held can be read still.
 * Does nothing where another window was faster, and leaves nothing where the file cannot be read.
 */
export function rescue({ connection, sidecars }: Opened, path: string): boolean {
  const copy = `${path}-${process.pid}`;
  try {
    if (existsSync(path)) return false;
    rmSync(copy, { force: true });
    createPrivately(copy);
    connection.prepare('VACUUM INTO ?').run(copy);
    removeSidecars(path, sidecars);
    return named(copy, path);
  } catch {
    removeSidecars(path, sidecars);
    return false;
  } finally {
    rmSync(copy, { force: true });
  }
}

/** By a second name, which is never another's; some disks know none. */
function named(copy: string, path: string): boolean {
  try {
    linkSync(copy, path);
    return true;
  } catch {
    if (existsSync(path)) return false;
    renameSync(copy, path);
    return true;
  }
}
