import { parentPort, workerData } from 'node:worker_threads';
import { jobResult, type Job } from './job';

// The entry point of a worker thread, which does one job and ends.
const result = jobResult(workerData as Job);
parentPort?.postMessage(result, result instanceof Uint8Array ? [result.buffer as ArrayBuffer] : []);
