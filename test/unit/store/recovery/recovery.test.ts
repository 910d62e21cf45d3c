import fc from 'fast-check';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { mock } from 'node:test';
import type { Deployment } from '#core/kickoff/deployment';
import { isSettled, type Kickoff, type Phase } from '#core/kickoff/kickoff';
import type { Transactions } from '#store/connection';
import { Database } from '#store/database';
import { recoverResponses } from '#store/recovery/recovery';
import type { KickoffStore } from '#store/store';
import { figure, times, tries } from '#test/support/fuzz';
import {
  bodyOf,
  breakIndex,
  bytes,
  clock,
  exec,
  fastDisk,
  finish,
  Folder,
  hurried,
  idsIn,
  idsOf,
  integrity,
  noise,
  notPermitted,
  overwrite,
  pageOf,
  pageSize,
  recordedSqlite,
  run,
  shownIn,
  soon,
  url,
  useHistory,
} from '#test/unit/store/support';
import { addKickoff } from '#test/support/builders';

describe('A recovered history file', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;

  useHistory((history) => ({ folder, store, deployment } = history));

  async function tracked(id: string, rest: Partial<Kickoff> = {}): Promise<Kickoff> {
    return addKickoff(store, run(deployment, id, rest));
  }

  async function finished(id: string): Promise<Kickoff> {
    const kickoff = await tracked(id);
    await finish(store, kickoff);
    return kickoff;
  }

  /** Closes the window, damages the file with SQL statements or a function, and opens another window. */
  async function next(damage: string | (() => void) = () => breakIndex(folder.file)): Promise<KickoffStore> {
    store.close();
    if (typeof damage === 'string') exec(folder.file, damage);
    else damage();
    folder.recovered.length = 0;
    const fresh = await folder.window();
    await fresh.load();
    assert.match(folder.recovered[0]?.damagedPath ?? '', /damaged/);
    return fresh;
  }

  it('gets its responses in several transactions of at most 20 responses each', async () => {
    for (let index = 0; index < 45; index += 1) await finished(`${index}`);
    const fresh = await next();
    const database = new Database(folder.file, { clock, random: Math.random });
    const stored: number[] = [];
    const transactions: Transactions = {
      read: (use) => database.read(use),
      write: async (use) => {
        assert.ok(stored.length < 9);
        const result = await database.write(use);
        stored.push(await database.read((open) => Number(open.statement('SELECT count(*) FROM body').get()?.[0])));
        return result;
      },
    };
    await soon(recoverResponses({ DatabaseSync }, transactions, folder.recovered[0]!.damagedPath!));
    database.close();
    const steps = stored.map((count, index) => count - (stored[index - 1] ?? 0));
    assert.ok(steps.length > 1 && steps.every((step) => step <= 20), String(steps));
    assert.equal(stored.at(-1), 45);
    assert.equal((await fresh.load()).kickoffs.filter(({ tasks }) => tasks[0]?.hasOutput).length, 45);
  });

  it('has every change since the backup once its responses are recovered', async () => {
    const [open, gone] = [await tracked('a', { phase: { kind: 'running' } }), await tracked('gone')];
    const removed = await store.addDeployment('https://removed.example' as typeof url, 'Removed');
    await store.backUp();
    const moved = 'https://new.example.com' as typeof url;
    await store.changeDeployment(deployment.key, { url: moved, label: 'New', urlSince: 4_000 });
    await store.recordToken(moved, true);
    await finish(store, open);
    await store.update(open, ({ isUnread: _, ...stored }) => ({ kickoff: { ...stored, label: 'mine', isMuted: true } }));
    assert.deepEqual([await store.claimNotice(open), await store.claimRejection(deployment.key)], [true, true]);
    await store.remove([gone], 5_000);
    await store.remove(removed.key, 6_000);
    const before = await shownIn(store);

    const fresh = await next();
    const [end] = before.kickoffs;
    assert.deepEqual(await shownIn(fresh), { ...before, kickoffs: [{ ...end, tasks: [{ ...end!.tasks[0]!, hasOutput: false }] }] });
    assert.deepEqual([await fresh.claimNotice(open), await fresh.claimRejection(deployment.key)], [false, false], 'not notified twice');
    assert.equal(await fresh.claimLostToken(deployment.key), true);
    const { revision } = await fresh.load();
    assert.equal(await fresh.recoverResponses(), true);
    assert.deepEqual(idsOf((await fresh.load(revision)).kickoffs), ['a'], 'only the run with a task output');
    assert.deepEqual(await shownIn(fresh), before);
    assert.equal(await bodyOf(fresh, open), 'body');
    assert.deepEqual([...(await fresh.taskOutputs(open))], [[1, 'found']]);
    assert.deepEqual([await fresh.undoRemove(), await fresh.undoRemove()], [1, 1], 'the deployment, then the run');
  });

  it('has the latest state of an active run that two damaged files contain', async () => {
    const open = await tracked('a', { phase: { kind: 'running' }, label: 'first' });
    store = await next();
    await store.update(open, (stored) => ({ kickoff: { ...stored, label: 'last', checkedAt: 2 } }));
    const { label, checkedAt } = (await (await next()).kickoff(open))!;
    assert.deepEqual([label, checkedAt], ['last', 2]);
  });

  it("doesn't get a removed run back from a damaged file that is older than the backup", async () => {
    const gone = await tracked('gone');
    await tracked('intact');
    store = await next();
    await store.recoverResponses();
    await store.remove([gone], 5_000);
    await store.backUp();
    assert.deepEqual(await idsIn(await next()), ['intact']);
  });

  it('keeps a new response that arrived before the older response was recovered', async () => {
    const open = await tracked('a', { phase: { kind: 'running' } });
    const task = { position: 1, name: 'Research', hasOutput: true };
    const change = (output: string) => (stored: Kickoff) => ({
      kickoff: { ...stored, checkedAt: 1, tasks: [task] },
      outputs: [{ position: 1, output }],
      body: bytes(output),
    });
    await store.update(open, change('old'));
    const fresh = await next();
    await fresh.update(open, change('new'));
    await fresh.recoverResponses();
    assert.equal(await bodyOf(fresh, open), 'new');
    assert.deepEqual([...(await fresh.taskOutputs(open))], [[1, 'new']]);
  });

  it('leaves out every impossible row and value', async () => {
    await finished('a');
    await store.addStart({ deployment: deployment.key, requestId: 'start-1', sentAt: 5 });
    for (const table of ['deployment', 'kickoff', 'body', 'task_output', 'start', 'input'])
      // A copy of a table accepts values of any type.
      exec(
        folder.file,
        `PRAGMA foreign_keys = OFF; CREATE TABLE loose AS SELECT * FROM ${table}; DROP TABLE ${table}; ALTER TABLE loose RENAME TO ${table}`,
      );
    const state = JSON.stringify({ phase: { kind: 'running' }, trackedAt: 7 });
    const fresh = await next(
      `INSERT INTO deployment (key, url, label, removed_at, is_refusal_claimed) VALUES (2, 'https://two.example', x'00', 'never', 'yes'), (3, x'00', 'blob', NULL, 0), (4, NULL, 'none', NULL, 0),
           (NULL, 'https://null.example', 'null', NULL, 0), ('five', 'https://text.example', 'text', NULL, 0),
           (6, 'https://NOT.canonical/', 'url', NULL, 0);
         INSERT INTO kickoff VALUES (2, 1, 'b', x'00', 'never', 'yes', 'never', '${state}'), (7, 1, NULL, 'running', NULL, 0, NULL, '${state}'),
           (4, 1, x'00', 'running', NULL, 0, NULL, '${state}'), (NULL, 1, 'keyless', 'running', NULL, 0, NULL, '${state}'),
           ('six', 1, 'text', 'running', NULL, 0, NULL, '${state}'), (9223372036854775807, 1, 'large', 'running', NULL, 0, NULL, '${state}'),
           (6, 1, 'no id', 'running', NULL, 0, NULL, '${state}'), (3, 'one', 'lost', 'running', NULL, 0, NULL, '${state}');
         INSERT INTO body VALUES (2, 'text'), (3, x'00');
         INSERT INTO task_output VALUES (2, 'first', '"text"'), (2, NULL, '"text"'), (2, 3, x'00'), (2, 4, '"found"');
         INSERT INTO start (request_id, deployment, attempt) VALUES (x'00', 1, '{}'), (NULL, 1, '{}'), ('start-1', 1, '{"sentAt":9}'), ('one', 'one', '{}'), ('gone', 9, '{}'),
           ('half', 1.5, '{}'), ('blob', 1, x'00'), ('start-2', 2, '{');
         INSERT INTO input VALUES (2, x'00'), (2, '{"topic":"b"}'), (3, '{}'), (4, '{}'), (7, '{}'), ('six', '{}'), (NULL, '{}'), (77, '{}')`,
    );
    // The new run gets the key of the lost run, but not its response.
    await fresh.trackIds([{ url, label: 'Research', id: run(deployment, 'null').id }], 1, undefined);
    assert.equal(await fresh.recoverResponses(), true);
    const { deployments, kickoffs } = await fresh.load();
    assert.deepEqual(deployments, [deployment, { key: 2, url: 'https://two.example', label: '' }]);
    const phases = Object.fromEntries(kickoffs.map(({ id, phase }) => [id, phase.kind]));
    assert.deepEqual(phases, { a: 'succeeded', b: 'running', null: 'queued' });
    const [a, b, c] = kickoffs;
    assert.ok(a && b && c);
    assert.deepEqual([await fresh.inputs(a), await fresh.inputs(b), await fresh.inputs(c)], [undefined, { topic: 'b' }, undefined]);
    assert.deepEqual((await fresh.load()).starts, [
      { deployment: 1, requestId: 'start-1', sentAt: 5 },
      { deployment: 2, requestId: 'start-2', sentAt: 0 },
    ]);
    assert.equal(await bodyOf(fresh, a), 'body');
    assert.deepEqual([await fresh.body(b), await fresh.body(c)], [undefined, undefined]);
    assert.deepEqual([...(await fresh.taskOutputs(b))], [[4, 'found']]);
    assert.deepEqual([await fresh.claimNotice(b), await fresh.claimRejection(deployments[1]!.key)], [true, true]);
    assert.equal(await fresh.removeOld([b], 1), 1);
  });

  it('has its runs in the order in which they were added, even if the details of a run are damaged', async () => {
    for (const id of ['c', 'b', 'a']) await tracked(id);
    const fresh = await next("UPDATE kickoff SET state = '{' WHERE id = 'c'");
    assert.deepEqual(await idsIn(fresh), ['c', 'b', 'a']);
  });

  it("leaves no damaged file open, because Windows can't delete an open file", async () => {
    await finished('a');
    await store.backUp();
    store.close();
    breakIndex(folder.file);
    const { connections, load } = recordedSqlite();
    const fresh = await folder.window({ loadSqlite: load });
    await fresh.load();
    assert.equal(connections.filter(({ isOpen }) => isOpen).length, 1);
    await fresh.recoverResponses();
    assert.equal(connections.filter(({ isOpen }) => isOpen).length, 1);
  });

  it('gets its responses back when two windows recover them at the same time', async () => {
    const kickoff = await finished('a');
    const fresh = await next();
    const other = await folder.window();
    assert.deepEqual(await Promise.all([fresh.recoverResponses(), other.recoverResponses()]), [true, true]);
    assert.equal(await bodyOf(other, kickoff), 'body');
  });

  it('has the rows on both sides of an unreadable page', async () => {
    for (let index = 0; index < 150; index += 1) await tracked(`${index}`, { label: 'a label that fills the page '.repeat(4) });
    const fresh = await next(() => {
      const root = pageOf(folder.file, 'kickoff');
      const content = readFileSync(folder.file);
      const cell = root + content.readUInt16BE(root + 12 + 2 * 2);
      overwrite(folder.file, (content.readUInt32BE(cell) - 1) * pageSize, new Uint8Array(pageSize).fill(0xff));
    });
    const ids = (await idsIn(fresh)).map(Number);
    assert.ok(ids.includes(0) && ids.includes(149), ids.join(' '));
    assert.ok(ids.length > 100 && ids.length < 150, `${ids.length} of 150`);
  });

  it("is created even on a system that can't rename an open file", async () => {
    await tracked('a');
    await store.backUp();
    store.close();
    const { connections, load } = recordedSqlite();
    store = await folder.window({ loadSqlite: load });
    await store.load();
    exec(folder.file, "UPDATE kickoff SET state = '{'");
    const rename = fs.renameSync;
    const renaming = mock.method(fs, 'renameSync', (from: string, to: string) => {
      if (connections.some(({ isOpen }) => isOpen)) throw notPermitted('rename');
      rename(from, to);
    });
    assert.deepEqual(await idsIn(store).finally(() => renaming.mock.restore()), ['a']);
    assert.match(folder.recovered[0]?.damagedPath ?? '', /damaged/);
  });

  it('gets its intact responses back, even if only the next window can write', async () => {
    for (let index = 0; index < 4; index += 1) {
      const kickoff = await tracked(`${index}`);
      await store.update(kickoff, (stored) => ({ kickoff: { ...stored, phase: { kind: 'succeeded' } }, body: noise(20_000) }));
    }
    const { kickoffs } = await store.load();
    let fresh = await next(() => {
      const { length } = readFileSync(folder.file);
      overwrite(folder.file, length - 40_000, new Uint8Array(20_000));
      breakIndex(folder.file);
    });
    const lock = new DatabaseSync(folder.file);
    lock.exec('BEGIN IMMEDIATE');
    fresh.close();
    fresh = await folder.window({ clock: hurried });
    await assert.rejects(fresh.recoverResponses(), { kind: 'locked' });
    lock.close();

    fresh = await folder.window();
    assert.equal(await fresh.recoverResponses(), true);
    assert.equal(await fresh.recoverResponses(), false);
    const bodies = await Promise.all(kickoffs.map((kickoff) => fresh.body(kickoff).catch(() => 'damaged')));
    const intact = bodies.filter((body) => body instanceof Uint8Array && body.length === 20_000);
    assert.ok(intact.length >= 2 && intact.length < 4, `${intact.length} responses are there`);
    assert.ok(bodies.every((body) => body === undefined || body === 'damaged' || intact.includes(body)));
    assert.equal(integrity(folder.file), 'ok');
  });
});

