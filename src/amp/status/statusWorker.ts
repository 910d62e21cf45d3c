import { parentPort, workerData } from 'node:worker_threads';
import type { BodyDocument } from '#core/polling/ports';
import { bodyDocument } from './bodyDocument';
import { parseStatus } from './parseStatus';
import type { ReceivedAt } from './serverTime';

/** A body to read: when it came, if it has just come, or the document to make of it. */
export interface Job {
  readonly body: Uint8Array;
  readonly at?: ReceivedAt | undefined;
  readonly document?: BodyDocument;
}

// The entry of a thread: does one job and ends. A poll needs no more of an output than its language.
const { body, at, document } = workerData as Job;
if (document) {
  const bytes = bodyDocument(body, document);
  parentPort?.postMessage(bytes, bytes ? [bytes.buffer as ArrayBuffer] : []);
} else {
  const answer = parseStatus(body, at);
  parentPort?.postMessage(answer?.output && at ? { ...answer, output: { text: '', language: answer.output.language } } : answer);
}
