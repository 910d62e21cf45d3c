import assert from 'node:assert/strict';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseStatus } from '#amp/status/parseStatus';
import { bodyDocument, jobResult, StatusReader } from '#amp/status/statusReader';
import { JobFailure, type JobThread } from '#core/lib/jobThread';
import { figure } from '#test/support/fuzz';
import { ManualClock } from '#test/support/manualClock';
import { WorkerThread } from '#workerThread';

const at = { receivedAt: Date.UTC(2026, 10, 25), serverDate: Date.UTC(2026, 10, 25) };
const worker = threadOf('worker.child.js');

function threadOf(child: string): WorkerThread {
  return new WorkerThread(path.join(__dirname, '../..', child), new ManualClock());
}

/** A thread whose jobs fail. */
function failing(kind: JobFailure['kind']): JobThread {
  return { run: () => Promise.reject(new JobFailure(kind)) };
}

/** Returns a status whose result is dense JSON, with many short values. */
function dense(megabytes: number): Uint8Array {
  const row = '{"a":[1,1,[2,[3,{}]]],"b":{"c":null,"d":true}}';
  const rows = Array.from({ length: (megabytes * 1_000_000) / (row.length + 1) }, () => row).join(',');
  return new TextEncoder().encode(
    `{"state":"SUCCESS","result":[${rows}],"progress":{"completed":2,"started_at":"2026-11-24T23:00:00Z"},"last_executed_task":{"name":"write","output":"done"}}`,
  );
}

/** Measures the turns of the event loop during the work, and the longest time between two turns in milliseconds. */
async function turnsDuring(work: () => Promise<unknown>): Promise<{ readonly turns: number; readonly longestMs: number }> {
  let [turns, isOver, longestMs, last] = [0, false, 0, performance.now()];
  const turn = (): void => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isOver = true;
  return { turns, longestMs };
}

/** Measures again, up to twice, if the event loop had few turns. On a busy machine, a garbage collection can take as long as the work. */
async function freeTurnsDuring(work: () => Promise<unknown>): ReturnType<typeof turnsDuring> {
  let measured = await turnsDuring(work);
  for (let attempt = 2; attempt <= 3 && measured.turns <= 20; attempt++) measured = await turnsDuring(work);
  return measured;
}

describe('The status reader', function () {
  this.timeout(60_000);

  it('parses a body on a worker only if the body has more than 128 KiB', async () => {
    const reading = new StatusReader(failing('outOfMemory'));
    const phaseOf = async (length: number) => (await reading.read(Buffer.from('{"state":"SUCCESS"}'.padEnd(length)), at))?.phase.kind;
    assert.equal(await phaseOf(131_072), 'succeeded');
    assert.equal(await phaseOf(131_073), undefined);
  });

  it('returns undefined if the worker runs out of memory or time for a body', async () => {
    for (const kind of ['outOfMemory', 'deadline'] as const)
      assert.equal(await new StatusReader(failing(kind)).read(dense(1.1), at), undefined);
  });

  it("parses on the main thread when the worker can't start or throws an error", async () => {
    const body = dense(1.1);
    for (const thread of [threadOf('nothing.js'), threadOf('failing.child.js')])
      assertSame(await new StatusReader(thread).read(body, at), jobResult({ body, times: at }));
  });

  it('returns the same status from a worker as from the main thread', async () => {
    const reading = new StatusReader(worker);
    const body = dense(2);
    assertSame(await reading.read(body, at), jobResult({ body, times: at }));
    assert.equal(await reading.read(new Uint8Array(2_000_000), at), undefined);
  });

  it("doesn't block the event loop while it parses dense JSON", async () => {
    const reading = new StatusReader(worker);
    const body = dense(5);
    assert.equal((await turnsDuring(() => Promise.resolve(parseStatus(body, at)))).turns, 0);
    const { turns, longestMs } = await freeTurnsDuring(() => reading.read(body, at));
    assert.ok(turns > 20);
    figure(12, `5 MB of dense JSON: the event loop paused for ${longestMs.toFixed(0)} ms at most`);
  });

  const documents = ['status', 'output', 'sorted'] as const;

  it("doesn't block the event loop while it creates a document", async () => {
    const reading = new StatusReader(worker);
    const body = dense(2);
    for (const kind of documents) assert.ok((await freeTurnsDuring(() => reading.document(body, kind))).turns > 20, kind);
  });

  it('returns the same documents from a worker as from the main thread', async () => {
    const reading = new StatusReader(worker);
    const body = dense(2);
    for (const kind of documents) assertSame(await reading.document(body, kind), bodyDocument(body, kind), kind);
  });
});

/** Compares large values. The message of `assert.deepEqual` takes minutes for megabytes, and so does its comparison of bytes. */
function assertSame(actual: unknown, expected: unknown, message?: string): void {
  const isSame =
    actual instanceof Uint8Array && expected instanceof Uint8Array
      ? Buffer.compare(actual, expected) === 0
      : isDeepStrictEqual(actual, expected);
  assert.ok(isSame, message);
}
