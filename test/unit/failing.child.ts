import { parentPort, threadId } from 'node:worker_threads';
import type { Reply } from '#workerThread';

/** A job of this worker. */
export type FailingJob = 'nothing' | 'fail' | 'die' | 'useAllMemory' | 'exit' | 'hang';

const jobs: Readonly<Record<FailingJob, () => Reply | undefined>> = {
  nothing: () => ({ result: threadId }),
  fail: () => ({ failure: 'no' }),
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
  const reply = jobs[job]();
  if (reply) parentPort?.postMessage(reply);
});
