import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer } from '#core/kickoff/kickoff';
import type { BodyDocument, Reader } from '#core/polling/ports';
import { bodyDocument } from './bodyDocument';
import { parseStatus } from './parseStatus';
import type { ReceivedAt } from './serverTime';
import type { Job } from './statusWorker';

/** Up to here a body is read here: dense JSON of that size takes tens of milliseconds, to hand it over two. */
const smallBytes = 131_072;

/** Reads bodies: large ones on a thread, since 10 MB of dense JSON would block every extension for seconds. */
export class StatusReader implements Reader {
  /** One after the other: a body that is taken apart needs many times its size. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly thread = join(__dirname, 'statusWorker.js')) {}

  /** Returns the content of a body; `at` is when it came, if it has just come. Never rejects. */
  async read(body: Uint8Array, at?: ReceivedAt): Promise<Answer | undefined> {
    const answer = await this.#done<Answer>({ body, at }, () => parseStatus(body, at));
    return answer?.output && at && body.length > smallBytes ? { ...answer, output: readLater(body, answer.output) } : answer;
  }

  async document(body: Uint8Array, kind: BodyDocument): Promise<Uint8Array | undefined> {
    return this.#done<Uint8Array>({ body, document: kind }, () => bodyDocument(body, kind));
  }

  async #done<Result>(job: Job, here: () => Result | undefined): Promise<Result | undefined> {
    if (job.body.length <= smallBytes) return here();
    const turn = this.#last.then(() => this.#apart(job, here));
    this.#last = turn;
    return turn;
  }

  /** Where no thread can start, the job is done here. A job that a thread had no memory for isn't tried again. */
  async #apart<Result>(job: Job, here: () => Result | undefined): Promise<Result | undefined> {
    try {
      return await onThread<Result>(this.thread, job);
    } catch (error) {
      return isOutOfMemory(error) ? undefined : here();
    }
  }
}

/** Gives a copy away, which is cheaper than to have one made on the way. */
function onThread<Result>(file: string, job: Job): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    const copy = new Uint8Array(job.body);
    const worker = new Worker(file, { workerData: { ...job, body: copy }, transferList: [copy.buffer] });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

type Output = NonNullable<Answer['output']>;

/** A poll wants the language alone; the text did not come over from the thread. */
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
