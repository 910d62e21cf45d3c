import assert from 'node:assert/strict';
import { renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { KickoffStore } from '#store/store';
import { bytes, Folder, idsIn, integrity, run, url } from '#test/unit/store/support';

const sidecars = ['', '-wal', '-shm'];

describe('A history file that disappears while a window is open', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;
  let ended: Kickoff;

  beforeEach(async () => {
    folder = new Folder();
    store = await folder.window();
    deployment = await store.addDeployment(url, 'Research');
    ended = await store.addKickoff(run(deployment, 'ended'));
    await store.update(ended, (stored) => ({
      kickoff: { ...stored, phase: { kind: 'succeeded' }, output: 'plain', tasks: [{ position: 1, name: 'Research', hasOutput: true }] },
      outputs: [{ position: 1, output: 'found' }],
      body: bytes('body'),
    }));
  });
  afterEach(() => folder.remove());

  function deleteAll(): void {
    for (const name of sidecars) rmSync(folder.file + name);
  }

  const losses: Readonly<Record<string, () => void>> = {
    'deleted with its sidecars': deleteAll,
    'deleted without its sidecars': () => rmSync(folder.file),
    renamed: () => renameSync(folder.file, join(folder.path, 'mine.db')),
  };
  for (const [name, lose] of Object.entries(losses))
    it(`is restored with every response and the next write: ${name}`, async () => {
      lose();
      await store.addKickoff(run(deployment, 'new'));

      const other = await folder.window();
      assert.deepEqual(await idsIn(other), ['ended', 'new']);
      assert.equal(new TextDecoder().decode(await other.body(ended)), 'body');
      assert.deepEqual([...(await other.taskOutputs(ended))], [[1, 'found']]);
      assert.deepEqual(folder.recovered, [{ isNew: false }]);
      assert.equal(statSync(folder.file).mode & 0o777, 0o600);
      assert.equal(integrity(folder.file), 'ok');
    });

  it('becomes one file again with the writes of both windows', async () => {
    const other = await folder.window();
    await other.addKickoff(run(deployment, 'b'));
    deleteAll();
    await store.addKickoff(run(deployment, 'c'));
    await other.addKickoff(run(deployment, 'd'));
    await store.addKickoff(run(deployment, 'e'));
    store.close();
    other.close();
    assert.deepEqual(await idsIn(await folder.window()), ['ended', 'b', 'c', 'd', 'e']);
    assert.equal(integrity(folder.file), 'ok');
  });

  it('never overwrites a file that another window has created meanwhile', async () => {
    deleteAll();
    const other = await folder.window();
    const strange = await other.addDeployment('https://strange.example' as typeof url, 'Strange');
    await other.addKickoff(run(strange, 'strange'));

    assert.deepEqual(await idsIn(store), ['strange']);
    assert.deepEqual(folder.recovered, [{ isNew: false }], 'the window must read the runs again');
    await store.addKickoff(run(strange, 'new'));
    assert.deepEqual(await idsIn(other), ['strange', 'new']);
    assert.equal(integrity(folder.file), 'ok');
  });

  it('never overwrites a file that another window has created and closed meanwhile', async () => {
    deleteAll();
    const other = await folder.window();
    await other.addKickoff(run(await other.addDeployment(url, 'Research'), 'new'));
    // The last window of a file moves the log into the file. While the log is there, SQLite reads the log instead of an overwritten file.
    other.close();
    assert.deepEqual(await idsIn(store), ['new']);
  });
});
