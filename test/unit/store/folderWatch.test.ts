import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mock } from 'node:test';
import { watchFolder } from '#store/folderWatch';
import { KickoffStore } from '#store/store';
import { clock, useFolder, type Folder } from './support';

describe('The watch on the history folder', () => {
  let folder: Folder;

  afterEach(() => mock.restoreAll());
  useFolder((fresh) => (folder = fresh));

  /** Replaces the watchers of Node.js. `closed` contains the indexes of closed watchers. */
  function mockWatchers() {
    const closed: number[] = [];
    const watchers: EventEmitter[] = [];
    const listeners: (() => void)[] = [];
    mock.method(fs, 'watch', (_folder: string, _options: object, listener: () => void) => {
      const index = listeners.push(listener) - 1;
      watchers.push(Object.assign(new EventEmitter(), { close: () => closed.push(index) }));
      return watchers.at(-1);
    });
    return { closed, watchers, listeners };
  }

  it('switches to a folder that replaces the watched folder', () => {
    const { closed, listeners } = mockWatchers();
    let changes = 0;
    const watch = watchFolder(folder.path, () => (changes += 1));
    watch.ensureWatching();
    const moved = `${folder.path}-moved`;
    renameSync(folder.path, moved);
    watch.ensureWatching();
    assert.deepEqual([listeners.length, closed], [2, [0]]);
    listeners[1]!();
    assert.equal(changes, 1);
    watch.dispose();
    assert.deepEqual(closed, [0, 1]);
    rmSync(moved, { recursive: true });
  });

  it('replaces a watcher of the same folder only after the watcher failed', () => {
    const { watchers } = mockWatchers();
    const watch = watchFolder(folder.path, () => undefined);
    watch.ensureWatching();
    watch.ensureWatching();
    assert.equal(watchers.length, 1);
    // Without a listener, the emitter throws, which would end the extension host.
    watchers[0]!.emit('error', new Error('EPERM'));
    watch.ensureWatching();
    assert.equal(watchers.length, 2);
    watch.dispose();
  });

  it('creates a deleted folder again, and reports its changes', async () => {
    const written = new EventEmitter();
    const watch = KickoffStore.inFolder(folder.path, { clock }).watch(() => written.emit('change'));
    for (const round of [1, 2]) {
      rmSync(folder.path, { recursive: true });
      watch.ensureWatching();
      const change = once(written, 'change', { signal: AbortSignal.timeout(20_000) });
      writeFileSync(join(folder.path, 'kickoffs.db'), `${round}`);
      await assert.doesNotReject(change);
    }
    watch.dispose();
  });

  it("doesn't keep the process alive", () => {
    const watchers = () => process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;
    const before = watchers();
    const watch = watchFolder(folder.path, () => undefined);
    watch.ensureWatching();
    const after = watchers();
    watch.dispose();
    assert.equal(after, before);
  });
});
