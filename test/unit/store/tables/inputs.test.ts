import assert from 'node:assert/strict';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { KickoffStore } from '#store/store';
import { addKickoff } from '#test/support/builders';
import { run, useHistory } from '#test/unit/store/support';

describe('The inputs of a tracked run', () => {
  const pasted = { topic: 'AI agents', sites: ['a', 'b'] };
  let store: KickoffStore;
  let kickoff: Kickoff;

  useHistory((history) => {
    ({ store } = history);
    kickoff = run(history.deployment, 'a');
  });

  it('are stored separately from the run', async () => {
    const { inputLabel } = await addKickoff(store, { ...kickoff, inputLabel: 'AI agents' }, pasted);
    assert.deepEqual([inputLabel, await store.inputs(kickoff)], ['AI agents', pasted]);
    assert.doesNotMatch(JSON.stringify(await store.load()), /sites/);
  });

  it('are added to a run that was tracked without inputs', async () => {
    const before = await addKickoff(store, { ...kickoff, label: 'mine', isMuted: true });
    assert.equal(await store.inputs(kickoff), undefined);
    const after = await addKickoff(store, { ...kickoff, trackedAt: 9, inputLabel: 'AI agents' }, pasted);
    assert.deepEqual([after, await store.inputs(kickoff)], [{ ...before, inputLabel: 'AI agents' }, pasted]);
    assert.deepEqual((await store.load()).kickoffs, [after]);
  });

  it('stay unchanged if the run is pasted again with other inputs or none', async () => {
    const before = await addKickoff(store, { ...kickoff, inputLabel: 'AI agents' }, pasted);
    for (const inputs of [{ topic: 'Robots' }, undefined])
      assert.deepEqual(await addKickoff(store, { ...kickoff, inputLabel: 'Robots' }, inputs), before);
    assert.deepEqual(await store.inputs(kickoff), pasted);
  });
});
