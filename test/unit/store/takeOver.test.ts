import assert from 'node:assert/strict';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Deployment } from '../../../src/core/deployment';
import type { Kickoff } from '../../../src/core/kickoff';
import type { KickoffStore } from '../../../src/store/store';
import { bytes, Folder, run, shownIn, url } from './support';

const pageSize = 4096;

describe('What was written after the backup', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;

  beforeEach(async () => {
    folder = new Folder();
    store = await folder.window();
    deployment = await store.addDeployment(url, 'Research');
  });
  afterEach(() => folder.remove());

  async function tracked(id: string, rest: Partial<Kickoff> = {}): Promise<Kickoff> {
    return store.addKickoff(run(deployment, id, rest));
  }

  function ended(kickoff: Kickoff): Promise<Kickoff | undefined> {
    const task = { position: 1, name: 'Research', agent: 'Writer', hasOutput: true };
    return store.update(kickoff, (stored) => ({
      kickoff: { ...stored, phase: { kind: 'succeeded' }, finishedAt: 2_000, output: 'plain', isUnread: true, tasks: [task] },
      outputs: [{ position: 1, output: 'found' }],
      body: bytes('body'),
    }));
  }

  /** Closes the window, does the damage, and opens another. */
  async function next(damage: () => void = breakIndex): Promise<KickoffStore> {
    store.close();
    damage();
    folder.mended.length = 0;
    const fresh = await folder.window();
    assert.match(folder.mended[0]?.setAside ?? '', /damaged/);
    return fresh;
  }

  /** All rows can still be read. */
  function breakIndex(): void {
    overwrite(pageOf('sqlite_autoindex_kickoff_1') + 3, new Uint8Array(2));
  }

  function overwrite(at: number, replacement: Uint8Array): void {
    const content = readFileSync(folder.file);
    content.set(replacement, at);
    writeFileSync(folder.file, content);
  }

  /** Where the first page of a table or an index begins. */
  function pageOf(name: string): number {
    const database = new DatabaseSync(folder.file);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const row = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name);
    database.close();
    return (Number(row?.['rootpage']) - 1) * pageSize;
  }

  it('is there before anybody sees the next file: an end stays an end, and is told once', async () => {
    const open = await tracked('a', { phase: { kind: 'running' } });
    await store.backUp();
    const end = await ended(open);
    await store.update(open, (stored) => ({ kickoff: { ...stored, label: 'mine', isMuted: true } }));
    assert.equal(await store.claimNotice(open), true);

    const fresh = await next();
    const [kickoff] = (await fresh.load()).kickoffs;
    const tasks = [{ ...end!.tasks[0]!, hasOutput: false }];
    assert.deepEqual(kickoff, { ...end, label: 'mine', isMuted: true, tasks });
    assert.equal(await fresh.claimNotice(open), false);
    await fresh.salvage();
    assert.equal(new TextDecoder().decode(await fresh.body(open)), 'body');
    assert.deepEqual([...(await fresh.taskOutputs(open))], [[1, 'found']]);
  });

  it('comes back without a backup too, runs and deployments alike', async () => {
    await ended(await tracked('a', { label: 'mine' }));
    const { deployments, kickoffs } = await shownIn(store);
    const fresh = await next();
    assert.deepEqual(await shownIn(fresh), {
      deployments,
      kickoffs: [{ ...kickoffs[0]!, tasks: [{ ...kickoffs[0]!.tasks[0]!, hasOutput: false }] }],
    });
  });

  it('is the last word on addresses, labels, read marks and removals', async () => {
    const [read, gone] = [await tracked('read', { isUnread: true }), await tracked('gone')];
    await store.backUp();
    const moved = await store.changeDeployment(deployment.key, { url: 'https://new.example.com' as typeof url, label: 'New' });
    await store.update(read, ({ isUnread: _, ...stored }) => ({ kickoff: { ...stored, label: 'looked at' } }));
    await store.remove([gone], 5_000);
    const before = await shownIn(store);

    const fresh = await next();
    assert.deepEqual(await shownIn(fresh), before);
    assert.deepEqual(before.deployments, [moved]);
    assert.equal(await fresh.undoRemove(), 1);
  });

  it('is not what stands in a file that went before the backup was made', async () => {
    const [kept, gone] = [await tracked('kept'), await tracked('gone')];
    const second = await next();
    await second.remove([gone], 5_000);
    await second.backUp();
    const backup = folder.file.replace('.db', '.backup.db');
    const later = new Date(Date.now() + 60_000);
    utimesSync(backup, later, later);
    store = second;
    second.close();
    breakIndex();
    const third = await folder.window();
    assert.deepEqual(
      (await third.load()).kickoffs.map(({ id }) => id),
      [kept.id],
    );
  });

  it('undoes no end, and what a damaged row says that cannot be is left out', async () => {
    const [over, strange] = [await ended(await tracked('over')), await tracked('strange', { label: 'mine' })];
    await store.backUp();
    const sound = await shownIn(store);
    const fresh = await next(() => {
      const database = new DatabaseSync(folder.file);
      database.exec(`UPDATE kickoff SET phase = 'running' WHERE id = '${over!.id}';
        UPDATE kickoff SET phase = 'runnimg', label = 'other' WHERE id = '${strange.id}';
        INSERT INTO kickoff (deployment, id, phase, tracked_at) VALUES (1, 'no id', 'running', 1), (1, 'large', 'running', 9e15);
        UPDATE kickoff SET has_run = 9223372036854775807 WHERE id = 'large';
        UPDATE deployment SET url = 'https://NOT.canonical/'`);
      database.close();
      breakIndex();
    });
    const { deployments, kickoffs } = await shownIn(fresh);
    assert.deepEqual(deployments, sound.deployments);
    assert.deepEqual(
      kickoffs.map(({ id, phase, label }) => [id, phase.kind, label]),
      [
        ['over', 'succeeded', undefined],
        ['strange', 'queued', 'mine'],
      ],
    );
  });

  it('comes from both sides of a page that cannot be read', async () => {
    await store.backUp();
    for (let index = 0; index < 150; index += 1) await tracked(`${index}`, { label: 'a label that fills the page '.repeat(4) });
    const fresh = await next(() => {
      const root = pageOf('kickoff');
      const content = readFileSync(folder.file);
      const cell = root + content.readUInt16BE(root + 12 + 2 * 2);
      overwrite((content.readUInt32BE(cell) - 1) * pageSize, new Uint8Array(pageSize).fill(0xff));
    });
    const ids = (await fresh.load()).kickoffs.map(({ id }) => Number(id));
    assert.ok(ids.includes(0) && ids.includes(149), ids.join(' '));
    assert.ok(ids.length > 100 && ids.length < 150, `${ids.length} of 150`);
  });
});
