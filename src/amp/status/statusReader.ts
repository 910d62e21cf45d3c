import type { Answer } from '#core/kickoff/kickoff';
import type { BodyDocumentKind, BodyReader } from '#core/kickoff/responseBody';
import { JobFailure, type JobThread } from '#core/lib/jobThread';
import { jsonForEditor } from '#core/lib/json';
import { sortedJson } from '#core/lib/sortedJson';
import { parseStatus } from './parseStatus';
import type { ResponseTimes } from './serverTime';

/** Bodies up to this size are parsed on this thread. Dense JSON of this size takes tens of milliseconds. */
const maxSameThreadBytes = 131_072;

/** The time limit of a job on the worker. A slow machine can parse 64 MiB in this time. */
const jobTimeoutMs = 60_000;

/** A body to parse, or to convert to a document. Only polls set the times of the response. */
export interface BodyJob {
  readonly body: Uint8Array;
  readonly times?: ResponseTimes;
  readonly documentKind?: BodyDocumentKind;
}

/** Parses bodies, large ones on a worker thread. Parsing 10 MB of dense JSON on this thread would block all extensions for seconds. */
export class StatusReader implements BodyReader {
  constructor(private readonly thread: JobThread) {}

  /** Returns the status in a body. Undefined if the body isn't a status, or if the worker ran out of memory or time. */
  async read(body: Uint8Array, times: ResponseTimes): Promise<Answer | undefined> {
    return (await this.#runJob({ body, times })) as Answer | undefined;
  }

  async document(body: Uint8Array, kind: BodyDocumentKind): Promise<Uint8Array | undefined> {
    return (await this.#runJob({ body, documentKind: kind })) as Uint8Array | undefined;
  }

  /** Runs a large body's job on the worker, and other jobs on this thread. Undefined if the worker ran out of memory or time. */
  async #runJob(job: BodyJob): Promise<unknown> {
    if (job.body.length <= maxSameThreadBytes) return jobResult(job);
    // Transferring a copy is cheaper than structured cloning.
    const body = new Uint8Array(job.body);
    try {
      return await this.thread.run({ ...job, body }, { transfer: [body.buffer], timeoutMs: jobTimeoutMs });
    } catch (error) {
      // After any other failure, for example of starting the worker, this thread runs the job.
      return error instanceof JobFailure && error.kind !== 'failed' ? undefined : jobResult(job);
    }
  }
}

/** Returns the document, or the status without the output's text. Polls don't need the text, and copying it between threads is slow. */
export function jobResult({ body, times, documentKind }: BodyJob): Uint8Array | Answer | undefined {
  if (documentKind) return bodyDocument(body, documentKind);
  const status = parseStatus(body, times);
  return status?.output ? { ...status, output: { format: status.output.format } } : status;
}

/** Returns a document in UTF-8. Undefined if the document is an output and the body contains no output. */
export function bodyDocument(body: Uint8Array, kind: BodyDocumentKind): Uint8Array | undefined {
  const text = kind === 'status' ? jsonForEditor(new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)) : outputText(body, kind);
  return text === undefined ? undefined : new TextEncoder().encode(text);
}

function outputText(body: Uint8Array, kind: Exclude<BodyDocumentKind, 'status'>): string | undefined {
  const output = parseStatus(body)?.output;
  if (output?.format !== 'json' || kind === 'exactOutput') return output?.text;
  return kind === 'sorted' ? sortedJson(output.text) : jsonForEditor(output.text);
}
