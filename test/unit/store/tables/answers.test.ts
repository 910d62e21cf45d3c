import assert from 'node:assert/strict';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { HistoryFailure } from '#core/lib/errors';
import { Database } from '#store/database';
import { selectOutputSizes } from '#store/statements';
import { KickoffStore } from '#store/store';
import { compress, compressNow } from '#store/tables/answers';
import { bodyOf, bytes, clock, exec, noise, run, soon, useHistory, withRaw, type Folder } from '#test/unit/store/support';
import { addKickoff } from '#test/support/builders';

describe('Compressing a response', () => {
  it('is postponed on the first attempt only if the response is larger than 32 KiB', () => {
    const [small, large] = [noise(32 * 1_024), noise(32 * 1_024 + 1)];
    const packed = compressNow(small, undefined);
    assert.ok(packed);
    assert.ok(gunzipSync(packed).equals(small));
    assert.ok(!compressNow(large, undefined));
  });

  it('happens only once for a large response, unless a different response replaces it', async () => {
    const body = noise(100_000);
    const packed = await soon(compress(body));
    assert.ok(gunzipSync(packed.gzip).equals(body));
    assert.ok(compressNow(body, packed) === packed.gzip);
    const other = compressNow(noise(100_000), packed);
    assert.ok(other && other !== packed.gzip, 'another large response is compressed immediately');
  });
});

describe('In the store,', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;
  let kickoff: Kickoff;

  useHistory((history) => ({ folder, store, deployment } = history));
  beforeEach(async () => (kickoff = await addKickoff(store, run(deployment, 'a'))));

  it('a response with a damaged byte is read unchanged or reported as damaged', async () => {
    const sent = 'an answer of some length';
    await store.update(kickoff, (stored) => ({ kickoff: { ...stored, checkedAt: 1 }, body: bytes(sent) }));
    const gzip = withRaw(folder.file, (raw) => raw.prepare('SELECT gzip FROM body').get()?.['gzip'] as Uint8Array);
    const failures: HistoryFailure[] = [];
    for (const index of gzip.keys()) {
      const damaged = gzip.map((byte, at) => (at === index ? byte ^ 0xff : byte));
      withRaw(folder.file, (raw) => raw.prepare('UPDATE body SET gzip = ?').run(damaged));
      const read = await soon(bodyOf(store, kickoff).catch((error: unknown) => error));
      if (read instanceof HistoryFailure) failures.push(read);
      else assert.equal(read, sent, `byte ${index}`);
    }
    assert.ok(failures.length > gzip.length / 2, `${failures.length} of ${gzip.length} bytes`);
    const message = "Can't read this run's saved response because it's damaged. See the log for details.";
    for (const failure of failures) assert.deepEqual([failure.kind, failure.message], ['damagedAnswer', message]);
    assert.deepEqual(folder.recovered, []);
  });

  it('each task output is read as text, even if the output is damaged', async () => {
    exec(folder.file, `INSERT INTO task_output VALUES (1, 1, '"found"'), (1, 2, '{"found'), (1, 3, '7'), (1, 4, 'null')`);
    assert.deepEqual([...(await store.taskOutputs(kickoff)).values()], ['found', '{"found', '7', 'null']);
    const stored = [...(await store.storedOutputs(kickoff)).values()].map((json) => Buffer.from(json).toString());
    assert.deepEqual(stored, ['"found"', '{"found', '7', 'null']);
  });

  it('a run has at most 256 MiB of task outputs', async () => {
    const almostFull = new KickoffStore(new AlmostFullDatabase(folder.file, { clock, random: Math.random }));
    const outputOf = async (position: number, output: string): Promise<boolean | undefined> => {
      const task = { position, name: 'x', hasOutput: true };
      const after = await almostFull.update(kickoff, (stored) => ({
        kickoff: { ...stored, tasks: [task] },
        outputs: [{ position, output }],
      }));
      return after?.tasks.find((one) => one.position === position)?.hasOutput;
    };
    const sizes = [40, 40, 30, 14, 1];
    const found = [];
    for (const [index, size] of sizes.entries()) found.push(await outputOf(index + 1, 'x'.repeat(size)));
    assert.deepEqual(found, [true, true, false, true, false]);
    assert.equal(await outputOf(2, 'y'.repeat(40)), true, 'an output that replaces another one');
    assert.deepEqual([...(await almostFull.taskOutputs(kickoff)).keys()], [1, 2, 4]);
    almostFull.close();
  });
});

/** A database that has room for 100 bytes of task outputs. */
class AlmostFullDatabase extends Database {
  override statement(sql: string): StatementSync {
    const statement = super.statement(sql);
    if (sql !== selectOutputSizes) return statement;
    const all = (ref: Record<string, SQLInputValue>) => (Object.getPrototypeOf(statement) as StatementSync).all.call(statement, ref);
    return Object.assign(statement, { all: (ref: Record<string, SQLInputValue>) => [...all(ref), [0, 256 * 1024 * 1024 - 100]] });
  }
}
