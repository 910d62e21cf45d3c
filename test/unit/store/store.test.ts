import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff, Phase } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import { HistoryFailure } from '#core/lib/errors';
import { Database } from '#store/database';
import { KickoffStore } from '#store/store';
import { tries } from '#test/support/fuzz';
import { arbitraryKickoff } from './arbitraryKickoff';
import { bodyOf, bytes, clock, Folder, noise, run, soon, url, useHistory } from './support';

describe('The store', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;

  useHistory((history) => ({ folder, store, deployment } = history));

  describe('with stored data', () => {
    it('has one deployment for each URL, with its first label', async () => {
      const again = await (await folder.window()).addDeployment(url, 'Another label');
      assert.deepEqual(again, deployment);
      assert.deepEqual((await store.load()).deployments, [deployment]);
    });

    it('returns a body byte for byte, small or large', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
      for (const body of [new Uint8Array(), bytes('{"status":"running"}'), noise(3_000_000)]) {
        await soon(store.update(kickoff, (stored) => ({ kickoff: { ...stored, checkedAt: body.length }, body })));
        assert.deepEqual(new Uint8Array((await store.body(kickoff))!), body);
      }
    });

    it('distinguishes IDs by case and by deployment', async () => {
      const second = await store.addDeployment('https://other.example' as Deployment['url'], 'Other');
      const all = [run(deployment, 'ab'), run(deployment, 'AB'), run(second, 'ab', { label: 'second' })];
      for (const kickoff of all) await store.addKickoff(kickoff);
      assert.deepEqual((await store.load()).kickoffs, all);
    });

    it('creates files that only the user can read, even if the umask is 0', async () => {
      const before = process.umask(0);
      const open = new Folder();
      try {
        await (await open.window()).addDeployment(url, 'Research');
        for (const name of ['', '-wal', '-shm']) assert.equal(statSync(open.file + name).mode & 0o777, 0o600, name);
      } finally {
        process.umask(before);
        open.remove();
      }
    });

    it('returns every field of every run in another window', async function () {
      this.timeout(20_000);
      const other = await folder.window();
      await fc.assert(
        fc.asyncProperty(arbitraryKickoff(deployment.key), async (arbitrary) => {
          const kickoff = { ...arbitrary, id: randomUUID() as KickoffId };
          const outputs = kickoff.tasks.filter(({ hasOutput }) => hasOutput).map(({ position, name }) => ({ position, output: name }));
          await store.addKickoff(run(deployment, kickoff.id));
          await store.update(kickoff, () => ({ kickoff, outputs }));

          const { kickoffs } = await other.load();
          const found = kickoffs.find(({ id }) => id === kickoff.id);
          assert.deepEqual(found, kickoff.removedAt === undefined ? kickoff : undefined);
          await other.update(kickoff, (stored) => {
            assert.deepEqual(stored, kickoff);
            return { kickoff: stored };
          });
          assert.deepEqual(await other.taskOutputs(kickoff), new Map(outputs.map(({ position, output }) => [position, output])));
        }),
        tries(150),
      );
    });
  });

  describe('when tracking a run', () => {
    it('returns the stored run if it is tracked again', async () => {
      const first = await store.addKickoff(run(deployment, 'a', { label: 'first' }));
      const again = await store.addKickoff(run(deployment, 'a', { label: 'again', trackedAt: 2_000 }));
      assert.deepEqual(again, first);
    });

    it('restores a removed run with its history if it is tracked again', async () => {
      const { removedAt: _, ...ended } = settled(await store.addKickoff(run(deployment, 'a')));
      await store.update(ended, () => ({ kickoff: { ...ended, removedAt: 3_000 }, body: bytes('the end') }));
      assert.deepEqual((await store.load()).kickoffs, []);

      assert.deepEqual(await store.addKickoff(run(deployment, 'a')), ended);
      assert.deepEqual((await store.load()).kickoffs, [ended]);
      assert.equal(await bodyOf(store, ended), 'the end');
    });

    it('rejects a run of an unknown deployment', async () => {
      await assert.rejects(store.addKickoff(run({ ...deployment, key: 99 as Deployment['key'] }, 'a')), HistoryFailure);
    });
  });

  describe('when updating a run', () => {
    it('returns the stored run, or nothing if there is no such run', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
      assert.equal(await soon(store.update(run(deployment, 'b'), (stored) => ({ kickoff: stored }))), undefined);
      const named = { ...kickoff, label: 'mine' };
      assert.deepEqual(await soon(store.update(kickoff, (stored) => ({ kickoff: { ...stored, label: 'mine' } }))), named);
    });

    it('writes nothing when the change function returns the stored run', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
      const watcher = new DatabaseSync(folder.file);
      const version = () => watcher.prepare('PRAGMA data_version').get()?.['data_version'];
      const before = version();
      assert.deepEqual(await store.update(kickoff, (stored) => ({ kickoff: stored, body: bytes('x') })), kickoff);
      assert.equal(version(), before);
      assert.equal(await store.body(kickoff), undefined);
      await store.update(kickoff, (stored) => ({ kickoff: { ...stored, checkedAt: 5 } }));
      assert.notEqual(version(), before);
      watcher.close();
    });

    it('changes nothing when the change function throws, or the last statement fails', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
      const bug = new TypeError('a bug');
      const throwing = () => {
        throw bug;
      };
      await assert.rejects(store.update(kickoff, throwing), bug);
      const broken = { ...settled(kickoff), phase: { kind: null as never } };
      const outputs = [{ position: 1, output: 'text' }];
      const failing = store.update(kickoff, () => ({ kickoff: broken, outputs, body: bytes('x') }));
      await assert.rejects(failing, HistoryFailure);
      assert.deepEqual((await store.load()).kickoffs, [kickoff]);
      assert.equal(await store.body(kickoff), undefined);
      assert.equal((await store.taskOutputs(kickoff)).size, 0);
      await store.update(kickoff, (stored) => ({ kickoff: settled(stored) }));
    });

    it('loses no change when two windows update at the same time', async () => {
      const windows = [store, await folder.window()];
      const kickoff = await store.addKickoff(run(deployment, 'a', { totalTokens: 0 }));
      const updates = Array.from({ length: 40 }, (_, index) =>
        windows[index % 2]!.update(kickoff, (stored) => ({
          kickoff: { ...stored, totalTokens: stored.totalTokens! + 1 },
          body: index % 5 === 0 ? noise(100_000) : bytes(`${index}`),
        })),
      );
      await Promise.all(updates);
      assert.equal((await store.load()).kickoffs[0]?.totalTokens, 40);
    });

    it('calls the change function again after a large body was compressed', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
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

    it('keeps status and body of a finished run, but changes its label and unread mark', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
      const end = await store.update(kickoff, (stored) => ({ kickoff: settled(stored), body: bytes('the end') }));
      await fc.assert(
        fc.asyncProperty(arbitraryKickoff(deployment.key), async (wrong) => {
          const after = await store.update(kickoff, (stored) => ({ kickoff: { ...wrong, tasks: stored.tasks }, body: bytes('wrong') }));
          assert.deepEqual(after?.phase, end?.phase);
          assert.equal(await bodyOf(store, kickoff), 'the end');
        }),
        tries(50),
      );
      const read = await store.update(kickoff, (stored) => ({ kickoff: { ...settled(stored), isUnread: false, label: 'named' } }));
      assert.deepEqual([read?.isUnread, read?.label], [false, 'named']);
    });

    it('can change the reason of a failed run, but not its status or the time of its end', async () => {
      const failed = await store.addKickoff(run(deployment, 'a', { phase: { kind: 'failed', reason: 'Error 7' }, phaseSince: 2_000 }));
      const changed = (fields: Partial<Kickoff>) => store.update(failed, (stored) => ({ kickoff: { ...stored, ...fields } }));
      const phase: Phase = { kind: 'failed', reason: 'The task has no agent.' };
      assert.deepEqual(await changed({ phase }), { ...failed, phase });
      assert.deepEqual(await changed({ phase: { kind: 'stopped' }, phaseSince: 3_000, label: 'mine' }), {
        ...failed,
        phase,
        label: 'mine',
      });
    });

    it('keeps tasks that the server no longer has, in the order of their positions', async () => {
      const [first, second, third, fourth] = [1, 2, 3, 4].map((position) => ({ position, name: `Task ${position}`, hasOutput: false }));
      const kickoff = await store.addKickoff(run(deployment, 'a', { tasks: [second!, third!] }));
      const after = await store.update(kickoff, (stored) => ({ kickoff: { ...stored, tasks: [first!, third!, fourth!] } }));
      assert.deepEqual(after?.tasks, [first, second, third, fourth]);
    });
  });

  it('lets only one window claim the notification of a run, once', async () => {
    const windows = [store, await folder.window()];
    const kickoff = await store.addKickoff(run(deployment, 'a'));
    const claims = await Promise.all([...windows, ...windows].map((window) => window.claimNotice(kickoff)));
    assert.deepEqual(claims.filter(Boolean), [true]);
    assert.equal(await store.claimNotice(run(deployment, 'unknown')), false);
  });

  it('lets only one window claim the notification of a rejected token, until a token is accepted', async () => {
    const [one, other] = [store, await folder.window()];
    const second = await store.addDeployment('https://other.example' as Deployment['url'], 'Other');
    const claims = await Promise.all([one, other, one].map((window) => window.claimRefusal(deployment.key)));
    assert.deepEqual(claims.filter(Boolean), [true]);
    assert.equal(await other.claimRefusal(second.key), true);
    await one.forgetRefusal(deployment.key);
    assert.equal(await other.claimRefusal(second.key), false);
    assert.equal(await other.claimRefusal(deployment.key), true);
  });

  it('notifies a window of the writes of another window', async () => {
    const written = new EventEmitter();
    const watch = store.watch(() => written.emit('change'));
    watch.ensure();
    const change = once(written, 'change', { signal: AbortSignal.timeout(20_000) });
    await (await folder.window()).addKickoff(run(deployment, 'a'));
    await assert.doesNotReject(change);
    watch.dispose();
  });

  it('rejects a write that exceeds the disk space, and accepts the write once there is room', async () => {
    const database = new Database(folder.file, { clock, random: Math.random });
    await database.read(() => undefined);
    const small = new KickoffStore(database, clock);
    const kickoff = await small.addKickoff(run(deployment, 'a'));
    database.statement('PRAGMA max_page_count = 1').get();
    const fill = () => small.update(kickoff, (stored) => ({ kickoff: settled(stored), body: noise(500_000) }));

    await assert.rejects(fill(), { kind: 'diskFull', message: "Can't save run history: the disk is full. Free up disk space." });
    assert.deepEqual((await small.load()).kickoffs, [kickoff]);
    database.statement('PRAGMA max_page_count = 100000').get();
    assert.equal((await fill())?.phase.kind, 'succeeded');
    small.close();
  });

  it('rejects calls after it was closed', async () => {
    store.close();
    store.close();
    await assert.rejects(store.load(), { kind: 'closed' });
    await assert.rejects(store.addKickoff(run(deployment, 'a')), { kind: 'closed' });
  });
});

function settled(kickoff: Kickoff): Kickoff {
  return { ...kickoff, phase: { kind: 'succeeded' }, phaseSince: 2_000, finishedAt: 2_000, isUnread: true };
}
