import assert from 'node:assert/strict';
import { addKickoff, deletesTokens } from '#test/support/builders';
import fs from 'node:fs';
import { copyFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mock } from 'node:test';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { KickoffStore } from '#store/store';
import { sidecarInodes } from '#store/files';
import { undelete } from '#store/recovery/undelete';
import { bodyOf, finish, Folder, idsIn, integrity, notPermitted, run, url, useHistory, withRaw } from '#test/unit/store/support';

const sidecars = ['', '-wal', '-shm'];

describe('An open history file that disappears', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;
  let ended: Kickoff;

  afterEach(() => mock.restoreAll());
  useHistory((history) => ({ folder, store, deployment } = history));
  beforeEach(async () => {
    ended = await addKickoff(store, run(deployment, 'ended'));
    await finish(store, ended);
  });

  function deleteAll(): void {
    for (const name of sidecars) rmSync(folder.file + name);
  }

  const losses: Readonly<Record<string, () => void>> = {
    'deleted with its sidecars': deleteAll,
    'deleted without its sidecars': () => rmSync(folder.file),
    'deleted on a disk without hard links': () => {
      mock.method(fs, 'linkSync', () => {
        throw notPermitted('link');
      });
      deleteAll();
    },
    renamed: () => renameSync(folder.file, join(folder.path, 'mine.db')),
  };
  for (const [name, lose] of Object.entries(losses))
    it(`is restored completely by the next write after it was ${name}`, async () => {
      lose();
      await addKickoff(store, run(deployment, 'new'));

      const other = await folder.window();
      assert.deepEqual(await idsIn(other), ['ended', 'new']);
      assert.equal(await bodyOf(other, ended), 'body');
      assert.deepEqual([...(await other.taskOutputs(ended))], [[1, 'found']]);
      assert.deepEqual(folder.recovered, [{ isNew: false }]);
      assert.equal(statSync(folder.file).mode & 0o777, 0o600);
      assert.equal(integrity(folder.file), 'ok');
      const files = readdirSync(folder.path).filter((name) => name.startsWith('kickoffs'));
      assert.deepEqual(files, ['kickoffs.db', 'kickoffs.db-shm', 'kickoffs.db-wal']);
    });

  it('is restored without pages from its old log, even if another window has that log open', async () => {
    const other = await folder.window();
    const label = 'a label that fills the page '.repeat(9);
    const runs = Array.from({ length: 220 }, (_, index) => run(deployment, `${index}`, { label }));
    for (const one of runs.slice(0, 200)) await addKickoff(store, one);
    await store.remove(runs.slice(0, 100), 1);
    await store.purge(10, deletesTokens);
    withRaw(folder.file, (database) => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
    // The log contains pages of a file with gaps. The restored file has no gaps, so it has other pages at these places.
    for (const one of runs.slice(200)) await addKickoff(other, one);
    const before = await idsIn(store);
    rmSync(folder.file);
    await addKickoff(store, run(deployment, 'new'));
    await addKickoff(other, run(deployment, 'newer'));
    for (const window of [store, other, await folder.window()]) assert.deepEqual(await idsIn(window), [...before, 'new', 'newer']);
    assert.deepEqual(folder.recovered, [{ isNew: false }, { isNew: false }], 'the restored file is not damaged');
    assert.equal(integrity(folder.file), 'ok');
  });

  it("is replaced by a new file if it can't be read anymore", async () => {
    class Unreadable extends DatabaseSync {
      override prepare(sql: string): ReturnType<DatabaseSync['prepare']> {
        if (sql.startsWith('VACUUM')) throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
        return super.prepare(sql);
      }
    }
    const unlucky = await folder.window({ loadSqlite: () => Promise.resolve({ DatabaseSync: Unreadable }) });
    await unlucky.load();
    rmSync(folder.file);
    await unlucky.addDeployment(url, 'Again');
    assert.deepEqual(await idsIn(unlucky), []);
    assert.deepEqual(folder.recovered, [{ isNew: false }], 'the log of the lost file is not a damaged file');
    assert.equal(integrity(folder.file), 'ok');
  });

  for (const hasLinks of [true, false])
    it(`is never restored over another window's new file on a disk with${hasLinks ? '' : 'out'} hard links`, async () => {
      const other = new Folder();
      await (await other.window()).addDeployment('https://other.example' as typeof url, 'Other');
      other.close();
      const link = fs.linkSync;
      let mode = 0;
      mock.method(fs, 'linkSync', (from: string, to: string) => {
        mode = statSync(from).mode & 0o777;
        copyFileSync(other.file, to);
        if (!hasLinks) throw notPermitted('link');
        link(from, to);
      });
      deleteAll();
      const { deployments } = await store.load();
      assert.deepEqual([deployments.map(({ label }) => label), mode], [['Other'], 0o600]);
      other.remove();
    });

  it('leaves the sidecars unchanged if another file is already at its path', () => {
    const connection = new DatabaseSync(folder.file);
    const sidecars = sidecarInodes(folder.file);
    copyFileSync(folder.file, join(folder.path, 'copy.db'));
    renameSync(join(folder.path, 'copy.db'), folder.file);
    undelete({ connection, inode: undefined, sidecarInodes: sidecars, isFileRecovered: false, isReadOnly: false }, folder.file);
    assert.deepEqual(sidecarInodes(folder.file), sidecars);
    assert.ok(!sidecars.includes(undefined));
    connection.close();
  });
});
