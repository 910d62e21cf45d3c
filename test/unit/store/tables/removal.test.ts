import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import { newKickoff } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { KickoffStore } from '#store/store';
import { clock, Folder, soon } from '#test/unit/store/support';

const start = Date.UTC(2026, 10, 25);
const url = (name: string) => `https://${name}.example` as DeploymentUrl;
let folder: Folder;

function useFolder(): void {
  beforeEach(() => (folder = new Folder()));
  afterEach(() => folder.remove());
}

const idOf = (name: string) => name as KickoffId;

async function filled(): Promise<{ readonly store: KickoffStore; readonly names: () => Promise<readonly string[]> }> {
  const store = await folder.window();
  for (const name of ['one', 'two']) {
    const { key } = await store.addDeployment(url(name), name);
    for (const id of ['a', 'b', 'c']) await store.addKickoff(newKickoff({ deployment: key, id: idOf(`${name}-${id}`) }, start));
  }
  const names = async () => {
    const { deployments, kickoffs } = await store.load();
    return [...deployments.map(({ label }) => label), ...kickoffs.map(({ id }) => id)];
  };
  return { store, names };
}

describe('A run that is moved', () => {
  useFolder();

  it('belongs only to its new deployment, and has its history again when moved back', async () => {
    const { store } = await filled();
    const [one, two] = (await store.load()).deployments;
    assert.ok(one && two);
    const from = { deployment: one.key, id: idOf('one-a') };
    const to = { deployment: two.key, id: from.id };
    await store.update(from, (stored) => ({ kickoff: { ...stored, label: 'mine', checkedAt: start } }));
    const runs = async () =>
      (await store.load()).kickoffs.filter(({ id }) => id === from.id).map(({ deployment, label }) => [deployment, label]);

    await store.moveKickoff(from, newKickoff(to, start, 'moved'), start);
    assert.deepEqual(await runs(), [[two.key, 'moved']]);
    const back = await store.moveKickoff(to, newKickoff(from, start, 'other'), start);
    assert.deepEqual([back.label, back.checkedAt, await runs()], ['mine', start, [[one.key, 'mine']]]);
    assert.equal(await store.undoRemove(), 1);
    assert.equal((await runs()).length, 2);
  });

  it('stays at its deployment if it can’t be added to the other deployment', async () => {
    const { store, names } = await filled();
    const before = await names();
    const [one] = (await store.load()).deployments;
    const nowhere = { deployment: 99 as DeploymentKey, id: idOf('one-a') };
    await assert.rejects(store.moveKickoff({ deployment: one!.key, id: idOf('one-a') }, newKickoff(nowhere, start), start));
    assert.deepEqual(await names(), before);
  });
});

