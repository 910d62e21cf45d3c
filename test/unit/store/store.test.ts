import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff, Phase } from '#core/kickoff/kickoff';
import type { KickoffStore } from '#store/store';
import { bodyOf, bytes, noise, run, soon, useHistory, type Folder } from './support';
import { addKickoff } from '#test/support/builders';

describe('In the store,', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;

  useHistory((history) => ({ folder, store, deployment } = history));

  describe('an update of a run', () => {
    it('writes nothing unless the change function changes a stored run', async () => {
      const kickoff = await addKickoff(store, run(deployment, 'a'));
      const watcher = new DatabaseSync(folder.file);
      const version = () => watcher.prepare('PRAGMA data_version').get()?.['data_version'];
      const before = version();
      assert.deepEqual(await store.update(kickoff, (stored) => ({ kickoff: stored, body: bytes('x') })), kickoff);
      assert.equal(await soon(store.update(run(deployment, 'b'), () => assert.fail('there is no such run'))), undefined);
      assert.equal(version(), before);
      assert.equal(await store.body(kickoff), undefined);
      await store.update(kickoff, (stored) => ({ kickoff: { ...stored, checkedAt: 5 } }));
      assert.notEqual(version(), before);
      watcher.close();
    });

    it('calls the change function again with the latest run after a large response was compressed', async () => {
      const kickoff = await addKickoff(store, run(deployment, 'a'));
      const seen: string[] = [];
      const body = noise(1_000_000);
      const large = store.update(kickoff, (stored) => {
        seen.push(stored.phase.kind);
        return stored.phase.kind === 'succeeded' ? { kickoff: stored } : { kickoff: { ...stored, checkedAt: 1 }, body };
      });
      await (await folder.window()).update(kickoff, (stored) => ({ kickoff: settled(stored), body: bytes('the end') }));
      assert.equal((await large)?.phase.kind, 'succeeded');
      assert.deepEqual(seen, ['queued', 'succeeded']);
      assert.equal(await bodyOf(store, kickoff), 'the end');
    });

    it('never changes a final status or its response, except for the reason of a failure', async () => {
      const failed = await addKickoff(store, run(deployment, 'a', { phase: { kind: 'failed', reason: 'Error 7' }, phaseSince: 2_000 }));
      const changed = (fields: Partial<Kickoff>) =>
        store.update(failed, (stored) => ({ kickoff: { ...stored, ...fields }, body: bytes('late') }));
      const phase: Phase = { kind: 'failed', reason: 'The task has no agent.' };
      assert.deepEqual(await changed({ phase }), { ...failed, phase });
      const after = await changed({ phase: { kind: 'stopped' }, phaseSince: 3_000, label: 'mine', isUnread: false });
      assert.deepEqual(after, { ...failed, phase, label: 'mine', isUnread: false });
      assert.equal(await store.body(failed), undefined);
    });

    it('keeps tasks that the server no longer sends, in the order of their positions', async () => {
      const [first, second, third, fourth] = [1, 2, 3, 4].map((position) => ({ position, name: `Task ${position}`, hasOutput: false }));
      const kickoff = await addKickoff(store, run(deployment, 'a', { tasks: [second!, third!] }));
      const after = await store.update(kickoff, (stored) => ({ kickoff: { ...stored, tasks: [first!, third!, fourth!] } }));
      assert.deepEqual(after?.tasks, [first, second, third, fourth]);
    });
  });

  it('a change of several runs changes all runs, or none if the change of one run fails', async () => {
    const runs = [await addKickoff(store, run(deployment, 'first')), await addKickoff(store, run(deployment, 'second'))];
    const other = await folder.window();
    const mute = (stored: Kickoff) => ({ ...stored, isMuted: true });
    const failing = (stored: Kickoff) => {
      if (stored.id === runs[1]!.id) throw new Error('no');
      return mute(stored);
    };
    const muted = async () => (await other.load()).kickoffs.filter(({ isMuted }) => isMuted).length;
    await assert.rejects(store.changeKickoffs(runs, failing));
    assert.equal(await muted(), 0);
    const unknown = run(deployment, 'unknown');
    assert.deepEqual(
      (await store.changeKickoffs([...runs, unknown], mute)).map((one) => one.id),
      runs.map((one) => one.id),
    );
    assert.equal(await muted(), 2);
  });

  it('only one window may show the notification of a rejected token, until a token is accepted', async () => {
    const [one, other] = [store, await folder.window()];
    const second = await store.addDeployment('https://other.example' as Deployment['url'], 'Other');
    const claims = await Promise.all([one, other, one].map((window) => window.claimRejection(deployment.key)));
    assert.deepEqual(claims.filter(Boolean), [true]);
    assert.equal(await other.claimRejection(second.key), true);
    await one.forgetRejection(deployment.key);
    assert.equal(await other.claimRejection(second.key), false);
    assert.equal(await other.claimRejection(deployment.key), true);
  });

  it('only one window may show the notification of a lost token, and only if the token was saved', async () => {
    const [one, other] = [store, await folder.window()];
    assert.equal(await one.claimLostToken(deployment.key), false);
    await one.recordToken(deployment.url, true);
    const claims = await Promise.all([one, other].map((window) => window.claimLostToken(deployment.key)));
    assert.deepEqual(claims.filter(Boolean), [true]);
  });

  it('no window may show the notification of a lost token after the token was deleted', async () => {
    await store.recordToken(deployment.url, true);
    await (await folder.window()).recordToken(deployment.url, false);
    assert.equal(await store.claimLostToken(deployment.key), false);
  });

  it('calls are rejected after the store was closed', async () => {
    store.close();
    store.close();
    await assert.rejects(store.load(), { kind: 'closed' });
    await assert.rejects(addKickoff(store, run(deployment, 'a')), { kind: 'closed' });
  });
});

function settled(kickoff: Kickoff): Kickoff {
  return { ...kickoff, phase: { kind: 'succeeded' }, phaseSince: 2_000, finishedAt: 2_000, isUnread: true };
}
