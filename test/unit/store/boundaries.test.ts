import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import { Database } from '#store/database';
import { KickoffStore } from '#store/store';
import { addKickoff, id } from '#test/support/builders';
import { figure } from '#test/support/fuzz';
import { bytes, clock, Folder, integrity, opened, run, url } from './support';

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

/** Copies the files after each statement from now on. Returns the copies. */
function copiesOf(folder: Folder, database: WatchedDatabase): string[] {
  // With a cache of one page, SQLite writes even uncommitted pages to the disk.
  database.statement('PRAGMA cache_size = 1').get();
  const copies: string[] = [];
  database.boundary = () => {
    const copy = join(folder.path, `copy-${copies.length}`);
    mkdirSync(copy);
    for (const name of ['kickoffs.db', 'kickoffs.db-wal']) copyFileSync(join(folder.path, name), join(copy, name));
    copies.push(copy);
  };
  return copies;
}

describe("A crash while a run's start or end is stored", () => {
  for (const size of [100, 300_000]) {
    it(`leaves either the earlier or the final state, with a response of ${size} bytes`, async () => {
      const folder = new Folder();
      const database = new WatchedDatabase(folder.file, { clock, random: Math.random });
      const store = new KickoffStore(database);
      const kickoff = await addKickoff(store, run(await store.addDeployment(url, 'Research'), 'a'));
      await store.update(kickoff, (stored) => ({ kickoff: { ...stored, phase: { kind: 'running' }, checkedAt: 1 }, body: bytes('first') }));
      const copies = copiesOf(folder, database);
      const body = Uint8Array.from({ length: size }, (_, index) => (index * index * 31) % 251);
      await store.update(kickoff, (stored) => ({
        kickoff: { ...stored, phase: { kind: 'succeeded' }, finishedAt: 2, tasks },
        outputs,
        body,
      }));
      database.boundary();
      store.close();

      const after = copies.pop() ?? '';
      assert.ok(copies.length >= 1 + outputs.length + 1, `${copies.length} statements`);
      for (const copy of copies) assert.deepEqual(await found(copy), ['running', bytes('first'), []]);
      assert.deepEqual(await found(after), ['succeeded', body, outputs.map(({ output }) => output)]);
      folder.remove();
      figure(1, `crashes after each of ${copies.length} statements: never a partial state`);
    });
  }

  it('leaves either the start or its run with the inputs', async () => {
    const folder = new Folder();
    const database = new WatchedDatabase(folder.file, { clock, random: Math.random });
    const store = new KickoffStore(database);
    const deployment = await store.addDeployment(url, 'Research');
    const attempt = { deployment: deployment.key, requestId: id(1), sentAt: 7, inputs: { topic: 'agents '.repeat(2_000) } };
    await store.addStart(attempt);
    const copies = copiesOf(folder, database);
    await store.confirmStart(attempt, run(deployment, 'a'));
    database.boundary();
    store.close();

    const after = copies.pop() ?? '';
    assert.ok(copies.length >= 2, `${copies.length} statements`);
    for (const copy of copies) assert.deepEqual(await startsAndRuns(copy), [[attempt], []]);
    assert.deepEqual(await startsAndRuns(after), [[], [attempt.inputs]]);
    folder.remove();
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