describe('A removal', () => {
  useFolder();

  it('is undone before earlier removals', async () => {
    const { store, names } = await filled();
    const all = await names();
    const { deployments } = await store.load();
    const [one, two] = deployments;
    assert.ok(one && two);
    assert.equal(
      await store.remove(
        [
          { deployment: one.key, id: idOf('one-a') },
          { deployment: one.key, id: idOf('one-b') },
        ],
        start,
      ),
      2,
    );
    assert.equal(await store.remove(two.key, start), 3);
    assert.deepEqual(await names(), ['one', 'one-c']);

    assert.equal(await store.undoRemove(), 4);
    assert.deepEqual(await names(), ['one', 'two', 'one-c', 'two-a', 'two-b', 'two-c']);
    assert.equal(await store.undoRemove(), 2);
    assert.deepEqual(await names(), all);
    assert.equal(await store.undoRemove(), 0);
  });

  it('can be undone for one of its runs or its deployment, even after later removals', async () => {
    const { store, names } = await filled();
    const [one, two] = (await store.load()).deployments;
    assert.ok(one && two);
    const [a, b, c] = ['one-a', 'one-b', 'one-c'].map((name) => ({ deployment: one.key, id: idOf(name) }));
    assert.ok(a && b && c);
    await store.remove([a], start);
    assert.equal(await store.remove([a, b], start), 1, 'the first run was already removed');
    await store.remove(two.key, start);
    await store.remove([c], start);

    assert.equal(await store.undoRemove([b]), 1);
    assert.deepEqual(await names(), ['one', 'one-b']);
    assert.equal(await store.undoRemove(two.key), 4);
    assert.deepEqual(await names(), ['one', 'two', 'one-b', 'two-a', 'two-b', 'two-c']);
    assert.equal(await store.undoRemove([a]), 1);
    assert.equal(await store.undoRemove([a]), 0, 'the run isn’t removed');
    assert.equal(await store.undoRemove(), 1, 'the last removal');
    assert.deepEqual(await names(), ['one', 'two', 'one-a', 'one-b', 'one-c', 'two-a', 'two-b', 'two-c']);
  });

  it('can be undone for several runs, even if one of them was added and removed again since', async () => {
    const { store, names } = await filled();
    const [one] = (await store.load()).deployments;
    assert.ok(one);
    const [a, b, c] = ['one-a', 'one-b', 'one-c'].map((name) => ({ deployment: one.key, id: idOf(name) }));
    assert.ok(a && b && c);
    await store.remove([a, b], start);
    await store.addKickoff(newKickoff(a, start));
    await store.remove([a, c], start);
    assert.equal(await store.undoRemove([a, b]), 2);
    assert.deepEqual(await names(), ['one', 'two', 'one-a', 'one-b', 'two-a', 'two-b', 'two-c']);
  });

  it('of a deployment can be undone even if another window added a run to the deployment since', async () => {
    const { store, names } = await filled();
    const [one] = (await store.load()).deployments;
    assert.ok(one);
    await store.remove(one.key, start);
    // Another window adds a run to the removed deployment, which restores the deployment.
    await store.addKickoff(newKickoff({ deployment: one.key, id: idOf('one-d') }, start));
    assert.deepEqual(await names(), ['one', 'two', 'two-a', 'two-b', 'two-c', 'one-d']);
    assert.equal(await store.undoRemove(one.key), 3);
  });

  it('of a deployment ends for the deployment when one of its runs is restored', async () => {
    const { store, names } = await filled();
    const [, two] = (await store.load()).deployments;
    assert.ok(two);
    await store.remove(two.key, start);
    assert.equal(await store.undoRemove([{ deployment: two.key, id: idOf('two-b') }]), 1);
    assert.deepEqual(await names(), ['one', 'two', 'one-a', 'one-b', 'one-c', 'two-b']);
  });

  it('of an unknown deployment can’t be undone', async () => {
    const { store, names } = await filled();
    const before = await names();
    assert.equal(await store.undoRemove(99 as DeploymentKey), 0);
    assert.deepEqual(await names(), before);
  });

  it('is purged in small steps, between which other calls can write', async () => {
    const store = await folder.window();
    const { key } = await store.addDeployment(url('one'), 'one');
    const all = Array.from({ length: 90 }, (_, index) => ({ deployment: key, id: idOf(`run-${index}`) }));
    for (const ref of all) await store.addKickoff(newKickoff(ref, start));
    await store.remove(key, start);
    let isOver = false;
    const purging = store.purge(start + 1).then((urls) => {
      isOver = true;
      return urls;
    });
    await new Promise((resolve) => setTimeout(resolve));
    await store.addDeployment(url('two'), 'two');
    assert.equal(isOver, false);
    assert.deepEqual([await soon(purging), await store.undoRemove()], [[url('one')], 0]);
  });

  it('by age affects a run only once, even from another window', async () => {
    const { store, names } = await filled();
    const all = await names();
    const { kickoffs } = await store.load();
    const [undone, tracked, other] = kickoffs;
    assert.ok(undone && tracked && other);
    assert.equal(await store.removeOld([tracked], start), 1);
    assert.equal(await store.removeOld([undone], start), 1);
    assert.equal(await store.undoRemove(), 1);
    await store.addKickoff(tracked);
    assert.deepEqual(await names(), all);

    const next = await folder.window();
    assert.equal(await next.removeOld([undone, tracked, other], start), 1);
    assert.deepEqual(
      await names(),
      all.filter((name) => name !== other.id),
    );
    assert.equal(await next.remove([undone], start), 1, 'removal by the user still works');
  });

  it('of a deployment ends when the deployment is added again, and Undo then restores its runs', async () => {
    const { store, names } = await filled();
    const [one] = (await store.load()).deployments;
    assert.ok(one);
    await store.remove([{ deployment: one.key, id: idOf('one-a') }], start);
    await store.remove(one.key, start + 1);
    assert.equal((await store.addDeployment(one.url, 'again')).label, 'again');
    assert.deepEqual(await names(), ['again', 'two', 'two-a', 'two-b', 'two-c']);
    await store.undoRemove();
    assert.deepEqual(await names(), ['again', 'two', 'one-b', 'one-c', 'two-a', 'two-b', 'two-c']);
  });

  it('is purged after its retention time, and other data stays', async () => {
    const { store, names } = await filled();
    const [one, two] = (await store.load()).deployments;
    assert.ok(one && two);
    await store.remove(one.key, start);
    await store.remove([{ deployment: two.key, id: idOf('two-a') }], start + 1_000);
    assert.deepEqual(await store.purge(start), []);
    assert.deepEqual(await store.purge(start + 500), [one.url]);
    assert.equal(await store.undoRemove(), 1);
    assert.equal(await store.undoRemove(), 0);
    assert.deepEqual(await names(), ['two', 'two-a', 'two-b', 'two-c']);
  });

  it('of all data returns the URLs whose tokens can be deleted', async () => {
    const { store, names } = await filled();
    const [one] = (await store.load()).deployments;
    assert.ok(one);
    await store.remove(one.key, start);
    assert.deepEqual([...(await store.deleteAll())].sort(), [url('one'), url('two')]);
    assert.deepEqual(await names(), []);
  });

  it('of all data leaves no ID, output, or response in the history file and its copies', async () => {
    const { store } = await filled();
    const other = await folder.window();
    const [run] = (await store.load()).kickoffs;
    assert.ok(run);
    const body = new TextEncoder().encode('one-secret '.repeat(2_000));
    await other.update(run, (stored) => ({
      kickoff: { ...stored, phase: { kind: 'succeeded' } },
      body,
      outputs: [{ position: 1, output: 'one-secret' }],
    }));
    for (const name of ['kickoffs.db-4711', 'kickoffs.backup.db-4711', 'kickoffs.damaged-2026.db', '1764000000000.part'])
      writeFileSync(join(folder.path, name), 'one-secret');
    await store.deleteAll();
    await soon(store.vacuum());

    const left = readdirSync(folder.path);
    assert.deepEqual(left.sort(), ['kickoffs.db', 'kickoffs.db-shm', 'kickoffs.db-wal']);
    for (const name of left) assert.doesNotMatch(readFileSync(join(folder.path, name), 'latin1'), /one-/, name);
    assert.deepEqual((await other.load()).kickoffs, []);
  });
});

