import assert from 'node:assert/strict';
import fs, { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mock } from 'node:test';
import type { Deployment } from '../../../src/core/deployment';
import type { Kickoff } from '../../../src/core/kickoff';
import type { Clock } from '../../../src/core/ports';
import { KickoffStore } from '../../../src/store/kickoffStore';
import type { Known } from '../../../src/store/restore';
import { bytes, clock, Folder, run, shownIn, url } from './support';

const sidecars = ['', '-wal', '-shm'];

describe('A file that is lost while it is open', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;
  let ended: Kickoff;
  let shown: Known = { deployments: [], kickoffs: [] };

  beforeEach(async () => {
    folder = new Folder();
    shown = { deployments: [], kickoffs: [] };
    store = await folder.window({ known: () => shown });
    deployment = await store.addDeployment(url, 'Research');
    ended = await store.addKickoff(run(deployment, 'ended'));
    const end = await store.update(ended, (stored) => ({
      kickoff: { ...stored, phase: { kind: 'succeeded' }, output: 'plain', tasks: [{ position: 1, name: 'Research', hasOutput: true }] },
      outputs: [{ position: 1, output: 'found' }],
      body: bytes('body'),
    }));
    shown = { deployments: [deployment], kickoffs: [end!] };
    folder.mended.length = 0;
  });
  afterEach(() => folder.remove());

  const losses: Readonly<Record<string, () => void>> = {
    'is deleted with what is beside it': () => sidecars.forEach((name) => rmSync(folder.file + name)),
    'is deleted alone': () => rmSync(folder.file),
    'is renamed': () => renameSync(folder.file, join(folder.path, 'mine.db')),
  };
  for (const [name, lose] of Object.entries(losses))
    it(`${name}: it comes back with every answer, and what is written then is kept`, async () => {
      lose();
      await store.addKickoff(run(deployment, 'new'));

      const other = await folder.window();
      assert.deepEqual(await ids(other), ['ended', 'new']);
      assert.equal(new TextDecoder().decode(await other.body(ended)), 'body');
      assert.deepEqual([...(await other.taskOutputs(ended))], [[1, 'found']]);
      assert.deepEqual(folder.mended, [{ isNew: false }]);
      assert.equal(statSync(folder.file).mode & 0o777, 0o600);
      assert.equal(integrity(folder.file), 'ok');
    });

  it('is deleted under two windows: both come to one file, and neither loses what it was told is safe', async () => {
    const other = await folder.window();
    await other.addKickoff(run(deployment, 'b'));
    sidecars.forEach((name) => rmSync(folder.file + name));
    await store.addKickoff(run(deployment, 'c'));
    await other.addKickoff(run(deployment, 'd'));
    await store.addKickoff(run(deployment, 'e'));
    store.close();
    other.close();
    assert.deepEqual(await ids(await folder.window()), ['ended', 'b', 'c', 'd', 'e']);
    assert.equal(integrity(folder.file), 'ok');
  });

  it('is replaced by an empty one: what the window shows is written again, under the keys that open tabs name', async () => {
    sidecars.forEach((name) => rmSync(folder.file + name));
    const other = await folder.window();
    await other.addDeployment(url, 'Research');
    assert.equal((await store.update(ended, (stored) => ({ kickoff: { ...stored, label: 'mine' } })))?.label, 'mine');

    const [kickoff] = (await other.load()).kickoffs;
    assert.deepEqual(kickoff, { ...shown.kickoffs[0], label: 'mine', tasks: [{ position: 1, name: 'Research', hasOutput: false }] });
    assert.equal(await other.body(ended), undefined);
  });

  it('is replaced by one that knows less: no end is undone, and nothing comes back that was removed', async () => {
    sidecars.forEach((name) => rmSync(folder.file + name));
    const other = await folder.window();
    const theirs = await other.addDeployment(url, 'Research');
    await other.addKickoff(run(theirs, 'ended'));
    const removed = await other.addKickoff(run(theirs, 'removed'));
    await other.remove([removed], 1);
    shown = { deployments: [deployment], kickoffs: [...shown.kickoffs, { ...run(deployment, 'removed'), checkedAt: 2_000 }] };

    const { kickoffs } = await store.load();
    assert.deepEqual(
      kickoffs.map(({ id, phase }) => `${id} ${phase.kind}`),
      ['ended succeeded'],
    );
  });

  it("is replaced under two windows: the one with the older picture doesn't take back the other's progress", async () => {
    const progressed = (completed: number) => ({ ...run(deployment, 'open'), checkedAt: 1_000 * completed, progress: { completed } });
    const theirs: Known = { deployments: [deployment], kickoffs: [progressed(2)] };
    const later = await folder.window({ known: () => theirs });
    shown = { deployments: [deployment], kickoffs: [progressed(1)] };
    sidecars.forEach((name) => rmSync(folder.file + name));
    await (await folder.window()).load();
    const completed = async (window: KickoffStore) => (await window.load()).kickoffs.map(({ progress }) => progress.completed);
    assert.deepEqual(await completed(later), [2]);
    assert.deepEqual(await completed(store), [2]);
    assert.deepEqual(await completed(later), [2]);
  });

  it('is replaced by one of other deployments: each run is found under its own', async () => {
    sidecars.forEach((name) => rmSync(folder.file + name));
    const other = await folder.window();
    const strange = await other.addDeployment('https://strange.example' as typeof url, 'Strange');
    assert.equal(strange.key, deployment.key);

    const { deployments, kickoffs } = await store.load();
    const found = deployments.find((one) => one.url === url);
    assert.deepEqual(
      kickoffs.map((kickoff) => [kickoff.id, kickoff.deployment]),
      [['ended', found?.key]],
    );
  });

  it('is damaged: it is set aside, and what the window shows is written again', async () => {
    await store.backUp();
    const other = new DatabaseSync(folder.file);
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    other.close();
    writeFileSync(folder.file, new Uint8Array(statSync(folder.file).size).fill(7));
    for (const name of ['-wal', '-shm']) assert.ok(existsSync(folder.file + name));

    const fresh = await folder.window();
    assert.match(folder.mended[0]?.setAside ?? '', /damaged/);
    await store.addKickoff(run(deployment, 'new'));
    assert.deepEqual(await ids(fresh), ['ended', 'new']);
    assert.equal(integrity(folder.file), 'ok');
  });

  it('is damaged where no open file can be renamed: it is closed first', async () => {
    const connections: DatabaseSync[] = [];
    class Watched extends DatabaseSync {
      constructor(...given: ConstructorParameters<typeof DatabaseSync>) {
        super(...given);
        connections.push(this);
      }
    }
    store.close();
    store = await folder.window({ known: () => shown, load: () => Promise.resolve({ DatabaseSync: Watched }) });
    writeFileSync(folder.file, new Uint8Array(statSync(folder.file).size).fill(7));
    const rename = fs.renameSync;
    const renaming = mock.method(fs, 'renameSync', (from: string, to: string) => {
      if (connections.some(({ isOpen }) => isOpen)) throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'rename' });
      rename(from, to);
    });
    await store.checkUp().finally(() => renaming.mock.restore());

    assert.match(folder.mended[0]?.setAside ?? '', /damaged/);
    assert.deepEqual(await ids(store), ['ended']);
  });
});

