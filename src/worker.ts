import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { jobResult, type Job } from '#amp/status/job';
import { parseStatus } from '#amp/status/parseStatus';
import { renderOutputs, type RunOutputs } from '#present/documents/reportOutput';
import { parseOutput } from '#store/tables/answers';
import type { RenderJob } from '#vscode/documents/outputRenderer';
import type { Reply } from './workerThread';

// The entry point of the worker thread. Parses large bodies, and renders the outputs of reports.
parentPort?.on('message', (job: Job | RenderJob) => {
  let reply: Reply;
  try {
    reply = { result: 'taskOutputs' in job ? renderOnce(job) : jobResult(job) };
  } catch (error) {
    reply = { failure: String(error) };
  }
  const buffers = 'result' in reply && reply.result instanceof Uint8Array ? [reply.result.buffer as ArrayBuffer] : [];
  parentPort?.postMessage(reply, buffers);
});

/** The last rendered outputs, because an open report is read again after each poll of its run. */
let last: { readonly digest: string; readonly outputs: RunOutputs } | undefined;

function renderOnce(job: RenderJob): RunOutputs {
  const digest = digestOf(job);
  if (last?.digest !== digest) last = { digest, outputs: render(job) };
  return last.outputs;
}

function render({ body, taskOutputs, isFailed, translations }: RenderJob): RunOutputs {
  const decoder = new TextDecoder();
  const output = body && parseStatus(body)?.output?.text;
  const tasks = new Map([...taskOutputs].map(([position, json]) => [position, parseOutput(decoder.decode(json))]));
  return renderOutputs({ output, tasks }, isFailed, (text) => translations.get(text) ?? text);
}

function digestOf({ body, taskOutputs, ...others }: RenderJob): string {
  const hash = createHash('sha256').update(JSON.stringify([others.isFailed, [...others.translations], body?.length]));
  if (body) hash.update(body);
  for (const [position, json] of taskOutputs) hash.update(`${position} ${json.length} `).update(json);
  return hash.digest('hex');
}