describe('Rewriting the history file', () => {
  useFolder();

  it('is rejected while another program reads the file, because deleted data is still in the log', async () => {
    const hurried = { ...clock, after: (_: number, then: () => void) => clock.after(0, then) };
    const store = await folder.window({ clock: hurried });
    await store.addDeployment(url('secret'), 'Secret');
    await store.deleteAll();
    const log = (): string => readFileSync(`${folder.file}-wal`, 'latin1');
    const reader = new DatabaseSync(folder.file);
    reader.exec('BEGIN');
    reader.prepare('SELECT * FROM deployment').all();
    await assert.rejects(store.vacuum(), { kind: 'locked' });
    assert.match(log(), /secret/);
    reader.close();
    await store.vacuum();
    assert.equal(log(), '');
  });
});

describe('A changed deployment', () => {
  useFolder();

  it("keeps its runs, and can't take the URL of another deployment", async () => {
    const { store, names } = await filled();
    const [one] = (await store.load()).deployments;
    assert.ok(one);
    assert.deepEqual(await store.changeDeployment(one.key, { url: url('moved') }), { ...one, url: url('moved') });
    assert.equal((await store.changeDeployment(one.key, { label: 'Moved' }))?.label, 'Moved');
    await assert.rejects(
      store.changeDeployment(one.key, { url: url('two') }),
      /Another deployment already uses this URL\. If that deployment isn.t in your list, run Add Deployment with this URL to restore it\./,
    );
    assert.deepEqual((await names()).slice(0, 3), ['Moved', 'two', 'one-a']);
  });
});
