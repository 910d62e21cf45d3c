import assert from 'node:assert/strict';
import fs from 'node:fs';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mock } from 'node:test';
import { backupPath, deleteCopies, inodeOf, sidecarInodes, isFolderUnused, deleteSidecars, renameDamagedFile } from '#store/files';
import { notPermitted, useFolder, type Folder } from './support';

type FileFunction = 'existsSync' | 'readdirSync' | 'renameSync' | 'statSync';

/** Simulates another window that acts after each matching call of a function of `node:fs`. */
function afterEachCall(name: FileFunction, path: RegExp, act: () => void): void {
  const call = fs[name] as (...args: readonly unknown[]) => unknown;
  mock.method(fs, name, (...args: readonly unknown[]) => {
    const result = call(...args);
    if (path.test(String(args[0]))) act();
    return result;
  });
}

let folder: Folder;

function useMockedFolder(): void {
  afterEach(() => mock.restoreAll());
  useFolder((fresh) => {
    folder = fresh;
    let searches = 0;
    // Ends an endless search for a free name.
    afterEachCall('existsSync', /./, () => assert.ok((searches += 1) < 20));
  });
}

/** Creates files that contain their own names. */
function create(...names: readonly string[]): void {
  for (const name of names) writeFileSync(join(folder.path, name), name);
}

const names = (): readonly string[] => readdirSync(folder.path).sort();
const now = Date.UTC(2026, 10, 28, 4, 21, 9, 7);
const dated = 'kickoffs.damaged-2026-11-28T04-21-09.007Z';

describe('Renaming a damaged history file', () => {
  useMockedFolder();

  it('adds the time in UTC to the names of the file and its sidecars', () => {
    create('kickoffs.db', 'kickoffs.db-wal', 'kickoffs.db-shm');
    assert.equal(renameDamagedFile(folder.file, inodeOf(folder.file), now), join(folder.path, `${dated}.db`));
    assert.deepEqual(names(), [`${dated}.db`, `${dated}.db-shm`, `${dated}.db-unread`, `${dated}.db-wal`]);
    assert.equal(readFileSync(join(folder.path, `${dated}.db-wal`), 'utf8'), 'kickoffs.db-wal');
  });

  it('creates an empty .db-unread file that only the user can access', () => {
    const before = process.umask(0);
    try {
      create('kickoffs.db');
      renameDamagedFile(folder.file, inodeOf(folder.file), now);
      const { size, mode } = statSync(join(folder.path, `${dated}.db-unread`));
      assert.deepEqual([size, mode & 0o777], [0, 0o600]);
    } finally {
      process.umask(before);
    }
  });

  it('adds a number to the name if another file or sidecar already has that name', () => {
    create(`${dated}.db`, `${dated}-2.db-wal`, 'kickoffs.db');
    assert.equal(renameDamagedFile(folder.file, inodeOf(folder.file), now), join(folder.path, `${dated}-3.db`));
  });

  it('leaves other files alone if the damaged file is no longer at its path', () => {
    create('kickoffs.db', 'new.db', 'kickoffs.db-wal');
    const damaged = inodeOf(folder.file);
    renameSync(join(folder.path, 'new.db'), folder.file);
    assert.equal(renameDamagedFile(folder.file, damaged, now), undefined);
    assert.equal(renameDamagedFile(folder.file, undefined, now), undefined);
    assert.deepEqual(names(), ['kickoffs.db', 'kickoffs.db-wal']);
    rmSync(folder.file);
    assert.equal(renameDamagedFile(folder.file, undefined, now), undefined);
    assert.deepEqual(names(), ['kickoffs.db-wal']);
  });

  it('creates no .db-unread file if the damaged file disappears at the same time', () => {
    create('kickoffs.db', 'kickoffs.db-wal');
    afterEachCall('renameSync', /-wal$/, () => rmSync(folder.file));
    assert.equal(renameDamagedFile(folder.file, inodeOf(folder.file), now), undefined);
    assert.deepEqual(names(), [`${dated}.db-wal`]);
  });

  it('throws if another program prevents the renaming', () => {
    create('kickoffs.db');
    mock.method(fs, 'renameSync', () => {
      throw notPermitted('rename');
    });
    assert.throws(() => renameDamagedFile(folder.file, inodeOf(folder.file), now), { code: 'EPERM' });
    assert.deepEqual(names(), ['kickoffs.db']);
  });
});

describe('A history folder', () => {
  useMockedFolder();

  for (const isRemovedMeanwhile of [false, true])
    it(`keeps only a new sidecar when the sidecars of a lost file are deleted${isRemovedMeanwhile ? ', even by two windows' : ''}`, () => {
      create('kickoffs.db-wal', 'kickoffs.db-shm', 'new');
      const lost = sidecarInodes(folder.file);
      renameSync(join(folder.path, 'new'), `${folder.file}-wal`);
      if (isRemovedMeanwhile) afterEachCall('statSync', /-shm$/, () => rmSync(`${folder.file}-shm`));
      deleteSidecars(folder.file, lost);
      assert.deepEqual(names(), ['kickoffs.db-wal']);
    });

  it('keeps a sidecar that another window creates while the sidecars of a lost file are deleted', () => {
    afterEachCall('statSync', /-wal$/, () => create('kickoffs.db-wal'));
    deleteSidecars(folder.file, [undefined, undefined]);
    assert.deepEqual(names(), ['kickoffs.db-wal']);
  });

  it('keeps all files except copies of the history when the copies are deleted, even by two windows', () => {
    const copies = ['kickoffs.backup.db', 'kickoffs.damaged-2026.db', 'kickoffs.damaged-2026.db-unread', 'kickoffs.db-4711', '7.part'];
    const others = ['kickoffs.db', 'kickoffs.db-wal', 'my-kickoffs.db', 'notes.txt', 'parts'];
    create(...copies, ...others);
    afterEachCall('readdirSync', /./, () => rmSync(backupPath(folder.file), { force: true }));
    deleteCopies(folder.file);
    assert.deepEqual(names(), others);
  });

  it('that can be read is reported as used only if it contains a file of the history', () => {
    const missing = join(folder.path, 'missing');
    assert.equal(isFolderUnused(missing), true);
    mkdirSync(missing);
    assert.equal(isFolderUnused(missing), true);
    create('my-kickoffs.db');
    assert.equal(isFolderUnused(folder.path), true);
    create('kickoffs.backup.db');
    assert.equal(isFolderUnused(folder.path), false);
  });

  it("is reported as used if it can't be read", () => {
    create('file');
    assert.equal(isFolderUnused(join(folder.path, 'file')), false);
  });
});
