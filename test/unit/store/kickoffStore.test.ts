import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import type { Deployment } from '../../../src/core/deployment';
import type { Kickoff } from '../../../src/core/kickoff';
import type { KickoffId } from '../../../src/core/kickoffId';
import { Database } from '../../../src/store/database';
import { HistoryFailure } from '../../../src/core/errors';
import { KickoffStore } from '../../../src/store/store';
import { tries } from '../../support/fuzz';
import { arbitraryKickoff } from './arbitraryKickoff';
import { bytes, clock, Folder, run, url } from './support';

describe('the store', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;

  beforeEach(async () => {
    folder = new Folder();
    store = await folder.window();
    deployment = await store.addDeployment(url, 'Research');
  });
  afterEach(() => folder.remove());

  describe('keeps', () => {
    it('every field of every run, in another window and after a reload', async function () {
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
          assert.deepEqual(
            [...(await other.taskOutputs(kickoff))],
            outputs.map(({ position, output }) => [position, output]),
          );
        }),
        tries(150),
      );
    });

    it('a deployment once for each URL, with the label it was given first', async () => {
      const again = await (await folder.window()).addDeployment(url, 'Another label');
      assert.deepEqual(again, deployment);
      assert.deepEqual((await store.load()).deployments, [deployment]);
    });

    it('a body byte for byte, small or large', async () => {
      await store.addKickoff(run(deployment, 'a'));
      for (const body of [new Uint8Array(), bytes('{"status":"running"}'), noise(3_000_000)]) {
        await store.update(run(deployment, 'a'), (stored) => ({ kickoff: { ...stored, checkedAt: body.length }, body }));
        assert.deepEqual(new Uint8Array((await store.body(run(deployment, 'a')))!), body);
      }
    });

    it('ids that differ in case alone apart', async () => {
      await store.addKickoff(run(deployment, 'ab'));
      await store.addKickoff(run(deployment, 'AB'));
      assert.deepEqual((await store.load()).kickoffs.map(({ id }) => id).sort(), ['AB', 'ab']);
    });

    it('one id in two deployments apart', async () => {
      const second = await store.addDeployment('https://other.example' as Deployment['url'], 'Other');
      await store.addKickoff(run(deployment, 'a'));
      await store.addKickoff(run(second, 'a', { label: 'second' }));
      assert.deepEqual(
        (await store.load()).kickoffs.map(({ label }) => label),
        [undefined, 'second'],
      );
    });

    it('its file to the user alone, whatever the umask', async () => {
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
  });

  describe('tracking a run', () => {
    it('again changes nothing', async () => {
      const first = await store.addKickoff(run(deployment, 'a', { label: 'first' }));
      const again = await store.addKickoff(run(deployment, 'a', { label: 'again', trackedAt: 2_000 }));
      assert.deepEqual(again, first);
    });

    it('that was removed brings it back with its history', async () => {
      const { removedAt: _, ...ended } = settled(await store.addKickoff(run(deployment, 'a')));
      await store.update(ended, () => ({ kickoff: { ...ended, removedAt: 3_000 }, body: bytes('the end') }));
      assert.deepEqual((await store.load()).kickoffs, []);

      assert.deepEqual(await store.addKickoff(run(deployment, 'a')), ended);
      assert.deepEqual((await store.load()).kickoffs, [ended]);
      assert.deepEqual(new Uint8Array((await store.body(ended))!), bytes('the end'));
    });

    it('of a deployment that is not there is refused', async () => {
      await assert.rejects(store.addKickoff(run({ ...deployment, key: 99 as Deployment['key'] }, 'a')), HistoryFailure);
    });
  });

  describe('updating a run', () => {
    it('that is not there does nothing', async () => {
      assert.equal(await store.update(run(deployment, 'a'), (kickoff) => ({ kickoff: { ...kickoff, label: 'never' } })), undefined);
    });

    it('writes nothing when the stored run itself is given back', async () => {
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

    it('leaves all as it was when the change throws', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
      const bug = new TypeError('a bug');
      await assert.rejects(
        store.update(kickoff, () => {
          throw bug;
        }),
        bug,
      );
      assert.deepEqual((await store.load()).kickoffs, [kickoff]);
      await store.update(kickoff, (stored) => ({ kickoff: settled(stored) }));
    });

    it('leaves all as it was when the last statement fails', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
      const broken = { ...settled(kickoff), phase: { kind: null as never } };
      const outputs = [{ position: 1, output: 'text' }];
      await assert.rejects(
        store.update(kickoff, () => ({ kickoff: broken, outputs, body: bytes('x') })),
        HistoryFailure,
      );
      assert.deepEqual((await store.load()).kickoffs, [kickoff]);
      assert.equal(await store.body(kickoff), undefined);
      assert.equal((await store.taskOutputs(kickoff)).size, 0);
    });

    it('from two windows at once loses neither change', async () => {
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

    it('decides on the run as it is when a large body has been packed', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
      const seen: Kickoff[] = [];
      const body = noise(1_000_000);
      const large = store.update(kickoff, (stored) => {
        seen.push(stored);
        return stored.phase.kind === 'succeeded' ? { kickoff: stored } : { kickoff: { ...stored, checkedAt: 1 }, body };
      });
      await (await folder.window()).update(kickoff, (stored) => ({ kickoff: settled(stored), body: bytes('the end') }));
      assert.equal((await large)?.phase.kind, 'succeeded');
      assert.deepEqual(
        seen.map(({ phase }) => phase.kind),
        ['queued', 'succeeded'],
      );
      assert.deepEqual(new Uint8Array((await store.body(kickoff))!), bytes('the end'));
    });

    it('ends when the change makes up a body each time', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
      await store.update(kickoff, (stored) => ({ kickoff: { ...stored, checkedAt: 1 }, body: noise(100_000) }));
      assert.equal((await store.body(kickoff))?.length, 100_000);
    });

    it('never takes an end back nor replaces its body, but lets it be read, named and removed', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
      const end = await store.update(kickoff, (stored) => ({ kickoff: settled(stored), body: bytes('the end') }));
      await fc.assert(
        fc.asyncProperty(arbitraryKickoff(deployment.key), async (wrong) => {
          const after = await store.update(kickoff, (stored) => ({ kickoff: { ...wrong, tasks: stored.tasks }, body: bytes('wrong') }));
          assert.deepEqual(after?.phase, end?.phase);
          assert.deepEqual(new Uint8Array((await store.body(kickoff))!), bytes('the end'));
        }),
        tries(50),
      );
      const read = await store.update(kickoff, (stored) => ({ kickoff: { ...settled(stored), isUnread: false, label: 'named' } }));
      assert.deepEqual([read?.isUnread, read?.label], [false, 'named']);
    });

    it('keeps a body over one that only says that the run is missing', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
      const says = async (kind: 'missing' | 'running', body: string) => {
        await store.update(kickoff, (stored) => ({ kickoff: { ...stored, phase: { kind } }, body: bytes(body) }));
        return new TextDecoder().decode(await store.body(kickoff));
      };
      assert.equal(await says('missing', '404'), '404');
      assert.equal(await says('running', 'first'), 'first');
      assert.equal(await says('running', 'second'), 'second');
      assert.equal(await says('missing', '404'), 'second');
    });

    it('never takes a task or its output away', async () => {
      const kickoff = await store.addKickoff(run(deployment, 'a'));
      const task = { position: 1, name: 'Research', hasOutput: true };
      await store.update(kickoff, (stored) => ({ kickoff: { ...stored, tasks: [task] }, outputs: [{ position: 1, output: 'found' }] }));
      await store.update(kickoff, (stored) => ({ kickoff: { ...stored, tasks: [] } }));
      assert.deepEqual((await store.load()).kickoffs[0]?.tasks, [task]);
      assert.deepEqual([...(await store.taskOutputs(kickoff))], [[1, 'found']]);
    });
  });

  it('gives the notice of an end to one window, once', async () => {
    const windows = [store, await folder.window()];
    const kickoff = await store.addKickoff(run(deployment, 'a'));
    const claims = await Promise.all([...windows, ...windows].map((window) => window.claimNotice(kickoff)));
    assert.deepEqual(claims.filter(Boolean), [true]);
    assert.equal(await store.claimNotice(run(deployment, 'unknown')), false);
  });

  it('says that a stored answer is damaged instead of giving another', async () => {
    const kickoff = await store.addKickoff(run(deployment, 'a'));
    await store.update(kickoff, (stored) => ({ kickoff: { ...stored, checkedAt: 1 }, body: bytes('an answer of some length') }));
    const raw = new DatabaseSync(folder.file);
    const { gzip } = raw.prepare('SELECT gzip FROM body').get() as { gzip: Uint8Array };
    let damaged = 0;
    for (const index of gzip.keys()) {
      raw.prepare('UPDATE body SET gzip = ?').run(gzip.map((byte, at) => (at === index ? byte ^ 0xff : byte)));
      const read = await store.body(kickoff).catch((error: unknown) => error);
      if (read instanceof HistoryFailure) damaged += 1;
      else assert.deepEqual(new Uint8Array(read as Uint8Array), bytes('an answer of some length'), `byte ${index}`);
    }
    assert.ok(damaged > gzip.length / 2, `${damaged} of ${gzip.length} bytes`);
    raw.close();
  });

  it('reads a row whose words it does not know, and never drops it', async () => {
    const kickoff = await store.addKickoff(run(deployment, 'a'));
    const raw = new DatabaseSync(folder.file);
    raw.exec(
      "UPDATE kickoff SET phase = 'dreaming', trouble = 'moody', output = 'opera', tracked_at = NULL, phase_since = NULL, id = '../a b'",
    );
    raw.close();
    assert.deepEqual((await store.load()).kickoffs, [{ ...kickoff, id: '../a b', output: 'plain', trackedAt: 0, phaseSince: 0 }]);
  });

  it('reads a row of which one bit is wrong in a time or in a character, without that', async () => {
    const kickoff = await store.addKickoff(
      run(deployment, 'a', { label: 'x\0y', trouble: { kind: 'serverTrouble', retryAt: 1.8e12 + 0.5 } }),
    );
    const raw = new DatabaseSync(folder.file);
    raw.exec(`UPDATE kickoff SET retry_at = 2.4e166, checked_at = -2.4e166, label = replace(label, '000000', '800000')`);
    raw.close();
    const stored = { ...kickoff, label: 'x\u{10ffff}800000y', trouble: { kind: 'serverTrouble' } };
    assert.deepEqual((await store.load()).kickoffs, [stored]);
  });

  it('does not call a full disk success, and heals by itself', async () => {
    const database = new Database(folder.file, { clock, random: Math.random }, () => ({ deployments: [], kickoffs: [] }));
    await database.read(() => undefined);
    const small = new KickoffStore(database, clock);
    const kickoff = await small.addKickoff(run(deployment, 'a'));
    database.statement('PRAGMA max_page_count = 1').get();
    const fill = () => small.update(kickoff, (stored) => ({ kickoff: settled(stored), body: noise(500_000) }));

    await assert.rejects(fill(), { kind: 'diskFull', message: 'History cannot be saved: the disk is full.' });
    assert.deepEqual((await small.load()).kickoffs, [kickoff]);
    database.statement('PRAGMA max_page_count = 100000').get();
    assert.equal((await fill())?.phase.kind, 'succeeded');
    small.close();
  });

  it('does not call a read-only file success', async () => {
    const database = new Database(folder.file, { clock, random: Math.random }, () => ({ deployments: [], kickoffs: [] }));
    await database.read(() => undefined);
    database.statement('PRAGMA query_only = ON').get();
    await assert.rejects(new KickoffStore(database, clock).addKickoff(run(deployment, 'a')), { kind: 'readOnly' });
    database.close();
  });

  it('says that it is closed to whoever comes too late', async () => {
    store.close();
    store.close();
    await assert.rejects(store.load(), { kind: 'closed' });
    await assert.rejects(store.addKickoff(run(deployment, 'a')), { kind: 'closed' });
  });
});

function settled(kickoff: Kickoff): Kickoff {
  return { ...kickoff, phase: { kind: 'succeeded' }, phaseSince: 2_000, finishedAt: 2_000, isUnread: true };
}

function noise(length: number): Uint8Array {
  return Uint8Array.from({ length }, () => Math.random() * 256);
}
