export interface JobOptions {
  /** Buffers that the thread takes over. They are empty afterward. */
  readonly transfer: readonly ArrayBuffer[];
  readonly timeoutMs: number;
}

export interface JobThread {
  /** Returns the result of a job. Rejects with a `JobFailure` if the job or the thread failed, which doesn't affect other jobs. */
  run(job: object, options: JobOptions): Promise<unknown>;
}

/** The failure of a job: an error or the end of its thread (`failed`), too little memory, or a timeout. */
export class JobFailure extends Error {
  constructor(
    readonly kind: 'failed' | 'outOfMemory' | 'deadline',
    options?: ErrorOptions,
  ) {
    super(`Job on a worker thread: ${kind}`, options);
  }
}
