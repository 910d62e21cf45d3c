import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { jobResult, type BodyJob } from '#amp/status/statusReader';
import { parseStatus } from '#amp/status/parseStatus';
import { renderOutputs, type RunOutputs } from '#present/documents/reportOutput';
import { parseOutput } from '#store/tables/answers';
import type { RenderJob } from '#vscode/documents/outputRenderer';

// The worker thread's entry point. Parses large bodies, or converts them to documents, and renders reports' outputs. Errors end the thread.
parentPort?.on('message', (job: BodyJob | RenderJob) => {
  const result = 'taskOutputs' in job ? renderCached(job) : jobResult(job);
  parentPort?.postMessage(result, result instanceof Uint8Array ? [result.buffer as ArrayBuffer] : []);
});

/** The last rendered outputs. Cached, because VS Code reads an open report after each poll of its run. */
let cachedRendering: { readonly digest: string; readonly outputs: RunOutputs } | undefined;

function renderCached(job: RenderJob): RunOutputs {
  const digest = createHash('sha256').update(serialize(job)).digest('hex');
  if (cachedRendering?.digest !== digest) cachedRendering = { digest, outputs: render(job) };
  return cachedRendering.outputs;
}

/** Renders outputs without the cache. The run's output is in `body`, the run's last response. The tasks' outputs are stored separately. */
function render({ body, taskOutputs, isFailed, translations }: RenderJob): RunOutputs {
  const decoder = new TextDecoder();
  const output = body && parseStatus(body)?.output?.text;
  const taskTexts = new Map([...taskOutputs].map(([position, jsonBytes]) => [position, parseOutput(decoder.decode(jsonBytes))]));
  return renderOutputs({ output, taskOutputs: taskTexts }, isFailed, (text) => translations.get(text) ?? text);
}
