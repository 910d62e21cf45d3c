import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { applyObservation } from '#core/kickoff/advance';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { StartAttempt } from '#core/starts/attempt';
import type { KickoffStore } from '#store/store';
import { addKickoff, answered, deletesTokens, id, unanswered, url as urlOf } from '#test/support/builders';
import { breakIndex, exec, run, url, useHistory, withRaw, type Folder } from '#test/unit/store/support';

const secret = 'the seventh quarterly report of ACME';
/** Inputs of every JSON type, with names and texts that JSON or SQLite could change. */
const inputs = {
  ...{ topic: secret, '"a": b, c\\': '\0 \ud800 \u2028', 主题: '', __proto: 'x', list: [1, '2', null], nested: { flag: true }, none: null },
  ...(JSON.parse('{"__proto__": "own", "constructor": "y"}') as object),
};

let folder: Folder;
let store: KickoffStore;
let deployment: Deployment;

function attempt(number = 1, rest: Partial<StartAttempt> = {}): StartAttempt {
  return { deployment: deployment.key, requestId: id(number), sentAt: 7_000, inputs, ...rest };
}

/** Returns the starts that another window shows. */
async function startsIn(window: KickoffStore): Promise<readonly StartAttempt[]> {
  const { starts } = await window.load();
  assert.deepEqual((await window.load((await window.load()).revision)).starts, starts);
  return starts;
}

/** Polls a run, and gets the ID of the request that started it. */
async function poll(run: Kickoff, requestId = id(1), phase: 'running' | 'succeeded' = 'running'): Promise<Kickoff | undefined> {
  return store.update(run, (stored) => applyObservation(stored, answered(phase, { requestId }), { now: 9_000 }));
}

