import { mkdirSync, watch, type FSWatcher } from 'node:fs';
import type { Watcher } from '#core/history/store';
import { inodeOf } from './files';

/** Watches the history's folder for changes of any window. Some folders can't be watched, for example on some network disks. */
export class FolderWatch implements Watcher {
  #watcher: FSWatcher | undefined;
  #inode: bigint | undefined;

  constructor(
    private readonly folder: string,
    private readonly onDidWrite: () => void,
  ) {}

  /** Starts watching. Creates a missing folder, so that this window sees another window's first write. */
  ensure(): void {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const inode = inodeOf(this.folder);
      if (inode === this.#inode) return;
      this.dispose();
      this.#watcher = watch(this.folder, { persistent: false }, () => this.onDidWrite()).on('error', () => this.dispose());
      this.#inode = inode;
    } catch {
      // Without a watcher, this window reads changes when the user returns to the window and when the lease expires.
    }
  }

  dispose(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#inode = undefined;
  }
}
