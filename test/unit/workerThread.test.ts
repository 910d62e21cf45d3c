import assert from 'node:assert/strict';
import path from 'node:path';
import { JobFailure } from '#core/lib/jobThread';
import { ManualClock } from '#test/support/manualClock';
import { WorkerThread } from '#workerThread';
import type { FailingJob } from './failing.child';

/** A worker thread of a test, and its clock. */
function started(file = path.join(__dirname, 'failing.child.js')) {
  const clock = new ManualClock();
  const thread = new WorkerThread(file, clock);
  return { clock, run: (job: FailingJob) => thread.run({ job }, { transfer: [], timeoutMs: 20_000 }) };
}

/** Returns the kind of the failure with which a job rejects. */
async function failureOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('has a result'),
    (error: unknown) => error,
  );
  return error instanceof JobFailure ? error.kind : String(error);
}

describe('A worker thread', function () {
  this.timeout(30_000);

  it('is reused until it has been idle for 30 seconds', async () => {
    const { clock, run } = started();
    const first = await run('nothing');
    await clock.advance(29_000);
    assert.equal(await run('nothing'), first);
    await clock.advance(29_999);
    assert.equal(await run('nothing'), first);
    await clock.advance(30_000);
    assert.notEqual(await run('nothing'), first);
  });

  const failures = [
    ['die', 'throws an error', 'failed'],
    ['exit', 'ends the thread', 'failed'],
    ['useAllMemory', 'runs out of memory', 'outOfMemory'],
  ] as const;
  for (const [job, what, kind] of failures)
    it(`rejects only the job that ${what}, and is then replaced`, async () => {
      const { run } = started();
      const [before, failed, behind] = [run('nothing'), failureOf(run(job)), run('nothing')];
      assert.equal(await failed, kind);
      assert.deepEqual([typeof (await before), typeof (await behind)], ['number', 'number']);
      assert.notEqual(await behind, await before);
    });

  it('ends only the job that takes longer than its deadline', async () => {
    const { clock, run } = started();
    await run('nothing');
    const [hanging, behind] = [failureOf(run('hang')), run('nothing')];
    await clock.advance(20_000);
    assert.equal(await hanging, 'deadline');
    assert.equal(typeof (await behind), 'number');
  });

  it("rejects jobs if its file doesn't exist", async () => {
    const { clock, run } = started('/nowhere/worker.js');
    for (const work of [run('nothing'), run('nothing')]) assert.equal(await failureOf(work), 'failed');
    assert.equal(clock.timers, 0);
  });
});