describe('The backup', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;

  beforeEach(async () => {
    folder = new Folder();
    store = await folder.window();
    deployment = await store.addDeployment(url, 'Research');
    const kickoff = await store.addKickoff(run(deployment, 'a', { label: 'mine' }));
    await store.update(kickoff, (stored) => ({
      kickoff: { ...stored, phase: { kind: 'succeeded' }, isUnread: true },
      body: bytes('body'),
    }));
    await store.claimNotice(kickoff);
    await store.remove([await store.addKickoff(run(deployment, 'gone'))], 1);
  });
  afterEach(() => folder.remove());

  it('is one file that only the user can read, in place of the one before, without the answers', async () => {
    await store.backUp();
    await store.backUp();
    const names = readdirSync(folder.path).filter((name) => name.includes('backup'));
    assert.deepEqual(names, ['kickoffs.backup.db']);
    const file = join(folder.path, 'kickoffs.backup.db');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const raw = new DatabaseSync(file, { readOnly: true });
    const tables = raw
      .prepare('SELECT name FROM sqlite_schema')
      .all()
      .map(({ name }) => name);
    raw.close();
    assert.deepEqual(tables, ['deployment', 'kickoff', 'task', 'notice', 'refusal', 'removed_by_age']);
  });

  it('fills the file that is begun after a damaged or a deleted one, once', async () => {
    const before = await shownIn(store);
    await store.backUp();
    store.close();
    rmSync(folder.file);
    folder.mended.length = 0;
    const [first] = await Promise.all([folder.window(), folder.window()]);

    assert.deepEqual(await shownIn(first), before);
    assert.equal(await first.claimNotice(before.kickoffs[0]!), false, 'an end is not told twice');
    assert.equal(await first.undoRemove(), 1);
    assert.deepEqual(folder.mended, [{ isNew: true }]);
  });

  it('that is damaged itself is as good as none', async () => {
    writeFileSync(join(folder.path, 'kickoffs.backup.db'), 'These are not the rows you are looking for.');
    store.close();
    rmSync(folder.file);
    const next = await folder.window();
    assert.deepEqual((await next.load()).kickoffs, []);
    await next.addKickoff(run(await next.addDeployment(url, 'Research'), 'b'));
  });

  it('goes with everything, when everything is to go', async () => {
    await store.backUp();
    await store.deleteAll();
    assert.deepEqual(
      readdirSync(folder.path).filter((name) => name.includes('backup')),
      [],
    );
  });
});

