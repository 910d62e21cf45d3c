import assert from 'node:assert/strict';
import type { Deployment } from '#core/kickoff/deployment';
import type { KickoffStore } from '#store/store';
import { bytes, Folder, noise, run, soon, url } from '#test/unit/store/support';

describe('An update of a run', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;

  beforeEach(async () => {
    folder = new Folder();
    store = await folder.window();
    deployment = await store.addDeployment(url, 'Research');
  });
  afterEach(() => folder.remove());

  it('returns the stored run, or nothing if there is no such run', async () => {
    const kickoff = await store.addKickoff(run(deployment, 'a'));
    assert.equal(await soon(store.update(run(deployment, 'b'), (stored) => ({ kickoff: stored }))), undefined);
    assert.deepEqual(await soon(store.update(kickoff, (stored) => ({ kickoff: stored }))), kickoff);
    const named = { ...kickoff, label: 'mine' };
    assert.deepEqual(await soon(store.update(kickoff, (stored) => ({ kickoff: { ...stored, label: 'mine' } }))), named);
  });

  it('stores a small and a large response', async () => {
    const kickoff = await store.addKickoff(run(deployment, 'a'));
    for (const body of [bytes('body'), noise(100_000)]) {
      await soon(store.update(kickoff, (stored) => ({ kickoff: { ...stored, checkedAt: body.length }, body })));
      assert.ok(Buffer.from((await store.body(kickoff))!).equals(body));
    }
  });

  it('can change the reason of a failed run, but not its status or the time of its end', async () => {
    const failed = run(deployment, 'a', { phase: { kind: 'failed', reason: 'Error 7' }, phaseSince: 2_000 });
    await store.addKickoff(failed);
    const phase = { kind: 'failed', reason: 'The task has no agent.' } as const;
    assert.deepEqual(await store.update(failed, (stored) => ({ kickoff: { ...stored, phase } })), { ...failed, phase });
    const stopped = { phase: { kind: 'stopped' }, phaseSince: 3_000, label: 'mine' } as const;
    assert.deepEqual(await store.update(failed, (stored) => ({ kickoff: { ...stored, ...stopped } })), { ...failed, phase, label: 'mine' });
  });

  it('keeps tasks that the server no longer has, in the order of their positions', async () => {
    const [first, second, third, fourth] = [1, 2, 3, 4].map((position) => ({ position, name: `Task ${position}`, hasOutput: false }));
    const kickoff = await store.addKickoff(run(deployment, 'a', { tasks: [second!, third!] }));
    const after = await store.update(kickoff, (stored) => ({ kickoff: { ...stored, tasks: [first!, third!, fourth!] } }));
    assert.deepEqual(after?.tasks, [first, second, third, fourth]);
  });
});
