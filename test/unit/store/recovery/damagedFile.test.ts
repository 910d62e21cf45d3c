import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bodyOf, breakIndex, exec, filled, finish, Folder, idsIn, overwrite, run, url, useFolder } from '#test/unit/store/support';
import { addKickoff } from '#test/support/builders';

describe('A damaged history file', () => {
  let template: Folder;
  let folder: Folder;

  before(async function () {
    this.timeout(20_000);
    template = new Folder();
    await filled(template, 200);
  });
  useFolder((fresh) => {
    folder = fresh;
    copyFileSync(template.file, folder.file);
  });
  after(() => template.remove());

  /** Replaces a word of the schema everywhere, because free space of a page may contain an earlier copy of it. */
  const replace = (file: string, text: string, by: string): void =>
    writeFileSync(file, readFileSync(file).toString('latin1').replaceAll(text, by), 'latin1');
  /** Kinds of damage, each with the number of runs that remain readable. */
  const damages: Readonly<Record<string, readonly [number, (file: string) => void]>> = {
    'cut in half': [0, (file) => truncateSync(file, statSync(file).size / 2)],
    'cut within its header': [0, (file) => truncateSync(file, 50)],
    'with a zeroed header': [0, (file) => overwrite(file, 0, new Uint8Array(100))],
    'with zeroed pages': [0, (file) => overwrite(file, 4096, new Uint8Array(5 * 4096))],
    'that is a plain text': [0, (file) => writeFileSync(file, 'These are not the rows you are looking for.')],
    'without a table': [200, (file) => exec(file, 'DROP TABLE health')],
    'with a wrong column name': [200, (file) => replace(file, 'notified_at', 'notifeed_at')],
    'with a wrong column name that only a removal by age uses': [200, (file) => replace(file, 'was_removed_by_age', 'was_remuved_by_age')],
    'with an impossible version': [200, (file) => exec(file, 'PRAGMA user_version = 2000000000')],
    'with a negative version': [200, (file) => exec(file, 'PRAGMA user_version = -1')],
    'whose index finds no run': [200, breakIndex],
    "with a row that isn't JSON": [200, (file) => exec(file, "UPDATE kickoff SET state = '{' WHERE id = '7'")],
  };
  for (const [name, [left, damage]] of Object.entries(damages))
    it(`${name} is renamed only once, and a new file gets its readable runs and responses`, async () => {
      damage(folder.file);
      const before = readFileSync(folder.file);
      const store = await folder.window();

      assert.equal((await idsIn(store)).length, left);
      const damagedPath = folder.recovered[0]?.damagedPath ?? '';
      assert.match(damagedPath, /kickoffs\.damaged-\d{4}(-\d\d){2}T\d\d(-\d\d){2}\.\d{3}Z\.db$/);
      assert.deepEqual(readFileSync(damagedPath), before);
      await addKickoff(store, run(await store.addDeployment(url, 'Research'), 'a'));
      await (await folder.window()).load();
      assert.equal(folder.recovered.length, 1);

      await store.recoverResponses();
      const [first] = (await store.load()).kickoffs;
      if (left > 0) assert.deepEqual([(await store.body(first!))?.length, first?.tasks.map(({ hasOutput }) => hasOutput)], [0, [true]]);
    });

  it('is renamed together with its write-ahead log', async () => {
    const source = new Folder();
    const open = await source.window();
    await open.addDeployment(url, 'Research');
    for (const name of ['', '-wal']) copyFileSync(source.file + name, folder.file + name);
    truncateSync(folder.file, 0);
    const log = readFileSync(`${folder.file}-wal`);

    await folder.window();
    assert.deepEqual(readFileSync(`${folder.recovered[0]?.damagedPath}-wal`), log);
    source.remove();
  });

  it('stays unchanged with its log while its rows are recovered', async () => {
    const source = new Folder();
    const open = await source.window();
    const kickoff = await addKickoff(open, run(await open.addDeployment(url, 'Research'), 'a'));
    await finish(open, kickoff);
    const damagedPath = join(folder.path, 'kickoffs.damaged-2026.db');
    const content = (name: string): Buffer => readFileSync(source.file + name);
    for (const name of ['', '-wal']) writeFileSync(damagedPath + name, content(name));
    writeFileSync(`${damagedPath}-unread`, '');
    rmSync(folder.file);

    const store = await folder.window();
    assert.deepEqual(await idsIn(store), ['a']);
    await store.recoverResponses();
    assert.equal(await bodyOf(store, kickoff), 'body');
    for (const name of ['', '-wal']) assert.ok(readFileSync(damagedPath + name).equals(content(name)), name);
    source.remove();
  });
});
