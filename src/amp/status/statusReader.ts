import type { Answer } from '#core/kickoff/kickoff';
import type { BodyDocument, BodyReader } from '#core/kickoff/responseBody';
import { JobFailure, type JobThread } from '#core/lib/jobThread';
import { jobResult, type Job } from './job';
import type { ResponseTimes } from './serverTime';

/** Bodies up to this size are parsed on this thread. Dense JSON of this size takes tens of milliseconds. */
const smallBytes = 131_072;

/** The time limit of a job on the worker. A slow machine can parse 64 MiB in this time. */
const timeLimitMs = 60_000;

/** Parses bodies, large ones on a worker thread. Parsing 10 MB of dense JSON on this thread would block all extensions for seconds. */
export class StatusReader implements BodyReader {
  constructor(private readonly thread: JobThread) {}

  /** Returns the status in a body. Undefined if the body isn't a status, or if the worker ran out of memory or time. */
  async read(body: Uint8Array, times: ResponseTimes): Promise<Answer | undefined> {
    return (await this.#run({ body, times })) as Answer | undefined;
  }

  async document(body: Uint8Array, kind: BodyDocument): Promise<Uint8Array | undefined> {
    return (await this.#run({ body, document: kind })) as Uint8Array | undefined;
  }

  /** Runs a job with a large body on the worker. Runs any other job on this thread, also if the worker can't start or fails. */
  async #run(job: Job): Promise<unknown> {
    if (job.body.length <= smallBytes) return jobResult(job);
    // Transferring a copy is cheaper than structured cloning.
    const body = new Uint8Array(job.body);
    try {
      return await this.thread.run({ ...job, body }, { transfer: [body.buffer], longestMs: timeLimitMs });
    } catch (error) {
      return error instanceof JobFailure && error.kind !== 'failed' ? undefined : jobResult(job);
    }
  }
}
