import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { schema, schemaVersion } from '#store/schema';
import { figure } from '#test/support/fuzz';
import {
  activeRun,
  attemptOf,
  failedBody,
  failedRun,
  firstWithStarts,
  goldenFolder,
  healthRecords,
  startedInputs,
  startedRun,
  taskOutputs,
  writeGolden,
} from './goldenRuns';
import { bodyOf, idsOf, integrity, run, url, useFolder, withRaw, type Folder } from './support';

const files = readdirSync(goldenFolder);

let folder: Folder;

describe('A golden file', () => {
  useFolder((fresh) => (folder = fresh));

  for (const name of files)
    it(`opens with every field, removal, and shown notification: ${name}`, async () => {
      copyFileSync(join(goldenFolder, name), folder.file);
      const store = await folder.window();
      const { deployments, kickoffs, starts, lease, healthRecords: records } = await store.load();
      const deployment = deployments[0]!;
      const [active, failed, restored] = [activeRun(deployment), failedRun(deployment), run(deployment, 'run-3')];
      const started = startedRun(deployment);
      const hasStarts = Number(/\d+/.exec(name)?.[0]) >= firstWithStarts;
      assert.deepEqual(kickoffs, [active, failed, restored, ...(hasStarts ? [started] : [])]);
      assert.deepEqual([starts, await store.inputs(started)], hasStarts ? [[attemptOf(deployment)], startedInputs] : [[], undefined]);
      assert.deepEqual(await store.taskOutputs(active), taskOutputs);
      assert.equal(await bodyOf(store, failed), failedBody);
      assert.deepEqual([lease.holder, lease.epoch, records], ['window 1', 5, healthRecords]);
      assert.deepEqual([await store.claimNotice(failed), await store.claimNotice(active)], [false, true]);
      assert.equal(await store.claimRejection(deployment.key), false);
      assert.equal(await store.removeOld([restored], 1), 0, 'removed by age only once');
      assert.equal(await store.undoRemove(), 2, 'a deployment with its run');
      assert.deepEqual([folder.recovered, integrity(folder.file)], [[], 'ok']);
    });

  for (const name of files)
    it(`can be written: ${name}`, async () => {
      copyFileSync(join(goldenFolder, name), folder.file);
      const store = await folder.window();
      const active = activeRun((await store.load()).deployments[0]!);
      const after = { ...active, label: 'mine' };
      await store.update(active, () => ({ kickoff: after }));
      assert.deepEqual(await (await folder.window()).kickoff(active), after);
      assert.deepEqual([folder.recovered, integrity(folder.file)], [[], 'ok']);
    });

  it('exists for each released schema', () => {
    const all = Array.from({ length: schemaVersion - schema.firstVersion + 1 }, (_, index) => `schema-${schema.firstVersion + index}.db`);
    assert.deepEqual(files.toSorted(), all.toSorted(), 'npm run tool -- fixture writes the missing file');
    figure(24, `${files.length} schemas: 0 fields lost`);
  });

  it('of the current schema has the content that npm run tool -- fixture writes', async () => {
    const written = join(folder.path, 'written');
    mkdirSync(written);
    await writeGolden(written);
    // The ID of a history is random.
    const [now, golden] = [join(written, 'kickoffs.db'), join(goldenFolder, `schema-${schemaVersion}.db`)].map((file) =>
      JSON.stringify(dumpOf(file), undefined, 1).replace(/"[\da-f]{32}"/, '"id"'),
    );
    assert.equal(now, golden);
  });
});

describe('A file of a development build before the first release', () => {
  useFolder((fresh) => (folder = fresh));

  it('is replaced by a file with its deployments, IDs, statuses, and responses', async () => {
    withRaw(folder.file, (database) => {
      database.exec(`CREATE TABLE deployment (key INTEGER PRIMARY KEY, url TEXT, label TEXT);
        CREATE TABLE kickoff (key INTEGER PRIMARY KEY, deployment INTEGER, id TEXT, phase TEXT, label TEXT);
        CREATE TABLE body (kickoff INTEGER PRIMARY KEY, gzip BLOB);
        INSERT INTO deployment VALUES (1, '${url}', 'Research');
        INSERT INTO kickoff VALUES (1, 1, 'a', 'succeeded', 'mine');
        PRAGMA user_version = 5`);
      database.prepare('INSERT INTO body VALUES (1, ?)').run(gzipSync('body'));
    });
    const store = await folder.window();
    const { deployments, kickoffs } = await store.load();
    assert.deepEqual(deployments, [{ key: 1, url, label: 'Research' }]);
    assert.deepEqual([idsOf(kickoffs), kickoffs[0]?.phase.kind], [['a'], 'succeeded']);
    assert.match(folder.recovered[0]?.damagedPath ?? '', /damaged/);
    await store.recoverResponses();
    assert.equal(await bodyOf(store, kickoffs[0]!), 'body');
  });
});

/** Returns all definitions and rows of a file. The bytes of equal files differ between versions of SQLite and zlib. */
function dumpOf(file: string): unknown {
  const plain = (value: unknown): unknown => (value instanceof Uint8Array ? gunzipSync(value).toString() : value);
  return withRaw(file, (database) => {
    const tables = database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
    return tables.map(({ name, sql }) => {
      const rows = /^CREATE TABLE/.test(String(sql)) ? database.prepare(`SELECT * FROM ${String(name)}`).all() : [];
      return [sql, rows.map((row) => Object.values(row).map(plain))];
    });
  });
}