describe('A history that cannot be opened', () => {
  let folder: Folder;

  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  it('is opened by the next who asks when its folder is there', async () => {
    rmSync(folder.path, { recursive: true });
    writeFileSync(folder.path, 'in the way');
    const store = KickoffStore.of(folder.path, { clock });
    await assert.rejects(store.load(), { kind: 'other' });
    await assert.rejects(store.addDeployment(url, 'Research'), { kind: 'other' });
    rmSync(folder.path);
    assert.equal((await store.addDeployment(url, 'Research')).label, 'Research');
    store.close();
  });

  it('is opened by the next who asks when nobody locks it any more', async () => {
    const first = await folder.window();
    await first.addDeployment(url, 'Research');
    first.close();
    const locking = new DatabaseSync(folder.file);
    locking.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const hurried: Clock = { ...clock, after: (_, then) => clock.after(0, then) };
    const store = KickoffStore.of(folder.path, { clock: hurried });
    await assert.rejects(store.load(), { kind: 'locked' });
    locking.close();
    assert.equal((await store.load()).deployments.length, 1);
    assert.equal(
      readdirSync(folder.path).some((name) => name.includes('damaged')),
      false,
    );
    store.close();
  });

  it('because there is no SQLite is said to whoever asks, and nothing is written', async () => {
    const store = KickoffStore.of(folder.path, { clock, load: () => Promise.reject(new Error('No such built-in module')) });
    for (const work of [store.load(), store.addDeployment(url, 'Research'), store.knownIds(), store.checkUp()])
      await assert.rejects(work, { kind: 'unavailable', message: 'History cannot be saved: this editor has no SQLite.' });
    assert.deepEqual(readdirSync(folder.path), []);
    store.close();
  });
});

