import { Worker } from 'node:worker_threads';
import { codeOf } from '#core/lib/errors';
import { JobFailure, type JobOptions, type JobThread } from '#core/lib/jobThread';
import type { Clock, Disposable } from '#core/lib/types';

/** The time without a job after which the thread ends. While a report is open, polls usually come sooner, so the thread stays. */
const maxIdleMs = 30_000;

/** A worker thread that starts with a job, and ends when idle or after a failure. Jobs don't overlap, because parsing needs much memory. */
export class WorkerThread implements JobThread, Disposable {
  #lastJob: Promise<unknown> = Promise.resolve();
  #worker: Worker | undefined;
  #pendingResult: PromiseWithResolvers<unknown> | undefined;
  #idleTimer: Disposable | undefined;

  /** `scriptPath` is the path of the worker's script, which must post one result for each message. */
  constructor(
    private readonly scriptPath: string,
    private readonly clock: Clock,
  ) {}

  run(job: object, options: JobOptions): Promise<unknown> {
    const result = this.#lastJob.then(() => this.#runNow(job, options));
    this.#lastJob = result.catch(() => undefined);
    return result;
  }

  dispose(): void {
    this.#idleTimer?.dispose();
    this.#end(new JobFailure('failed'));
  }

  async #runNow(job: object, { transfer, timeoutMs }: JobOptions): Promise<unknown> {
    this.#idleTimer?.dispose();
    const worker = (this.#worker ??= this.#start());
    this.#pendingResult = Promise.withResolvers();
    const deadlineTimer = this.clock.after(timeoutMs, () => this.#end(new JobFailure('deadline')));
    worker.ref();
    try {
      worker.postMessage(job, transfer);
      return await this.#pendingResult.promise;
    } finally {
      deadlineTimer.dispose();
      // An idle thread doesn't keep the process running.
      worker.unref();
      if (this.#worker === worker) this.#idleTimer = this.clock.after(maxIdleMs, () => this.#end());
    }
  }

  #start(): Worker {
    const worker = new Worker(this.scriptPath);
    const fail = (kind: JobFailure['kind'], cause?: Error): void => {
      if (this.#worker === worker) this.#end(new JobFailure(kind, { cause }));
    };
    worker.on('message', (result) => {
      if (this.#worker === worker) this.#pendingResult?.resolve(result);
    });
    worker.on('error', (error) => fail(codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY' ? 'outOfMemory' : 'failed', error));
    worker.on('exit', () => fail('failed'));
    return worker;
  }

  #end(failure?: JobFailure): void {
    const worker = this.#worker;
    this.#worker = undefined;
    if (failure) this.#pendingResult?.reject(failure);
    void worker?.terminate();
  }
}
