import { parentPort, workerData } from 'node:worker_threads';
import { readAnswer } from './read';
import type { Moment } from './times';

/** A body to be read, and when it came, if it has just come. */
export interface Job {
  readonly body: Uint8Array;
  readonly at: Moment | undefined;
}

// The entry of a thread: reads one body and ends. Who has just heard it needs no more of its output than the language.
const { body, at } = workerData as Job;
const answer = readAnswer(body, at);
parentPort?.postMessage(answer?.output && at ? { ...answer, output: { text: '', language: answer.output.language } } : answer);
