import { parentPort, workerData } from 'node:worker_threads';
import type { BodyDocument } from '#core/polling/ports';
import { bodyDocument } from './bodyDocument';
import { parseStatus } from './parseStatus';
import type { ReceivedAt } from './serverTime';

/** A body to parse, or to convert to a document. `at` is the time of the response that a poll received. */
export interface Job {
  readonly body: Uint8Array;
  readonly at?: ReceivedAt | undefined;
  readonly document?: BodyDocument;
}

// The entry point of a worker thread, which does one job and ends. After a poll, sends only the language of the output, because the poll
// doesn't need the text.
const { body, at, document } = workerData as Job;
if (document) {
  const bytes = bodyDocument(body, document);
  parentPort?.postMessage(bytes, bytes ? [bytes.buffer as ArrayBuffer] : []);
} else {
  const answer = parseStatus(body, at);
  parentPort?.postMessage(answer?.output && at ? { ...answer, output: { text: '', language: answer.output.language } } : answer);
}
