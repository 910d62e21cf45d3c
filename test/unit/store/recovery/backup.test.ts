import assert from 'node:assert/strict';
import { addKickoff, deletesTokens } from '#test/support/builders';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Deployment } from '#core/kickoff/deployment';
import type { KickoffStore } from '#store/store';
import { breakIndex, bytes, clock, exec, idsIn, pageOf, run, shownIn, useHistory, withRaw, type Folder } from '#test/unit/store/support';

const day = 24 * 3_600_000;
const overwriteScript = `const fs = require('node:fs');
  fs.writeSync(fs.openSync(process.argv[1], 'r+'), Buffer.alloc(2), 0, 2, Number(process.argv[2]));`;

describe('The backup', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;
  let now = 0;

  const file = (): string => join(folder.path, 'kickoffs.backup.db');
  const inode = (): number => statSync(file()).ino;
  const backups = (): readonly string[] => readdirSync(folder.path).filter((name) => name.includes('backup'));

  beforeEach(() => (now = Date.now()));
  useHistory((history) => ({ folder, store, deployment } = history), { clock: { ...clock, now: () => now } });
  beforeEach(async () => {
    const kickoff = await addKickoff(store, run(deployment, 'a', { label: 'mine' }));
    await store.update(kickoff, (stored) => ({
      kickoff: { ...stored, phase: { kind: 'succeeded' }, isUnread: true },
      body: bytes('body'),
    }));
    await store.claimNotice(kickoff);
    await store.removeOld([await addKickoff(store, run(deployment, 'gone'))], 1);
  });

  it('is a private file without responses, and replaces the previous backup', async () => {
    await store.backUp();
    now += day + 60_000;
    await store.backUp();
    assert.deepEqual(backups(), ['kickoffs.backup.db']);
    assert.equal(statSync(file()).mode & 0o777, 0o600);
    const tables = withRaw(file(), (database) => database.prepare('SELECT name FROM sqlite_schema').all());
    assert.deepEqual(tables.map(Object.values), [['deployment'], ['kickoff'], ['start'], ['input']]);
  });

  it('is replaced only if it is at least a day old or has a time in the future', async () => {
    await store.backUp();
    for (const [age, isReplaced] of [
      [day - 1, false],
      [day, true],
      [-400 * day, true],
    ] as const) {
      const first = inode();
      utimesSync(file(), new Date(now - age), new Date(now - age));
      await store.backUp();
      assert.equal(inode() !== first, isReplaced, `${age}`);
    }
  });

  it('stays unchanged if the history is damaged', async () => {
    await store.backUp();
    const first = inode();
    now += day + 60_000;
    const at = pageOf(folder.file, 'sqlite_autoindex_kickoff_1') + 3;
    // Damages the file in another process, because closing the file in this process would drop SQLite's locks.
    spawnSync(process.execPath, ['-e', overwriteScript, folder.file, `${at}`]);
    // After a write by another connection, SQLite reads all pages again.
    exec(folder.file, 'UPDATE lease SET beat = beat + 1');
    await store.backUp();
    assert.match(folder.recovered[0]?.damagedPath ?? '', /damaged/);
    assert.equal(inode(), first);
    assert.deepEqual(await idsIn(store), ['a']);
  });

  it('can be made as soon as a full disk has room again', async () => {
    let isFull = true;
    class Full extends DatabaseSync {
      override exec(sql: string): void {
        if (isFull && sql.startsWith('CREATE TABLE backup.kickoff')) throw Object.assign(new Error('disk is full'), { errcode: 13 });
        super.exec(sql);
      }
    }
    const full = await folder.window({ loadSqlite: () => Promise.resolve({ DatabaseSync: Full }) });
    await assert.rejects(full.backUp(), { kind: 'diskFull' });
    assert.deepEqual(backups(), []);
    await addKickoff(full, run(deployment, 'b'));
    isFull = false;
    await full.backUp();
    assert.equal(withRaw(file(), (database) => database.prepare('SELECT id FROM kickoff').all()).length, 3);
  });

  it("is ignored by the recovery if it can't be opened", async () => {
    mkdirSync(file());
    store.close();
    breakIndex(folder.file);
    assert.deepEqual(await idsIn(await folder.window()), ['a']);
  });

  it('is made only after the responses of a damaged file are recovered', async () => {
    store.close();
    breakIndex(folder.file);
    const next = await folder.window();
    await next.load();
    await next.backUp();
    assert.deepEqual(backups(), []);
    assert.equal(await next.recoverResponses(), true);
    await next.backUp();
    assert.deepEqual(backups(), ['kickoffs.backup.db']);
  });

  it('restores a deleted history with its removals and shown notifications', async () => {
    const before = await shownIn(store);
    await store.backUp();
    store.close();
    rmSync(folder.file);
    const [first, second] = [await folder.window(), await folder.window()];
    await Promise.all([first.load(), second.load()]);

    assert.deepEqual(await shownIn(first), before);
    assert.equal(await first.claimNotice(before.kickoffs[0]!), false, 'an end is not notified twice');
    assert.equal(await first.undoRemove(), 1);
    assert.equal(await first.removeOld([run(deployment, 'gone')], 2), 0, 'removed by age only once');
    assert.deepEqual(folder.recovered, [{ isNew: true }]);
  });

  it('is deleted only when removed runs or all data are deleted permanently', async () => {
    await store.backUp();
    await store.purge(0, deletesTokens);
    assert.deepEqual(backups(), ['kickoffs.backup.db'], 'no run was deleted');
    for (const deletion of [() => store.purge(2, deletesTokens), () => store.deleteAll([])]) {
      await deletion();
      assert.deepEqual(backups(), []);
      await store.backUp();
      assert.deepEqual(backups(), ['kickoffs.backup.db']);
    }
  });
});