describe('A damaged file and its backup', () => {
  const phase = fc.constantFrom<Phase['kind']>('queued', 'running', 'waiting', 'missing', 'succeeded', 'failed', 'stopped');
  const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
  /** A run in the backup and in the damaged file, where its details may be unreadable. */
  const one = fc.record(
    { old: maybe(phase), late: maybe(phase), isBroken: fc.boolean(), isNotified: fc.boolean() },
    { noNullPrototype: true },
  );

  it('restore each run in its latest readable state without reverting a final status', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 12 }), async (runs) => {
        const folder = new Folder(fastDisk);
        const store = await folder.window();
        const deployment = await store.addDeployment(url, 'Research');
        const put = (index: number, kind: Phase['kind'], label: string): string => {
          const { deployment: of, id, ...state } = run(deployment, `${index}`, { label, phase: { kind } });
          return `INSERT OR REPLACE INTO kickoff (key, deployment, id, phase, state) VALUES (${index + 1}, ${of}, '${id}', '${kind}', '${JSON.stringify(state)}');`;
        };
        for (const [index, { old }] of runs.entries()) if (old) exec(folder.file, put(index, old, 'old'));
        exec(
          folder.file,
          runs.map(({ isNotified }, index) => (isNotified ? `UPDATE kickoff SET notified_at = 1 WHERE id = '${index}';` : '')).join(''),
        );
        await store.backUp();
        store.close();
        exec(folder.file, 'DELETE FROM kickoff');
        for (const [index, { late, isBroken }] of runs.entries()) {
          if (late) exec(folder.file, put(index, late, 'late'));
          if (isBroken) exec(folder.file, `UPDATE kickoff SET state = '{' WHERE id = '${index}'`);
        }
        exec(folder.file, 'PRAGMA user_version = -1');

        const fresh = await folder.window();
        const found = new Map<string, Kickoff>((await fresh.load()).kickoffs.map((kickoff) => [kickoff.id, kickoff]));
        for (const [index, { old, late, isBroken, isNotified }] of runs.entries()) {
          const kickoff = found.get(`${index}`);
          assert.deepEqual([kickoff?.phase.kind, kickoff?.label], expected(old, late, isBroken), `run ${index}`);
          if (kickoff?.label === 'old' && isNotified) assert.equal(await fresh.claimNotice(kickoff), false);
          assert.ok(!kickoff || kickoff.trackedAt > 0);
        }
        folder.remove();
      }),
      tries(40),
    );
    figure(23, `${times(40)} with an older backup: 0 runs reverted`);
  }).timeout(times(60_000));

  function expected(old: Phase['kind'] | undefined, late: Phase['kind'] | undefined, isBroken: boolean): readonly unknown[] {
    const isEnd = (kind: Phase['kind'] | undefined): boolean => kind !== undefined && isSettled({ kind });
    if (isBroken && late && (!old || (isEnd(late) && !isEnd(old)))) return [late, undefined];
    if (late && !isBroken && !(isEnd(old) && !isEnd(late))) return [late, 'late'];
    return old ? [old, 'old'] : [undefined, undefined];
  }
});
