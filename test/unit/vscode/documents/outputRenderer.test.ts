import assert from 'node:assert/strict';
import path from 'node:path';
import { StatusReader } from '#amp/status/statusReader';
import type { Kickoff } from '#core/kickoff/kickoff';
import { JobFailure, type JobThread } from '#core/lib/jobThread';
import { deployment, id, key, kickoff } from '#test/support/builders';
import { ManualClock, start } from '#test/support/manualClock';
import { noThread } from '#test/support/threads';
import { WorkerThread } from '#workerThread';
import { report } from '#present/documents/report';
import { outputRenderer } from '#vscode/documents/outputRenderer';
import { faultsOf } from '../../present/documents/faults';
import { t } from '../../present/documents/hostile';
import { page } from '../../present/documents/preview';

const bytes = (text: string) => new TextEncoder().encode(text);
const done = kickoff({ phase: { kind: 'succeeded' }, checkedAt: start, finishedAt: start, output: 'markdown' });
const hostile = '# Title\n\n```\n[x](command:y) ![p](https://tracker.example/p.png) <script>';

/** The stored texts of a run. */
interface Stored {
  readonly output?: string;
  /** Stored JSON of the tasks' outputs. */
  readonly tasks?: readonly string[];
}

function rendererOf({ output, tasks = [] }: Stored, thread: JobThread = noThread) {
  const store = {
    body: () => Promise.resolve(output === undefined ? undefined : bytes(JSON.stringify({ state: 'SUCCESS', result: output }))),
    storedOutputs: () => Promise.resolve(new Map(tasks.map((json, index) => [index + 1, bytes(json)]))),
  };
  return outputRenderer({ store, reader: new StatusReader(thread), thread }, t);
}

async function reportOf(stored: Stored, thread?: JobThread, run: Kickoff = done): Promise<string> {
  const tasks = (stored.tasks ?? []).map((_, index) => ({ position: index + 1, name: 'x', hasOutput: true }));
  const outputs = await rendererOf(stored, thread)(run);
  const parts = { kickoff: { ...run, tasks }, deployment: deployment(), trouble: undefined, outputs, now: start };
  return report(parts, t);
}

function worker(): WorkerThread {
  return new WorkerThread(path.join(__dirname, '../../worker.child.js'), new ManualClock());
}

/** A thread that counts its jobs, which fail. */
function dying(): JobThread & { jobs: number } {
  return {
    jobs: 0,
    run() {
      this.jobs++;
      return Promise.reject(new JobFailure('outOfMemory'));
    },
  };
}

const note =
  '*Rendering failed. The report shows only the start of the output as plain text, or omits the output. To see the whole output, run Open Output.*';

/** Returns the CPU time that `run` takes in all threads of this process. */
async function cpuOf(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

describe('The outputs of a report', function () {
  this.timeout(60_000);

  it('are rendered on a worker', async () => {
    const text = await reportOf({ output: '# Title\n\nSome **text**', tasks: ['"- [x](https://crew.example)"'] }, worker());
    assert.deepEqual(page(text).texts('h2', 'h3', 'strong', 'li'), ['Succeeded', 'Output', 'Title', 'text', 'Tasks', 'x']);
    assert.ok(page(text).links().includes('https://crew.example'));
    assert.ok(!text.includes(note));
  });

  it('are rendered only once, even if the report is read again', async () => {
    const tasks = Array.from({ length: 8 }, () => JSON.stringify('- [x](https://crew.example) *a* `b`\n'.repeat(2_500)));
    const render = rendererOf({ tasks }, worker());
    const rendered: unknown[] = [];
    const read = async () => rendered.push(await render(done));
    const [first, second] = [await cpuOf(read), await cpuOf(read)];
    assert.deepEqual(rendered[1], rendered[0]);
    assert.ok(second < first / 5, `${first} ${second}`);
  });

  it('are replaced by notes and the start of the output as plain text if the worker dies', async () => {
    const text = await reportOf({ output: hostile, tasks: ['"a"', 'damaged'] });
    assert.equal(text.split(note).length, 4);
    assert.deepEqual(page(text).preformatted(), [hostile]);
    assert.deepEqual(faultsOf(page(text)), []);
  });

  it('are shortened to at most 20,000 whole characters if the worker dies', async () => {
    for (const unit of ['a', 'é', '😀', '"', '\\', '\n']) {
      const [shown = ''] = page(await reportOf({ output: `.${unit.repeat(40_000)}` })).preformatted();
      assert.match(shown, new RegExp(`^\\.?(?:${unit === '\\' ? '\\\\' : unit})+$`, 'u'));
      assert.ok(shown.length <= 20_000);
    }
  });

  it("aren't rendered again after the worker died while rendering them", async () => {
    const thread = dying();
    const render = rendererOf({ output: 'x', tasks: ['"y"'] }, thread);
    for (let count = 0; count < 3; count++) await render(done);
    assert.equal(thread.jobs, 1);
  });

  it('are rendered again after the worker died if they changed or belong to another run', async () => {
    const [thread, tasks] = [dying(), ['"y"']];
    const render = rendererOf({ tasks }, thread);
    await render(done);
    tasks[0] = '"longer"';
    await render(done);
    for (const run of [{ id: id(2) }, { deployment: key(2) }]) await render({ ...done, ...run });
    assert.equal(thread.jobs, 4);
  });

  it('are replaced by the start of the output even if the worker dies after the transfer of the data', async () => {
    const taking: JobThread = {
      run: (job, { transfer }) => Promise.reject(new JobFailure('failed', { cause: structuredClone(job, { transfer: [...transfer] }) })),
    };
    assert.deepEqual(page(await reportOf({ output: hostile, tasks: ['"a"'] }, taking)).preformatted(), [hostile]);
  });

  it('contain the output of a failed run only once if a task has the same output', async () => {
    const thread = worker();
    const counts = [];
    for (const phase of [{ kind: 'succeeded' }, { kind: 'failed' }] as const)
      counts.push((await reportOf({ output: 'Same', tasks: ['"Same"'] }, thread, { ...done, phase })).split('Same').length - 1);
    assert.deepEqual(counts, [2, 1]);
  });

  it("are replaced by a note if the worker dies and the response can't be parsed", async () => {
    const text = await reportOf({ output: 'x'.repeat(200_000) }, dying());
    assert.ok(text.includes(`Output</h2>\n\n${note}\n`));
  });

  it('cause no job for the worker if the run has no outputs', async () => {
    const thread = dying();
    assert.deepEqual(await rendererOf({}, thread)(kickoff({ phase: { kind: 'running' } })), { output: undefined, taskOutputs: new Map() });
    assert.equal(thread.jobs, 0);
  });
});
