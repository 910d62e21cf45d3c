import { parentPort, threadId } from 'node:worker_threads';

/** A job of this worker. */
export type FailingJob = 'nothing' | 'die' | 'useAllMemory' | 'exit' | 'hang';

const jobs: Readonly<Record<FailingJob, () => number | undefined>> = {
  nothing: () => threadId,
  die: () => {
    throw new Error('no');
  },
  useAllMemory: () => {
    throw Object.assign(new Error('no'), { code: 'ERR_WORKER_OUT_OF_MEMORY' });
  },
  exit: () => process.exit(0),
  hang: () => {
    for (;;);
  },
};

// A job with a body is one for the status reader.
parentPort?.on('message', ({ job = 'die' }: { readonly job?: FailingJob }) => {
  const result = jobs[job]();
  if (result !== undefined) parentPort?.postMessage(result);
});
