import { watch, type FSWatcher } from 'node:fs';
import type { Watch } from '../core/ports';
import { inodeOf } from './files';

/** Tells when somebody writes to the store's folder. Where that cannot be seen, as on some network disks, nothing is told. */
export class FolderWatch implements Watch {
  #watcher: FSWatcher | undefined;
  #inode: bigint | undefined;

  constructor(
    private readonly folder: string,
    private readonly written: () => void,
  ) {}

  /** Begins to watch, or goes on with the folder that has the name by now. */
  ensure(): void {
    const inode = inodeOf(this.folder);
    if (inode === undefined || inode === this.#inode) return;
    this.dispose();
    try {
      this.#watcher = watch(this.folder, { persistent: false }, () => this.written()).on('error', () => this.dispose());
      this.#inode = inode;
    } catch {
      // The system has no watcher to give: what others wrote is looked for when the window is used, and when the lease runs out.
    }
  }

  dispose(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#inode = undefined;
  }
}
