import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import type { Deployment } from '#core/kickoff/deployment';
import { Database } from '#store/database';
import { KickoffStore } from '#store/store';
import { addKickoff, id } from '#test/support/builders';
import { figure } from '#test/support/fuzz';
import { bytes, clock, integrity, opened, run, url, useFolder, type Folder } from './support';

/** A database that calls `boundary` after each statement. At that moment, the files are in the state that a crash would leave. */
class WatchedDatabase extends Database {
  boundary: () => void = () => undefined;
  readonly #seen = new WeakSet<StatementSync>();

  override statement(sql: string): StatementSync {
    const statement = super.statement(sql);
    if (this.#seen.has(statement)) return statement;
    this.#seen.add(statement);
    const run = statement.run.bind(statement);
    const watched = (...parameters: Parameters<StatementSync['run']>): ReturnType<StatementSync['run']> => {
      const result = run(...parameters);
      this.boundary();
      return result;
    };
    return Object.assign(statement, { run: watched });
  }
}

const tasks = [1, 2, 3].map((position) => ({ position, name: `task ${position}`, hasOutput: true }));
const outputs = tasks.map(({ position }) => ({ position, output: `output ${position} `.repeat(2_000) }));

describe("A crash while a run's start or end is stored", () => {
  let folder: Folder;
  let database: WatchedDatabase;
  let store: KickoffStore;
  let deployment: Deployment;

  useFolder((fresh) => (folder = fresh));
  beforeEach(async () => {
    database = new WatchedDatabase(folder.file, { clock, random: Math.random });
    store = new KickoffStore(database);
    deployment = await store.addDeployment(url, 'Research');
  });

  /** Copies the files after each statement of an operation, and at its end. Closes the store. */
  async function copiesDuring(operation: () => Promise<unknown>) {
    // With a cache of one page, SQLite writes even uncommitted pages to the disk.
    database.statement('PRAGMA cache_size = 1').get();
    const copies: string[] = [];
    database.boundary = () => {
      const copy = join(folder.path, `copy-${copies.length}`);
      mkdirSync(copy);
      for (const name of ['kickoffs.db', 'kickoffs.db-wal']) copyFileSync(join(folder.path, name), join(copy, name));
      copies.push(copy);
    };
    await operation();
    database.boundary();
    store.close();
    const after = copies.pop() ?? '';
    return { copies, after };
  }

  for (const size of [100, 300_000]) {
    it(`leaves either the earlier or the final state, with a response of ${size} bytes`, async () => {
      const kickoff = await addKickoff(store, run(deployment, 'a'));
      await store.update(kickoff, (stored) => ({ kickoff: { ...stored, phase: { kind: 'running' }, checkedAt: 1 }, body: bytes('first') }));
      const body = Uint8Array.from({ length: size }, (_, index) => (index * index * 31) % 251);
      const { copies, after } = await copiesDuring(() =>
        store.update(kickoff, (stored) => ({
          kickoff: { ...stored, phase: { kind: 'succeeded' }, finishedAt: 2, tasks },
          outputs,
          body,
        })),
      );

      assert.ok(copies.length >= 1 + outputs.length + 1, `${copies.length} statements`);
      for (const copy of copies) assert.deepEqual(await found(copy), ['running', bytes('first'), []]);
      assert.deepEqual(await found(after), ['succeeded', body, outputs.map(({ output }) => output)]);
      figure(1, `crashes after each of ${copies.length} statements: never a partial state`);
    });
  }

  it('leaves either the start or its run with the inputs', async () => {
    const attempt = { deployment: deployment.key, requestId: id(1), sentAt: 7, inputs: { topic: 'agents '.repeat(2_000) } };
    await store.addStart(attempt);
    const { copies, after } = await copiesDuring(() => store.confirmStart(attempt, run(deployment, 'a')));
    assert.ok(copies.length >= 2, `${copies.length} statements`);
    for (const copy of copies) assert.deepEqual(await startsAndRuns(copy), [[attempt], []]);
    assert.deepEqual(await startsAndRuns(after), [[], [attempt.inputs]]);
  });

  /** Returns the starts, and the inputs of the runs. */
  async function startsAndRuns(folder: string): Promise<readonly unknown[]> {
    const store = await opened(folder);
    const { starts, kickoffs } = await store.load();
    const seen = [starts, await Promise.all(kickoffs.map((kickoff) => store.inputs(kickoff)))];
    store.close();
    return seen;
  }

  async function found(folder: string): Promise<readonly unknown[]> {
    const store = await opened(folder);
    const [kickoff] = (await store.load()).kickoffs;
    assert.ok(kickoff);
    const seen = [kickoff.phase.kind, new Uint8Array((await store.body(kickoff))!), [...(await store.taskOutputs(kickoff)).values()]];
    store.close();
    assert.equal(integrity(join(folder, 'kickoffs.db')), 'ok');
    return seen;
  }
});
