import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import { newKickoff, type KickoffRef } from '#core/kickoff/kickoff';
import type { KickoffStore } from '#store/store';
import { addKickoff, deletesTokens, id, key, url as urlOf } from '#test/support/builders';
import { finish, hurried, soon, useFolder, type Folder } from '#test/unit/store/support';

const start = Date.UTC(2026, 10, 25);
const url = (name: string) => urlOf(`https://${name}.example`);
let folder: Folder;

describe('In the run history,', () => {
  let store: KickoffStore;
  let one: Deployment;
  let two: Deployment;

  useFolder((fresh) => (folder = fresh));
  beforeEach(async () => {
    store = await folder.window();
    [one, two] = [await store.addDeployment(url('one'), 'one'), await store.addDeployment(url('two'), 'two')];
    for (const name of ['one-a', 'one-b', 'one-c', 'two-a', 'two-b', 'two-c']) await addKickoff(store, newKickoff(ref(name), start));
  });

  /** Returns the run with this name, which begins with the label of its deployment. */
  const ref = (name: string): KickoffRef => ({ deployment: name.startsWith('one') ? one.key : two.key, id: id(name) });

  /** Returns the labels of the deployments and the IDs of the runs that the window shows. */
  async function names(): Promise<readonly string[]> {
    const { deployments, kickoffs } = await store.load();
    return [...deployments.map(({ label }) => label), ...kickoffs.map((kickoff) => kickoff.id)];
  }

  describe('a moved run', () => {
    /** Moves a run with a label and a response. */
    async function moveLabeled() {
      await store.update(ref('one-a'), (stored) => ({ kickoff: { ...stored, label: 'mine', checkedAt: start } }));
      return store.moveKickoff(ref('one-a'), two.key, start + 1);
    }

    /** Returns the shown runs with the ID of the moved run, each with its deployment and label. */
    const shown = async () =>
      (await store.load()).kickoffs.filter((kickoff) => kickoff.id === id('one-a')).map(({ deployment, label }) => [deployment, label]);

    it('belongs only to its new deployment, with its label but without its response', async () => {
      const moved = await moveLabeled();
      assert.deepEqual([moved.checkedAt, moved.trackedAt, await shown()], [undefined, start, [[two.key, 'mine']]]);
    });

    it('has its earlier data again if it is moved back before that data is purged', async () => {
      const moved = await moveLabeled();
      await store.purge(start, deletesTokens);
      const back = await store.moveKickoff(moved, one.key, start);
      assert.deepEqual([back.checkedAt, await shown()], [start, [[one.key, 'mine']]]);
      await store.purge(start + 1, deletesTokens);
      assert.equal(await store.kickoff(moved), undefined);
    });

    it("keeps the user's changes, even when it is moved back", async () => {
      const [from, to] = [ref('one-a'), { deployment: two.key, id: id('one-a') }];
      await store.update(from, (stored) => ({ kickoff: { ...stored, label: 'mine', isMuted: true } }));
      await store.moveKickoff(from, two.key, start);
      await store.update(to, ({ isMuted: _, ...stored }) => ({ kickoff: { ...stored, label: 'edited' } }));
      await store.moveKickoff(to, one.key, start);
      const back = (await store.kickoff(from))!;
      assert.deepEqual([back.label, back.isMuted, back.removedAt], ['edited', undefined, undefined]);
      await store.update(from, ({ label: _, ...stored }) => ({ kickoff: { ...stored, isMuted: true } }));
      const again = await store.moveKickoff(from, two.key, start);
      assert.deepEqual([again.label, again.isMuted], [undefined, true]);
      assert.deepEqual(await store.kickoff(to), again);
    });

    it('causes no change at a deployment that has a run with the same ID', async () => {
      const there = { ...newKickoff({ deployment: two.key, id: id('one-a') }, start), label: 'there', isMuted: true };
      await addKickoff(store, there);
      assert.deepEqual(await store.moveKickoff(ref('one-a'), two.key, start), there);
    });

    it("isn't moved back by Undo", async () => {
      await store.moveKickoff(ref('one-a'), two.key, start);
      const moved = await names();
      assert.equal(await store.undoRemove(), 0);
      await store.remove([ref('one-b')], start);
      assert.equal(await store.undoRemove(), 1);
      assert.deepEqual(await names(), moved);
    });

    it("stays at its deployment if it can't be added to the other deployment", async () => {
      const before = await names();
      await assert.rejects(store.moveKickoff(ref('one-a'), key(99), start));
      assert.deepEqual(await names(), before);
    });
  });

  describe('after a removal,', () => {
    it('each Undo restores everything from one removal, the latest first', async () => {
      const all = await names();
      assert.equal(await store.remove(['one-a', 'one-b'].map(ref), start), 2);
      assert.equal(await store.remove(two.key, start), 3);
      assert.deepEqual(await names(), ['one', 'one-c']);

      assert.equal(await store.undoRemove(), 4);
      assert.deepEqual(await names(), ['one', 'two', 'one-c', 'two-a', 'two-b', 'two-c']);
      assert.equal(await store.undoRemove(), 2);
      assert.deepEqual(await names(), all);
      assert.equal(await store.undoRemove(), 0);
    });

    it('a single run or deployment can be restored, even after later removals', async () => {
      await store.remove([ref('one-a')], start);
      assert.equal(await store.remove(['one-a', 'one-b'].map(ref), start), 1, 'the first run was already removed');
      await store.remove(two.key, start);
      await store.remove([ref('one-c')], start);

      assert.equal(await store.undoRemove([ref('one-b')]), 1);
      assert.deepEqual(await names(), ['one', 'one-b']);
      assert.equal(await store.undoRemove(two.key), 4);
      assert.deepEqual(await names(), ['one', 'two', 'one-b', 'two-a', 'two-b', 'two-c']);
      assert.equal(await store.undoRemove([ref('one-a')]), 1);
      assert.equal(await store.undoRemove([ref('one-a')]), 0, "the run isn't removed");
      assert.equal(await store.undoRemove(), 1, 'the last removal');
      assert.deepEqual(await names(), ['one', 'two', 'one-a', 'one-b', 'one-c', 'two-a', 'two-b', 'two-c']);
    });

    it("a deployment's runs can be restored, even if another window already restored the deployment", async () => {
      await store.remove(one.key, start);
      // Another window adds a run to the removed deployment, which restores the deployment.
      await addKickoff(store, newKickoff(ref('one-d'), start));
      assert.deepEqual(await names(), ['one', 'two', 'two-a', 'two-b', 'two-c', 'one-d']);
      assert.equal(await store.undoRemove(one.key), 3);
    });

    it("a run can be restored with its deployment, but without the deployment's other runs", async () => {
      await store.remove(two.key, start);
      assert.equal(await store.undoRemove([ref('two-b')]), 1);
      assert.deepEqual(await names(), ['one', 'two', 'one-a', 'one-b', 'one-c', 'two-b']);
    });

    it('Undo restores the runs removed with a deployment, even if the deployment was added again', async () => {
      await store.remove([ref('one-a')], start);
      await store.remove(one.key, start + 1);
      assert.equal((await store.addDeployment(one.url, 'again')).label, 'again');
      assert.deepEqual(await names(), ['again', 'two', 'two-a', 'two-b', 'two-c']);
      await store.undoRemove();
      assert.deepEqual(await names(), ['again', 'two', 'one-b', 'one-c', 'two-a', 'two-b', 'two-c']);
    });

    it("a restored run isn't removed by age again, not even by another window", async () => {
      const all = await names();
      assert.equal(await store.removeOld([ref('one-b')], start), 1);
      assert.equal(await store.removeOld([ref('one-a')], start), 1);
      assert.equal(await store.undoRemove(), 1);
      await addKickoff(store, newKickoff(ref('one-b'), start));
      assert.deepEqual(await names(), all);

      const next = await folder.window();
      assert.equal(await next.removeOld(['one-a', 'one-b', 'one-c'].map(ref), start), 1);
      assert.deepEqual(await names(), ['one', 'two', 'one-a', 'one-b', 'two-a', 'two-b', 'two-c']);
      assert.equal(await next.remove([ref('one-a')], start), 1, 'removal by the user still works');
    });

    it('a purge deletes a deployment removed before the time limit, but neither a run removed later nor other data', async () => {
      await store.remove(one.key, start);
      await store.remove([ref('two-a')], start + 1_000);
      await store.purge(start + 500, deletesTokens);
      assert.equal(await store.undoRemove(), 1);
      assert.equal(await store.undoRemove(), 0);
      assert.deepEqual(await names(), ['two', 'two-a', 'two-b', 'two-c']);
    });

    it("a purged deployment's URL stays until the deployment's token is deleted", async () => {
      await store.remove(one.key, start);
      const asked: (readonly DeploymentUrl[])[] = [];
      const locked = (urls: readonly DeploymentUrl[]) => (asked.push(urls), Promise.resolve([]));
      await store.purge(start, locked);
      await store.purge(start + 500, locked);
      assert.deepEqual(asked, [[], [one.url]]);
      assert.deepEqual(await store.urls(), [one.url, two.url]);
      await store.purge(start + 500, deletesTokens);
      assert.deepEqual(await store.urls(), [two.url]);
    });

    it('a purge takes small steps between which other calls can write', async () => {
      for (let index = 0; index < 90; index += 1) await addKickoff(store, newKickoff(ref(`one-${index}`), start));
      await store.remove(one.key, start);
      let isOver = false;
      const purging = store.purge(start + 1, deletesTokens).finally(() => (isOver = true));
      await new Promise((resolve) => setTimeout(resolve));
      await store.addDeployment(url('three'), 'three');
      assert.equal(isOver, false);
      await soon(purging);
      assert.equal(await store.undoRemove(), 0);
    });
  });

  it('a run or deployment leaves no trace in any file after all data is deleted', async () => {
    const other = await folder.window();
    await finish(other, ref('one-a'), 'one-secret '.repeat(2_000));
    for (const name of ['kickoffs.db-4711', 'kickoffs.backup.db-4711', 'kickoffs.damaged-2026.db', '1764000000000.part'])
      writeFileSync(join(folder.path, name), 'one-secret');
    await store.remove(one.key, start);
    const urls = await store.deleteAll([]);
    assert.deepEqual([...urls].sort(), [one.url, two.url], 'so that their tokens can be deleted');
    await soon(store.vacuum());

    const left = readdirSync(folder.path);
    assert.deepEqual(left.sort(), ['kickoffs.db', 'kickoffs.db-shm', 'kickoffs.db-wal']);
    for (const name of left) assert.doesNotMatch(readFileSync(join(folder.path, name), 'latin1'), /one-|found/, name);
    assert.deepEqual((await other.load()).kickoffs, []);
  });

  it('a run or deployment leaves no trace in any file after the purge, also in a file without secure deletion and in damaged files', async () => {
    for (const isOldFile of [true, false]) {
      if (isOldFile) {
        const connection = new DatabaseSync(folder.file);
        connection.exec('PRAGMA application_id = 0; PRAGMA secure_delete = OFF; CREATE TABLE freed (text)');
        connection.exec(`INSERT INTO freed VALUES ('${'canary-freed '.repeat(5_000)}'); DROP TABLE freed`);
        connection.close();
      }
      const damaged = ['kickoffs.damaged-2026.db', 'kickoffs.damaged-2026.db-wal'].map((name) => join(folder.path, name));
      for (const path of damaged) writeFileSync(path, 'canary-damaged');
      const waiting = join(folder.path, 'kickoffs.damaged-2027.db');
      for (const path of [waiting, `${waiting}-unread`]) writeFileSync(path, '');
      const { key } = await store.addDeployment(url('canary-host'), 'canary-label');
      const canary = { deployment: key, id: id('canary-run') };
      await addKickoff(store, newKickoff(canary, start));
      await finish(store, canary, 'canary-secret '.repeat(20_000));
      await store.remove(key, start);
      const later = Date.now() + 1_000;
      await soon(store.purge(later, deletesTokens));
      const names = readdirSync(folder.path).filter((name) => !name.startsWith(basename(waiting)));
      for (const name of names) assert.doesNotMatch(readFileSync(join(folder.path, name), 'latin1'), /canary/, name);
      assert.ok(existsSync(waiting), 'a damaged file whose responses are not recovered yet stays');
    }
  });

  it('a deployment keeps its runs when its URL or label changes', async () => {
    const moved = { url: url('moved'), urlSince: start };
    assert.deepEqual(await store.changeDeployment(one.key, moved), { ...one, ...moved });
    assert.deepEqual(await store.changeDeployment(one.key, { label: 'Moved' }), { ...one, ...moved, label: 'Moved' });
    assert.equal((await store.addDeployment(url('moved'), 'another label')).label, 'Moved');
    assert.deepEqual((await names()).slice(0, 3), ['Moved', 'two', 'one-a']);
  });

  it('a deployment keeps the names of its inputs when its label changes, but not when its URL changes', async () => {
    const named = { inputNames: ['topic', 'a\nb', '__proto__'] };
    await store.changeDeployment(one.key, named);
    assert.deepEqual(await store.changeDeployment(one.key, { url: one.url, label: 'Named' }), { ...one, ...named, label: 'Named' });
    const moved = { url: url('moved') };
    assert.deepEqual(await store.changeDeployment(one.key, moved), { ...one, ...moved, label: 'Named' });
    assert.deepEqual((await store.changeDeployment(one.key, { inputNames: [] }))?.inputNames, []);
  });

  it("a deployment can't take the URL of another deployment", async () => {
    await assert.rejects(
      store.changeDeployment(one.key, { url: two.url }),
      /Another deployment already uses this URL\. If that deployment isn.t in your list, run Add Deployment with this URL to restore it\./,
    );
    assert.deepEqual((await names()).slice(0, 3), ['one', 'two', 'one-a']);
  });

  it("a deployment can't be changed after it was removed", async () => {
    await store.remove(one.key, start);
    assert.equal(await store.changeDeployment(one.key, { label: 'Again' }), undefined, 'another window removed it meanwhile');
  });
});

describe('Rewriting the history file', () => {
  useFolder((fresh) => (folder = fresh));

  it('is rejected while another program reads the file, because deleted data is still in the log', async () => {
    const store = await folder.window({ clock: hurried });
    await store.addDeployment(url('secret'), 'Secret');
    await store.deleteAll([]);
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
