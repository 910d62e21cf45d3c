import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer } from '../core/kickoff';
import type { Reader } from '../core/ports';
import { readAnswer } from './read';
import type { Job } from './readingThread';
import type { Moment } from './times';

/** Up to here a body is read here: dense JSON of that size takes tens of milliseconds, to hand it over two. */
const smallBytes = 131_072;

/** Reads bodies: large ones on a thread of their own, for 10 MB of dense JSON would hold up every extension for a quarter of a second. */
export class Reading implements Reader {
  /** One after the other: a body that is taken apart needs many times its size. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly thread = join(__dirname, 'reading.js')) {}

  /** What a body says; `at` is when it came, if it has just come. Never rejects. */
  async read(body: Uint8Array, at?: Moment): Promise<Answer | undefined> {
    if (body.length <= smallBytes) return readAnswer(body, at);
    const turn = this.#last.then(() => this.#apart({ body, at }));
    this.#last = turn;
    return turn;
  }

  /** Where there can be no thread it is read here; what a thread had no memory for is not tried again. */
  async #apart(job: Job): Promise<Answer | undefined> {
    const { body, at } = job;
    try {
      const answer = await onThread(this.thread, job);
      return answer?.output && at ? { ...answer, output: readLater(body, answer.output) } : answer;
    } catch (error) {
      return isOutOfMemory(error) ? undefined : readAnswer(body, at);
    }
  }
}

/** A copy is given away, which is cheaper than to have one made on the way. */
function onThread(file: string, { body, at }: Job): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    const copy = new Uint8Array(body);
    const worker = new Worker(file, { workerData: { body: copy, at } satisfies Job, transferList: [copy.buffer] });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

type Output = NonNullable<Answer['output']>;

/** A poll wants the language alone; the text did not come over from the thread. */
function readLater(body: Uint8Array, { language }: Output): Output {
  return {
    get text() {
      return readAnswer(body)?.output?.text ?? '';
    },
    language,
  };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
