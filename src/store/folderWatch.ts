import { mkdirSync, watch, type FSWatcher } from 'node:fs';
import type { Watcher } from '#core/history/store';
import { inodeOf } from './files';

/** Returns a watcher that starts when `ensureWatching` is called. Ignores folders that can't be watched, as on some network disks. */
export function watchFolder(folder: string, onWrite: () => void): Watcher {
  let watcher: FSWatcher | undefined;
  let watchedInode: bigint | undefined;
  const dispose = (): void => {
    watcher?.close();
    watcher = undefined;
    watchedInode = undefined;
  };
  // Creates a missing folder, so that this window sees another window's first write.
  const ensureWatching = (): void => {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const inode = inodeOf(folder);
      if (inode === watchedInode) return;
      dispose();
      watcher = watch(folder, { persistent: false }, onWrite).on('error', dispose);
      watchedInode = inode;
    } catch {
      // Without a watcher, this window reads changes when the user returns to the window and when the lease expires.
    }
  };
  return { ensureWatching, dispose };
}
