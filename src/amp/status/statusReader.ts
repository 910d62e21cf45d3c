import type { Answer } from '#core/kickoff/kickoff';
import type { BodyDocument, BodyReader } from '#core/kickoff/responseBody';
import { JobFailure, type JobThread } from '#core/lib/jobThread';
import { bodyDocument } from './bodyDocument';
import type { Job } from './job';
import { parseStatus } from './parseStatus';
import type { ReceivedAt } from './serverTime';

/** Bodies up to this size are parsed on this thread. Dense JSON of this size takes tens of milliseconds. */
const smallBytes = 131_072;

/** The maximum time to parse a body of 64 MiB on a slow machine. */
const longestMs = 60_000;

/** Parses large bodies on a worker thread, because 10 MB of dense JSON would block all extensions for seconds. */
export class StatusReader implements BodyReader {
  constructor(private readonly thread: JobThread) {}

  /** Undefined if the body isn't a status, or if the worker ran out of memory or time. Without `at`, the body is a stored one. */
  async read(body: Uint8Array, at?: ReceivedAt): Promise<Answer | undefined> {
    const answer = await this.#run<Answer>({ body, at }, () => parseStatus(body, at));
    return answer?.output && at && body.length > smallBytes ? { ...answer, output: readLater(body, answer.output) } : answer;
  }

  async document(body: Uint8Array, kind: BodyDocument): Promise<Uint8Array | undefined> {
    return this.#run<Uint8Array>({ body, document: kind }, () => bodyDocument(body, kind));
  }

  /** Runs a job on this thread if the worker can't start or fails. */
  async #run<Result>(job: Job, here: () => Result | undefined): Promise<Result | undefined> {
    if (job.body.length <= smallBytes) return here();
    // Transferring a copy is cheaper than structured cloning.
    const body = new Uint8Array(job.body);
    try {
      return (await this.thread.run({ ...job, body }, { transfer: [body.buffer], longestMs })) as Result | undefined;
    } catch (error) {
      return error instanceof JobFailure && error.kind !== 'failed' ? undefined : here();
    }
  }
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
