import assert from 'node:assert/strict';
import { newKickoff, type Kickoff } from '#core/kickoff/kickoff';
import type { KickoffStore } from '#store/store';
import { addKickoff, id } from '#test/support/builders';
import { url, useFolder, type Folder } from '#test/unit/store/support';

describe('The inputs of a tracked run', () => {
  const pasted = { topic: 'AI agents', sites: ['a', 'b'] };
  let folder: Folder;
  let store: KickoffStore;
  let run: Kickoff;

  useFolder((fresh) => (folder = fresh));
  beforeEach(async () => {
    store = await folder.window();
    run = newKickoff({ deployment: (await store.addDeployment(url, 'Research')).key, id: id('a') }, 1);
  });

  it('are stored separately from the run', async () => {
    const { inputLabel } = await addKickoff(store, { ...run, inputLabel: 'AI agents' }, pasted);
    assert.deepEqual([inputLabel, await store.inputs(run)], ['AI agents', pasted]);
    assert.doesNotMatch(JSON.stringify(await store.load()), /sites/);
  });

  it('are added to a run that was tracked without inputs', async () => {
    const before = await addKickoff(store, { ...run, label: 'mine', isMuted: true });
    assert.equal(await store.inputs(run), undefined);
    const after = await addKickoff(store, { ...run, trackedAt: 9, inputLabel: 'AI agents' }, pasted);
    assert.deepEqual([after, await store.inputs(run)], [{ ...before, inputLabel: 'AI agents' }, pasted]);
    assert.deepEqual((await store.load()).kickoffs, [after]);
  });

  it('stay if the run is pasted again with other inputs or none', async () => {
    const before = await addKickoff(store, { ...run, inputLabel: 'AI agents' }, pasted);
    for (const inputs of [{ topic: 'Robots' }, undefined])
      assert.deepEqual(await addKickoff(store, { ...run, inputLabel: 'Robots' }, inputs), before);
    assert.deepEqual(await store.inputs(run), pasted);
  });
});
