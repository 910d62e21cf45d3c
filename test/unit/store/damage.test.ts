import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bytes, clock, Folder, opened, run, url } from './support';

describe('a file that cannot be read', () => {
  let template: Folder;
  let folder: Folder;

  before(async function () {
    this.timeout(20_000);
    template = new Folder();
    await filled(template, 200);
  });
  beforeEach(() => {
    folder = new Folder();
    copyFileSync(template.file, folder.file);
  });
  afterEach(() => folder.remove());
  after(() => template.remove());

  /** How many of the runs can still be read stands beside each. */
  const damages: Readonly<Record<string, readonly [number, (file: string) => void]>> = {
    'cut in half': [0, (file) => truncateSync(file, statSync(file).size / 2)],
    'cut within its header': [0, (file) => truncateSync(file, 50)],
    'with a zeroed header': [0, (file) => overwrite(file, 0, new Uint8Array(100))],
    'with zeroed pages': [0, (file) => overwrite(file, 4096, new Uint8Array(5 * 4096))],
    'that is a text': [0, (file) => writeFileSync(file, 'These are not the rows you are looking for.')],
    'without a table': [200, (file) => raw(file, 'DROP TABLE notice')],
    'with a wrong word in its schema': [
      200,
      (file) => overwrite(file, readFileSync(file).indexOf('started_at'), Buffer.from('startet_at')),
    ],
    'of a version that cannot be': [200, (file) => raw(file, 'PRAGMA user_version = 2000000000')],
    'of a version before the first': [200, (file) => raw(file, 'PRAGMA user_version = -1')],
    'whose index finds no run': [200, (file) => overwrite(file, rootOf(file, 'sqlite_autoindex_kickoff_1') + 3, new Uint8Array(2))],
  };
  for (const [name, [left, damage]] of Object.entries(damages))
    it(`${name}, is set aside whole under a dated name, and the store goes on`, async () => {
      damage(folder.file);
      const before = readFileSync(folder.file);
      const store = await folder.window();

      const aside = folder.mended[0]?.setAside ?? '';
      assert.match(aside, /kickoffs\.damaged-\d{4}-\d\d-\d\dT[\d.Z-]+\.db$/);
      assert.deepEqual(readFileSync(aside), before);
      assert.equal((await store.load()).kickoffs.length, left);
      await store.addKickoff(run(await store.addDeployment(url, 'Research'), 'a'));
      await folder.window();
      assert.equal(folder.mended.length, 1);
    });

  it('goes together with its log of changes', async () => {
    const source = new Folder();
    const open = await source.window();
    await open.addDeployment(url, 'Research');
    for (const name of ['', '-wal']) copyFileSync(source.file + name, folder.file + name);
    truncateSync(folder.file, 0);
    const log = readFileSync(`${folder.file}-wal`);

    await folder.window();
    assert.deepEqual(readFileSync(`${folder.mended[0]?.setAside}-wal`), log);
    source.remove();
  });

  it('never takes the place of one that was set aside before', async () => {
    const frozen = { ...clock, now: () => 0 };
    for (const text of ['first', 'second', 'third']) {
      writeFileSync(folder.file, text);
      (await opened(folder.path, { clock: frozen })).close();
    }
    const aside = readdirSync(folder.path).filter((name) => /damaged.*\.db$/.test(name));
    assert.deepEqual(aside.map((name) => readFileSync(join(folder.path, name), 'utf8')).sort(), ['first', 'second', 'third']);
  });
});

describe('a file of a newer version', () => {
  it('is shown and left as it is, with a sentence for whoever wants to write', async () => {
    const folder = new Folder();
    await filled(folder, 3);
    raw(folder.file, 'ALTER TABLE kickoff ADD COLUMN mood TEXT; PRAGMA user_version = 99');
    const before = readFileSync(folder.file);

    const store = await folder.window();
    assert.equal(store.isReadOnly, true);
    const { deployments, kickoffs } = await store.load();
    assert.deepEqual(
      kickoffs.map(({ id, tasks }) => [id, tasks.length]),
      ['0', '1', '2'].map((id) => [id, 1]),
    );
    assert.equal((await store.taskOutputs(kickoffs[0]!)).size, 1);
    await assert.rejects(store.addKickoff(run(deployments[0]!, 'a')), { kind: 'newer' });
    await assert.rejects(
      store.update(kickoffs[0]!, (stored) => ({ kickoff: { ...stored, label: 'mine' } })),
      { kind: 'newer' },
    );
    await store.backUp();
    assert.deepEqual(readFileSync(folder.file), before);
    folder.remove();
  });
});

async function filled(folder: Folder, count: number): Promise<void> {
  const store = await opened(folder.path);
  const deployment = await store.addDeployment(url, 'Research');
  for (let index = 0; index < count; index += 1) {
    const kickoff = await store.addKickoff(run(deployment, `${index}`));
    const task = { position: 1, name: 'Research', hasOutput: true };
    await store.update(kickoff, (stored) => ({
      kickoff: { ...stored, tasks: [task] },
      outputs: [{ position: 1, output: 'found '.repeat(30) }],
      body: bytes('body '.repeat(index)),
    }));
  }
  store.close();
}

function overwrite(file: string, at: number, replacement: Uint8Array): void {
  const content = readFileSync(file);
  content.set(replacement, at);
  writeFileSync(file, content);
}

/** Where the first page of a table or index begins; its fourth and fifth byte say how many rows are there. */
function rootOf(file: string, name: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare('SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = ?').get(name);
  database.close();
  return (Number(row?.['rootpage']) - 1) * Number(row?.['page_size']);
}

function raw(file: string, statement: string): void {
  const database = new DatabaseSync(file);
  database.exec(statement);
  database.close();
}
