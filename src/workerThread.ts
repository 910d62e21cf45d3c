import { Worker } from 'node:worker_threads';
import { codeOf } from '#core/lib/errors';
import { JobFailure, type JobOptions, type JobThread } from '#core/lib/jobThread';
import type { Clock, Disposable } from '#core/lib/types';

/** The time without a job after which the thread ends. Polls of a run with an open report usually need the thread sooner. */
const longestIdleMs = 30_000;

/** A worker thread that starts with the first job and ends when it is idle. Jobs run one at a time, because parsing needs much memory. */
export class WorkerThread implements JobThread, Disposable {
  #last: Promise<unknown> = Promise.resolve();
  #worker: Worker | undefined;
  #job: PromiseWithResolvers<unknown> | undefined;
  #idle: Disposable | undefined;

  /** `file` is the script of the worker, which posts a result for each message. */
  constructor(
    private readonly file: string,
    private readonly clock: Clock,
  ) {}

  run(job: object, options: JobOptions): Promise<unknown> {
    const turn = this.#last.then(() => this.#runNow(job, options));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  dispose(): void {
    this.#idle?.dispose();
    this.#end(new JobFailure('failed'));
  }

  async #runNow(job: object, { transfer, timeoutMs }: JobOptions): Promise<unknown> {
    this.#idle?.dispose();
    const worker = (this.#worker ??= this.#start());
    this.#job = Promise.withResolvers();
    const deadline = this.clock.after(timeoutMs, () => this.#end(new JobFailure('deadline')));
    worker.ref();
    try {
      worker.postMessage(job, transfer);
      return await this.#job.promise;
    } finally {
      deadline.dispose();
      // An idle thread doesn't keep the process running.
      worker.unref();
      if (this.#worker === worker) this.#idle = this.clock.after(longestIdleMs, () => this.#end());
    }
  }

  #start(): Worker {
    const worker = new Worker(this.file);
    const end = (kind: JobFailure['kind'], cause?: Error): void => {
      if (this.#worker === worker) this.#end(new JobFailure(kind, { cause }));
    };
    worker.on('message', (result) => {
      if (this.#worker === worker) this.#job?.resolve(result);
    });
    worker.on('error', (error) => end(codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY' ? 'outOfMemory' : 'failed', error));
    worker.on('exit', () => end('failed'));
    return worker;
  }

  #end(failure?: JobFailure): void {
    const worker = this.#worker;
    this.#worker = undefined;
    if (failure) this.#job?.reject(failure);
    void worker?.terminate();
  }
}