describe('A start', () => {
  useHistory((history) => ({ folder, store, deployment } = history));

  it('appears in other windows, with its inputs and problem, as soon as it is stored or changed', async () => {
    await store.addStart(attempt());
    await store.addStart(attempt(2, { sentAt: 8_000 }));
    await store.changeStart(attempt(2, { sentAt: 8_000, problem: { kind: 'serverTrouble', code: 'HTTP 502' } }));
    const expected = [attempt(), attempt(2, { sentAt: 8_000, problem: { kind: 'serverTrouble', code: 'HTTP 502' } })];
    assert.deepEqual(await startsIn(await folder.window()), expected);
    store.close();
    assert.deepEqual(await startsIn(await folder.window()), expected);
  });

  it('is stored only once, even if it is added again with the same request ID', async () => {
    await store.addStart(attempt());
    await store.addStart(attempt(1, { sentAt: 1, inputs: {} }));
    assert.deepEqual(await startsIn(store), [attempt()]);
  });

  it('stays unchanged when another start is changed or deleted', async () => {
    await store.addStart(attempt());
    await store.changeStart(attempt(2, { problem: { kind: 'unreachable' } }));
    await store.deleteStart(attempt(2));
    await store.deleteStart(attempt(1, { deployment: (await store.addDeployment(urlOf('https://other.example'), 'Other')).key }));
    assert.deepEqual(await startsIn(store), [attempt()]);
  });

  it('stays deleted if it is changed after its deletion', async () => {
    await store.addStart(attempt());
    await store.deleteStart(attempt());
    await store.changeStart(attempt(1, { problem: { kind: 'unreachable' } }));
    assert.deepEqual(await startsIn(store), []);
  });

  it("can't be stored for a deployment that doesn't exist", async () => {
    await assert.rejects(store.addStart(attempt(1, { deployment: 99 as never })));
  });

  it('restores its deployment if the deployment was removed', async () => {
    await store.remove(deployment.key, 5_000);
    await store.addStart(attempt());
    assert.deepEqual([(await store.load()).deployments.length, await startsIn(store)], [1, [attempt()]]);
  });

  it('is hidden while its deployment is removed', async () => {
    await store.addStart(attempt());
    await store.remove(deployment.key, 5_000);
    assert.deepEqual(await startsIn(store), []);
    await store.undoRemove();
    assert.deepEqual(await startsIn(store), [attempt()]);
  });

  /** Stores two starts and a run. */
  async function storeThree() {
    const [first, second] = [attempt(), attempt(2)];
    for (const one of [first, second]) await store.addStart(one);
    return { first, second, tracked: await addKickoff(store, run(deployment, 'a')) };
  }

  it('that was removed is restored by Undo before everything removed earlier, even if the clock was set back', async () => {
    const { first, second, tracked } = await storeThree();
    await store.remove([tracked], 5_000);
    // The system clock was set back.
    assert.equal(await store.remove([first], 4_000), 1);
    assert.deepEqual(await startsIn(store), [second]);
    assert.equal(await store.undoRemove(), 1);
    assert.deepEqual([await startsIn(store), (await store.load()).kickoffs.length], [[first, second], 0]);
    assert.equal(await store.undoRemove(), 1);
    assert.equal((await store.load()).kickoffs.length, 1);
  });

  it("that was removed can't be restored after a purge, but stays if it was restored before the purge", async () => {
    const { first, second, tracked } = await storeThree();
    assert.equal(await store.remove([first, tracked, second], 6_000), 3);
    assert.equal(await store.undoRemove([second]), 1);
    assert.deepEqual(await startsIn(await folder.window()), [second]);
    await store.purge(7_000, deletesTokens);
    assert.equal(await store.undoRemove(), 0);
    assert.deepEqual(await startsIn(store), [second]);
  });

  it('stays hidden with its removed deployment when something else is restored', async () => {
    const tracked = await addKickoff(store, run(await store.addDeployment(urlOf('https://other.example'), 'Other'), 'a'));
    await store.addStart(attempt());
    await store.remove(deployment.key, 5_000);
    await store.remove([tracked], 6_000);
    await store.undoRemove();
    assert.deepEqual([await startsIn(store), (await store.load()).deployments.length], [[], 1]);
  });

  it('is replaced by its run without losing its inputs', async () => {
    await store.addStart(attempt());
    const started = await store.confirmStart(attempt(), run(deployment, 'a', { isStarted: true }));
    const window = await folder.window();
    assert.deepEqual([await startsIn(window), (await window.load()).kickoffs], [[], [started]]);
    assert.deepEqual(await window.inputs(started), inputs);
    assert.ok(Object.hasOwn((await window.inputs(started))!, '__proto__'));
  });

  it('without inputs is replaced by a run without inputs', async () => {
    const { inputs: _, ...bare } = attempt();
    await store.addStart(bare);
    assert.deepEqual(await startsIn(store), [bare]);
    assert.equal(await store.inputs(await store.confirmStart(bare, run(deployment, 'a'))), undefined);
  });

  it('is merged into a run that the user tracked before the response arrived', async () => {
    await store.addStart(attempt());
    const tracked = await addKickoff(store, run(deployment, 'a', { label: 'mine', checkedAt: 8_000 }));
    const started = await store.confirmStart(attempt(), run(deployment, 'a', { isStarted: true }));
    assert.deepEqual(started, { ...tracked, isStarted: true, inputLabel: secret });
    assert.deepEqual([await startsIn(store), await store.inputs(tracked)], [[], inputs]);
  });

  it('marks its run as unread if the run was tracked and finished before the response to the start arrived', async () => {
    await store.addStart(attempt());
    const tracked = await addKickoff(store, run(deployment, 'a'));
    await store.update(tracked, (stored) => applyObservation(stored, answered('succeeded'), { now: 9_000 }));
    assert.equal((await store.kickoff(tracked))?.isUnread, undefined);
    assert.equal((await store.confirmStart(attempt(), run(deployment, 'a'))).isUnread, true);
  });

  it('restores its run if the user removed the run before the response arrived', async () => {
    await store.addStart(attempt());
    await store.remove([await addKickoff(store, run(deployment, 'a'))], 5_000);
    assert.equal((await store.confirmStart(attempt(), run(deployment, 'a'))).removedAt, undefined);
  });

  /** Stores a start, and polls a run that the user tracked. The response contains the start's request ID. */
  async function pollTracked(phase: 'running' | 'succeeded') {
    await store.addStart(attempt());
    const tracked = await addKickoff(store, run(deployment, phase));
    return { tracked, polled: (await poll(tracked, id(1), phase))! };
  }

  it("is merged into a tracked run whose response contains the start's request ID", async () => {
    for (const phase of ['running', 'succeeded'] as const) {
      const { tracked, polled } = await pollTracked(phase);
      assert.deepEqual([polled.isStarted, polled.inputLabel, (await store.kickoff(tracked))?.inputLabel], [true, secret, secret]);
      assert.deepEqual([await startsIn(store), await store.inputs(tracked)], [[], inputs]);
    }
  });

  // The user waits for the end, whose time isn't known.
  it("marks a tracked run as unread if the response with the start's request ID finishes the run", async () => {
    const { tracked, polled } = await pollTracked('succeeded');
    assert.deepEqual([polled.isUnread, polled.finishedAt], [true, tracked.trackedAt]);
  });

  it("doesn't mark a tracked run as unread if the response with the start's request ID doesn't finish the run", async () => {
    const { polled } = await pollTracked('running');
    assert.deepEqual([polled.isUnread, polled.finishedAt], [undefined, undefined]);
  });

  it("isn't merged into a run of another request or deployment", async () => {
    await store.addStart(attempt());
    const other = await store.addDeployment(urlOf('https://other.example'), 'Other');
    await poll(await addKickoff(store, run(other, 'a')));
    const tracked = await addKickoff(store, run(deployment, 'b'));
    await poll(tracked, id(2));
    await store.update(tracked, (stored) => ({ kickoff: { ...stored, checkedAt: 3 } }));
    assert.deepEqual([await startsIn(store), await store.inputs(tracked)], [[attempt()], undefined]);
    assert.equal((await store.kickoff(tracked))?.isStarted, undefined);
  });

  it("leaves its run's existing inputs unchanged", async () => {
    const started = await store.confirmStart(attempt(), run(deployment, 'a'));
    assert.equal(await store.inputs(started), undefined, 'the start was never stored');
    for (const [number, topic] of [
      [1, 'first'],
      [2, 'second'],
    ] as const) {
      await store.addStart(attempt(number, { inputs: { topic } }));
      await poll(started, id(number));
    }
    assert.deepEqual([await store.inputs(started), await startsIn(store)], [{ topic: 'first' }, []]);
  });

  it('whose row is damaged is loaded without its inputs and problem', async () => {
    const damaged = ['{', '7', '[]', '{"sentAt":"now","inputs":[1],"problem":{"kind":"x"}}', '{"sentAt":5,"inputs":null,"problem":7}'];
    for (const [index, json] of damaged.entries()) {
      await store.addStart(attempt(index));
      withRaw(folder.file, (database) => database.prepare('UPDATE start SET attempt = ? WHERE request_id = ?').run(json, id(index)));
    }
    const seen = (await startsIn(store)).map(({ sentAt, inputs: values, problem }) => [sentAt, values, problem]);
    assert.deepEqual(
      seen,
      [0, 0, 0, 0, 5].map((sentAt) => [sentAt, undefined, undefined]),
    );
    const started = await store.confirmStart(attempt(0), run(deployment, 'a'));
    assert.deepEqual([(await startsIn(store)).length, await store.inputs(started)], [4, undefined]);
  });
});

