import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer } from '#core/kickoff/kickoff';
import type { BodyDocument, BodyReader } from '#core/polling/ports';
import { bodyDocument } from './bodyDocument';
import type { Job } from './job';
import { parseStatus } from './parseStatus';
import type { ReceivedAt } from './serverTime';

/** Bodies up to this size are parsed on this thread. Dense JSON of this size takes tens of milliseconds. */
const smallBytes = 131_072;

/**
 * Parses small bodies on this thread and large bodies on a worker thread. On this thread, 10 MB of dense JSON would block all extensions
 * for seconds.
 */
export class StatusReader implements BodyReader {
  /** The last job on a worker. These jobs run one at a time, because parsing needs many times the memory of the body. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly thread = join(__dirname, 'statusWorker.js')) {}

  /**
   * Parses a body. `at` is the time of the response, or undefined for a stored body. Undefined if the body isn't a status or the worker ran
   * out of memory. Never rejects.
   */
  async read(body: Uint8Array, at?: ReceivedAt): Promise<Answer | undefined> {
    const answer = await this.#run<Answer>({ body, at }, () => parseStatus(body, at));
    return answer?.output && at && body.length > smallBytes ? { ...answer, output: readLater(body, answer.output) } : answer;
  }

  async document(body: Uint8Array, kind: BodyDocument): Promise<Uint8Array | undefined> {
    return this.#run<Uint8Array>({ body, document: kind }, () => bodyDocument(body, kind));
  }

  async #run<Result>(job: Job, here: () => Result | undefined): Promise<Result | undefined> {
    if (job.body.length <= smallBytes) return here();
    const turn = this.#last.then(() => this.#runOnWorker(job, here));
    this.#last = turn;
    return turn;
  }

  /** Runs a job on a worker, or on this thread if the worker fails. Undefined if the worker ran out of memory. */
  async #runOnWorker<Result>(job: Job, here: () => Result | undefined): Promise<Result | undefined> {
    try {
      return await onThread<Result>(this.thread, job);
    } catch (error) {
      return isOutOfMemory(error) ? undefined : here();
    }
  }
}

/** Runs a job on a worker. Transfers a copy of the body, which is cheaper than structured cloning. */
function onThread<Result>(file: string, job: Job): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    const copy = new Uint8Array(job.body);
    const worker = new Worker(file, { workerData: { ...job, body: copy }, transferList: [copy.buffer] });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

type Output = NonNullable<Answer['output']>;

/** Returns an output whose text is parsed on access. The worker sends only the language, because a poll doesn't need the text. */
function readLater(body: Uint8Array, { language }: Output): Output {
  return {
    get text() {
      return parseStatus(body)?.output?.text ?? '';
    },
    language,
  };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
