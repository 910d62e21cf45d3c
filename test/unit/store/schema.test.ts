import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrate, schema, schemaVersion, versionOf, type Schema } from '#store/schema';
import { exec, filled, Folder, idsIn, idsOf, integrity, opened, run, useFolder, withRaw } from './support';
import { addKickoff } from '#test/support/builders';

/** A database that copies the files after each statement, as a crash at that moment would leave the files. */
class Crashing extends DatabaseSync {
  static copies: string[] = [];
  static folder = '';

  override exec(statements: string): void {
    // A crash can occur before a PRAGMA or COMMIT in the same text.
    for (const statement of statements.split(/(?<=;)\s*(?=PRAGMA|COMMIT)/)) {
      super.exec(statement);
      const copy = join(Crashing.folder, `copy-${Crashing.copies.length}`);
      mkdirSync(copy);
      for (const name of ['kickoffs.db', 'kickoffs.db-wal', 'kickoffs.backup.db'])
        if (existsSync(join(Crashing.folder, name))) copyFileSync(join(Crashing.folder, name), join(copy, name));
      Crashing.copies.push(copy);
    }
  }
}

describe('The schema', () => {
  let folder: Folder;

  useFolder((fresh) => {
    folder = fresh;
    Crashing.copies = [];
    Crashing.folder = folder.path;
  });

  it('is created in the replacement for a damaged file without losing a run, even if the window crashes', async () => {
    await filled(folder, 3);
    (await opened(folder.path)).close();
    const before = await folder.window();
    await before.backUp();
    before.close();
    exec(folder.file, 'PRAGMA user_version = 1');
    const store = await folder.window({ loadSqlite: () => Promise.resolve({ DatabaseSync: Crashing }) });
    store.close();
    assert.ok(Crashing.copies.length >= 5, `${Crashing.copies.length} statements`);
    for (const copy of Crashing.copies) {
      const next = await opened(copy);
      assert.deepEqual(await idsIn(next), ['0', '1', '2'], copy);
      next.close();
      assert.ok(!readdirSync(copy).some((name) => name.includes('damaged')), copy);
      assert.equal(integrity(join(copy, 'kickoffs.db')), 'ok');
    }
  });

  it('is migrated to a later version completely or not at all if the window crashes', () => {
    const steps = ['ALTER TABLE kickoff ADD COLUMN mood TEXT', 'CREATE TABLE note (text TEXT); INSERT INTO note VALUES (1)'];
    const later: Schema = { ...schema, steps };
    const [first, last] = [schema.firstVersion, schema.firstVersion + steps.length];
    withRaw(folder.file, (database) => migrate(database, { ...schema, steps: [] }, () => undefined));
    const database = new Crashing(folder.file);
    migrate(database, later, () => assert.fail('it is not empty'));
    assert.equal(versionOf(database), last);
    database.close();
    Crashing.copies.push(folder.path);

    const versions = Crashing.copies.map((copy) =>
      withRaw(join(copy, 'kickoffs.db'), (crashed) => {
        const version = versionOf(crashed);
        // The next start repeats the migration completely.
        migrate(crashed, later, () => undefined);
        assert.equal(versionOf(crashed), last);
        assert.equal(crashed.prepare('SELECT count(mood), (SELECT count(*) FROM note) AS notes FROM kickoff').get()?.['notes'], 1);
        return version;
      }),
    );
    assert.deepEqual([...new Set(versions)], [first, last]);
  });

  it('keeps its version when an older version of the extension opens the file', () => {
    withRaw(folder.file, (database) => {
      migrate(database, { ...schema, steps: ['CREATE TABLE note (text TEXT)'] }, () => undefined);
      migrate(database, { ...schema, steps: [] }, () => assert.fail('it is not empty'));
      assert.equal(versionOf(database), schema.firstVersion + 1);
    });
  });
});

describe('A history file of a newer version', () => {
  it('is shown but never changed', async () => {
    const folder = new Folder();
    await filled(folder, 3);
    exec(folder.file, `ALTER TABLE kickoff ADD COLUMN mood TEXT; PRAGMA user_version = ${schemaVersion + 1}`);
    const before = readFileSync(folder.file);

    const store = await folder.window();
    assert.equal(store.isReadOnly, true);
    const { deployments, kickoffs } = await store.load();
    assert.deepEqual(idsOf(kickoffs), ['0', '1', '2']);
    assert.ok(kickoffs.every(({ tasks }) => tasks.length === 1));
    assert.equal((await store.taskOutputs(kickoffs[0]!)).size, 1);
    await assert.rejects(addKickoff(store, run(deployments[0]!, 'a')), { kind: 'newer' });
    await assert.rejects(
      store.update(kickoffs[0]!, (stored) => ({ kickoff: { ...stored, label: 'mine' } })),
      { kind: 'newer' },
    );
    await store.backUp();
    await assert.rejects(store.vacuum(), { kind: 'readOnly' });
    assert.deepEqual(readFileSync(folder.file), before);
    folder.remove();
  });
});