describe('The inputs of a run', () => {
  let started: Kickoff;

  useHistory((history) => ({ folder, store, deployment } = history));
  beforeEach(async () => {
    await store.addStart(attempt());
    started = await store.confirmStart(attempt(), run(deployment, 'a', { isStarted: true, inputLabel: 'ACME' }));
  });

  /** Returns the files of the history that contain the inputs. */
  const filesWith = (text: string) => readdirSync(folder.path).filter((name) => readFileSync(join(folder.path, name)).includes(text));

  it('are in no table except the table of inputs', () => {
    for (const table of ['kickoff', 'start', 'deployment', 'task_output', 'health']) {
      const rows = withRaw(folder.file, (database) => database.prepare(`SELECT * FROM ${table}`).all());
      assert.ok(!JSON.stringify(rows).includes(secret), table);
    }
  });

  it('stay with a run that is moved, removed, restored, polled, or tracked again', async () => {
    const other = await store.addDeployment(urlOf('https://other.example'), 'Other');
    const moved = await store.moveKickoff(started, other.key, 8_000);
    assert.deepEqual([moved.isStarted, moved.inputLabel, await store.inputs(moved)], [true, 'ACME', inputs]);
    const back = await store.moveKickoff(moved, deployment.key, 8_001);
    assert.deepEqual(await store.inputs(back), inputs);
    await store.remove([back], 8_002);
    await store.undoRemove();
    await store.update(back, (stored) => applyObservation(stored, unanswered(), { now: 9_000 }));
    await addKickoff(store, run(deployment, 'a'));
    assert.deepEqual(await store.inputs(back), inputs);
  });

  it('are undefined if their row is damaged', async () => {
    for (const json of ['{', '[1]', 'null', '"text"']) {
      withRaw(folder.file, (database) => database.prepare('UPDATE input SET inputs = ?').run(json));
      assert.equal(await store.inputs(started), undefined, json);
    }
  });

  it('leave no trace in any file after all data is deleted', async () => {
    await store.addStart(attempt(2));
    await store.backUp();
    assert.notDeepEqual(filesWith(secret), []);
    await store.deleteAll([deployment.url]);
    assert.deepEqual([await startsIn(store), await store.inputs(started)], [[], undefined]);
    await store.vacuum();
    store.close();
    assert.deepEqual(filesWith(secret), []);
  });

  it('leave no trace in any file after their run and its deployment are purged', async () => {
    await store.addStart(attempt(2));
    await store.remove([started], 5_000);
    await store.purge(5_001, deletesTokens);
    assert.deepEqual([await store.inputs(started), (await startsIn(store)).length], [undefined, 1]);
    await store.remove(deployment.key, 6_000);
    await store.backUp();
    await store.purge(6_001, deletesTokens);
    await store.vacuum();
    store.close();
    assert.deepEqual(filesWith(secret), []);
  });

  for (const [name, lose] of [
    ['the history is damaged', () => breakIndex(folder.file)],
    ['the history is deleted', () => rmSync(folder.file)],
    ['only the backup contains them', () => exec(folder.file, "DELETE FROM input; UPDATE kickoff SET state = '{'")],
  ] as const)
    it(`are recovered with the starts if ${name}`, async () => {
      await addKickoff(store, run(deployment, 'b'));
      await store.addStart(attempt(2));
      await store.backUp();
      store.close();
      lose();
      const fresh = await folder.window();
      await fresh.load();
      assert.equal(folder.recovered.length, 1);
      assert.deepEqual([await startsIn(fresh), await fresh.inputs(started)], [[attempt(2)], inputs]);
      assert.equal((await fresh.kickoff(started))?.isStarted, true);
      await fresh.recoverResponses();
      assert.deepEqual([(await startsIn(fresh)).length, await fresh.inputs(run(deployment, 'b'))], [1, undefined]);
    });

  for (const [name, lose, left] of [
    ['with the starts, except a start that AMP confirmed after the backup', () => breakIndex(folder.file), [3]],
    ['with the starts of the backup if the file has no readable starts', () => exec(folder.file, 'DROP TABLE start'), [2]],
  ] as const)
    it(`are recovered ${name}`, async () => {
      await store.addStart(attempt(2));
      await store.backUp();
      await store.confirmStart(attempt(2), run(deployment, 'b'));
      await store.addStart(attempt(3));
      store.close();
      lose();
      const fresh = await folder.window();
      assert.deepEqual(
        await startsIn(fresh),
        left.map((number) => attempt(number)),
      );
      assert.deepEqual(await fresh.inputs(started), inputs);
    });

  it('can be read, but not written, in a history of a newer version', async () => {
    await store.addStart(attempt(2));
    store.close();
    exec(folder.file, 'PRAGMA user_version = 900; ALTER TABLE input ADD COLUMN mood TEXT');
    const newer = await folder.window();
    assert.equal(newer.isReadOnly, true);
    assert.deepEqual([await startsIn(newer), await newer.inputs(started)], [[attempt(2)], inputs]);
    await assert.rejects(newer.addStart(attempt(3)), { kind: 'newer' });
  });
});

describe('Two starts with the same kickoff ID', () => {
  useHistory((history) => ({ folder, store, deployment } = history));

  it('leave one run with the inputs of the first start', async () => {
    for (const number of [1, 2]) {
      await store.addStart(attempt(number, { inputs: { topic: `${number}` } }));
      await store.confirmStart(attempt(number), run(deployment, 'a'));
    }
    const { kickoffs, starts } = await store.load();
    assert.deepEqual([kickoffs.length, starts, await store.inputs(kickoffs[0]!)], [1, [], { topic: '1' }]);
    assert.equal(kickoffs[0]?.deployment, (await store.addDeployment(url, 'Research')).key);
  });
});
