import type { Answer } from '#core/kickoff/kickoff';
import type { BodyDocument, BodyReader } from '#core/kickoff/responseBody';
import { JobFailure, type JobThread } from '#core/lib/jobThread';
import { jobResult, type Job } from './job';
import type { ReceivedAt } from './serverTime';

/** Bodies up to this size are parsed on this thread. Dense JSON of this size takes tens of milliseconds. */
const smallBytes = 131_072;

/** The maximum time to parse a body of 64 MiB on a slow machine. */
const longestMs = 60_000;

/** Parses large bodies on a worker thread, because 10 MB of dense JSON would block all extensions for seconds. */
export class StatusReader implements BodyReader {
  constructor(private readonly thread: JobThread) {}

  /** Undefined if the body isn't a status, or if the worker ran out of memory or time. */
  async read(body: Uint8Array, at: ReceivedAt): Promise<Answer | undefined> {
    return (await this.#run({ body, at })) as Answer | undefined;
  }

  async document(body: Uint8Array, kind: BodyDocument): Promise<Uint8Array | undefined> {
    return (await this.#run({ body, document: kind })) as Uint8Array | undefined;
  }

  /** Runs a job on this thread if the worker can't start or fails. */
  async #run(job: Job): Promise<unknown> {
    if (job.body.length <= smallBytes) return jobResult(job);
    // Transferring a copy is cheaper than structured cloning.
    const body = new Uint8Array(job.body);
    try {
      return await this.thread.run({ ...job, body }, { transfer: [body.buffer], longestMs });
    } catch (error) {
      return error instanceof JobFailure && error.kind !== 'failed' ? undefined : jobResult(job);
    }
  }
}