describe('The daily check', () => {
  let folder: Folder;
  let now = Date.now();
  const day = 24 * 3_600_000;

  beforeEach(() => {
    folder = new Folder();
    now = Date.now();
  });
  afterEach(() => folder.remove());

  async function filled(): Promise<KickoffStore> {
    let shown: Known = { deployments: [], kickoffs: [] };
    const store = await folder.window({ clock: { ...clock, now: () => now }, known: () => shown });
    const deployment = await store.addDeployment(url, 'Research');
    for (let index = 0; index < 4; index += 1) {
      const kickoff = await store.addKickoff(run(deployment, `${index}`));
      await store.update(kickoff, (stored) => ({ kickoff: { ...stored, phase: { kind: 'succeeded' } }, body: noise(20_000) }));
    }
    shown = await shownIn(store);
    folder.mended.length = 0;
    return store;
  }

  it('of a sound file makes a backup, no more than one a day', async () => {
    const store = await filled();
    const file = join(folder.path, 'kickoffs.backup.db');
    await store.checkUp();
    const { ino } = statSync(file);
    await store.checkUp();
    assert.equal(statSync(file).ino, ino);
    now += day + 1_000;
    await store.checkUp();
    assert.notEqual(statSync(file).ino, ino);
    assert.deepEqual(folder.mended, []);
  });

  it('is made each day, however often the backup is renewed by removals', async () => {
    const store = await filled();
    const file = join(folder.path, 'kickoffs.backup.db');
    await store.checkUp();
    for (let count = 0; count < 3; count += 1) {
      now += day / 3;
      await store.backUp();
      fs.utimesSync(file, now / 1_000, now / 1_000);
    }
    const { ino } = statSync(file);
    await store.checkUp();
    assert.notEqual(statSync(file).ino, ino);
  });

  it('finds damage that nobody has met yet: the file is set aside, told once, and no run is gone', async () => {
    const store = await filled();
    store.close();
    const whole = readFileSync(folder.file);
    writeFileSync(folder.file, whole.fill(0, whole.length - 40_000, whole.length - 20_000));
    let shown: Known = { deployments: [], kickoffs: [] };
    const hurried: Clock = { ...clock, after: (_, then) => clock.after(0, then) };
    let next = await folder.window({ clock: hurried, known: () => shown });
    shown = await shownIn(next);
    assert.equal(shown.kickoffs.length, 4);
    assert.equal(folder.mended.length, 0);

    await next.checkUp();
    assert.equal(folder.mended.length, 1);
    assert.match(folder.mended[0]?.setAside ?? '', /damaged/);
    assert.deepEqual(await shownIn(next), shown);
    const lock = new DatabaseSync(folder.file);
    lock.exec('BEGIN IMMEDIATE');
    await assert.rejects(next.salvage(), { kind: 'locked' });
    next.close();
    lock.close();
    next = await folder.window();
    assert.equal(await next.salvage(), true, 'the next window begins again');
    assert.equal(await next.salvage(), false);
    const bodies = await Promise.all(shown.kickoffs.map((kickoff) => next.body(kickoff).catch(() => 'damaged')));
    const read = bodies.filter((body) => body instanceof Uint8Array && body.length === 20_000);
    assert.ok(read.length >= 2, `${read.length} answers are there`);
    assert.ok(
      bodies.every((body) => body === undefined || body === 'damaged' || read.includes(body)),
      'none is another than it was',
    );
    assert.equal(integrity(folder.file), 'ok');
    await next.checkUp();
    assert.equal(folder.mended.length, 1);
  });
});

async function ids(store: KickoffStore): Promise<readonly string[]> {
  return (await store.load()).kickoffs.map(({ id }) => id);
}

function integrity(file: string): unknown {
  const raw = new DatabaseSync(file);
  try {
    return raw.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
  } finally {
    raw.close();
  }
}

function noise(length: number): Uint8Array {
  return Uint8Array.from({ length }, () => Math.random() * 256);
}
