import assert from 'node:assert/strict';
import { addKickoff, deletesTokens } from '#test/support/builders';
import { chmodSync, existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { HistoryRecovery } from '#core/history/store';
import { HistoryFailure } from '#core/lib/errors';
import { Database } from '#store/database';
import { KickoffStore } from '#store/store';
import { clock, hurried, recordedSqlite, run, url, useFolder, type Folder } from './support';

/** Returns a function that throws the error at its first call only. */
function failingOnce(error: Error): () => string {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls === 1) throw error;
    return 'read';
  };
}

describe('The connection to the run history', () => {
  let folder: Folder;

  useFolder((fresh) => (folder = fresh));

  it('creates no folder or file before the first write', async () => {
    rmSync(folder.path, { recursive: true });
    const store = await folder.window();
    const lease = { epoch: 0, beat: 0, beatAt: 0 };
    const empty = { revision: 0, lease, healthRecords: [], deployments: [], starts: [], kickoffs: [], isFullReload: true };
    assert.deepEqual(await store.load(), empty);
    assert.deepEqual(await store.load(0), empty);
    await store.purge(Date.now(), deletesTokens);
    assert.deepEqual(
      [await store.trackedIds(), await store.urls(), await store.recoverResponses()],
      [{ rows: [], versions: [] }, [], false],
    );
    await store.backUp();
    assert.equal(existsSync(folder.path), false);
  });

  it("reads another window's first write to a missing history without reporting a recovery", async () => {
    rmSync(folder.path, { recursive: true });
    const [store, other] = [await folder.window(), await folder.window()];
    await store.load();
    await addKickoff(other, run(await other.addDeployment(url, 'Research'), 'a'));
    assert.equal((await store.load(0)).kickoffs.length, 1);
    assert.deepEqual(folder.recovered, []);
  });

  it('opens with the next call once the folder can be created', async () => {
    rmSync(folder.path, { recursive: true });
    writeFileSync(folder.path, 'in the way');
    const store = KickoffStore.inFolder(folder.path, { clock });
    await assert.rejects(store.load(), { kind: 'other' });
    await assert.rejects(store.addDeployment(url, 'Research'), { kind: 'other' });
    rmSync(folder.path);
    assert.equal((await store.addDeployment(url, 'Research')).label, 'Research');
    store.close();
  });

  it('opens with the next call once no other program has the lock', async () => {
    const first = await folder.window();
    await first.addDeployment(url, 'Research');
    first.close();
    const locking = new DatabaseSync(folder.file);
    locking.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const store = KickoffStore.inFolder(folder.path, { clock: hurried });
    await assert.rejects(store.load(), { kind: 'locked' });
    locking.close();
    assert.equal((await store.load()).deployments.length, 1);
    assert.ok(!readdirSync(folder.path).some((name) => name.includes('damaged')));
    store.close();
  });

  it('rejects writes with the reason if VS Code has no SQLite', async () => {
    const store = KickoffStore.inFolder(folder.path, { clock, loadSqlite: () => Promise.reject(new Error('No such built-in module')) });
    await assert.rejects(store.addDeployment(url, 'Research'), {
      kind: 'unavailable',
      message: "Can't save run history: this editor doesn't include SQLite. Update the editor, or use VS Code 1.104 or later.",
    });
    assert.deepEqual(readdirSync(folder.path), []);
    store.close();
  });

  // Windows can't rename an open file.
  it('renames only one damaged file and leaves no file open, even if each new file is damaged too', async () => {
    class Broken extends DatabaseSync {
      override prepare(sql: string): ReturnType<DatabaseSync['prepare']> {
        if (sql.includes('integrity_check')) throw Object.assign(new Error('malformed'), { errcode: 11 });
        return super.prepare(sql);
      }
    }
    const store = await folder.window();
    await store.addDeployment(url, 'Research');
    store.close();
    const { connections, load } = recordedSqlite(Broken);
    const unlucky = KickoffStore.inFolder(folder.path, { clock, loadSqlite: load });
    for (const _ of [1, 2, 3]) await assert.rejects(unlucky.load(), { kind: 'damaged' });
    assert.ok(connections.length > 3 && !connections.some(({ isOpen }) => isOpen));
    unlucky.close();
    assert.equal(readdirSync(folder.path).filter((name) => /damaged.*\.db$/.test(name)).length, 1);
  });

  it('reports no renamed file if another window has renamed the damaged file', async () => {
    const database = new Database(folder.file, { clock, random: Math.random });
    await new KickoffStore(database).addDeployment(url, 'Research');
    const recovered: HistoryRecovery[] = [];
    database.onDidRecover((one) => recovered.push(one));
    let isDamaged = true;
    await database.withConnection(() => {
      if (!isDamaged) return;
      isDamaged = false;
      for (const name of ['-wal', '-shm', '']) renameSync(folder.file + name, join(folder.path, `kickoffs.damaged-2026.db${name}`));
      throw new HistoryFailure('damaged');
    });
    database.close();
    assert.deepEqual(recovered, [{ isNew: false }]);
  });

  const tooBig = Object.assign(new Error('string or blob too big'), { errcode: 18 });

  /** Opens a history with a run and a backup. `recovered` contains its recoveries. */
  async function openWithBackup() {
    const database = new Database(folder.file, { clock, random: Math.random });
    const store = new KickoffStore(database);
    await addKickoff(store, run(await store.addDeployment(url, 'Research'), 'a'));
    await store.backUp();
    const recovered: HistoryRecovery[] = [];
    database.onDidRecover((one) => recovered.push(one));
    return { database, store, recovered };
  }

  it("doesn't start a recovery if a write is too big", async () => {
    const { database, recovered } = await openWithBackup();
    await assert.rejects(database.write(failingOnce(tooBig)), { kind: 'damaged' });
    assert.deepEqual(recovered, []);
    database.close();
  });

  it("recovers from a value that SQLite can't read because its length is damaged", async () => {
    const { database, store, recovered } = await openWithBackup();
    assert.equal(await database.read(failingOnce(tooBig)), 'read');
    assert.equal(recovered.length, 1);
    assert.equal((await store.load()).kickoffs.length, 1);
    database.close();
  });

  for (const [how, replaces, expected] of [
    // The changes are in the copy at the path of the file.
    ['only once if the file is renamed before the commit', false, 1],
    ['again if another file replaces the file before the commit', true, 2],
  ] as const)
    it(`runs a write ${how}`, async () => {
      const another = join(folder.path, 'another.db');
      const database = new Database(folder.file, { clock, random: Math.random });
      const other = new Database(another, { clock, random: Math.random });
      for (const one of [database, other]) await one.write(() => undefined);
      other.close();
      let calls = 0;
      await database.write((inside) => {
        calls += 1;
        inside.statement('INSERT INTO deployment (url, label) VALUES (:url, :label)').run({ url: `${url}/${calls}`, label: 'x' });
        if (calls > 1) return;
        for (const name of ['-wal', '-shm', '']) renameSync(folder.file + name, join(folder.path, `moved.db${name}`));
        if (replaces) renameSync(another, folder.file);
      });
      database.close();
      assert.equal(calls, expected);
      assert.deepEqual(await (await folder.window()).urls(), [`${url}/${expected}`]);
    });

  it('prepares no statement before the history file is open', () => {
    const database = new Database(folder.file, { clock, random: Math.random });
    assert.throws(() => database.statement('SELECT 1'), { kind: 'closed' });
    assert.deepEqual(readdirSync(folder.path), []);
  });

  it('makes the file and its sidecars private if other users can read the file', async () => {
    const first = await folder.window();
    await first.addDeployment(url, 'Research');
    first.close();
    chmodSync(folder.file, 0o644);
    await (await folder.window()).addDeployment(url, 'Research');
    for (const name of ['', '-wal', '-shm']) assert.equal(statSync(folder.file + name).mode & 0o777, 0o600, name);
  });
});
