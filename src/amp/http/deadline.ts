/** The usual time limits of a request. */
export const defaultTimeouts = {
  /** The longest time from the start of the request to the end of the headers. */
  headersMs: 30_000,
  /** The same for POST, because AMP answers a start only after the deployment has woken up. */
  postHeadersMs: 60_000,
  /** The longest wait for the next chunk of the body, after the headers or the previous chunk. */
  idleMs: 15_000,
  totalMs: 900_000,
};

/** Aborts a request that takes too long, or that the caller aborts. `dispose` stops the timers and releases the socket. */
export class RequestDeadline {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #totalTimer: NodeJS.Timeout;
  #idleTimer: NodeJS.Timeout;

  constructor(
    callerSignal: AbortSignal,
    private readonly timeouts: Omit<typeof defaultTimeouts, 'postHeadersMs'>,
  ) {
    this.signal = AbortSignal.any([callerSignal, this.#controller.signal]);
    this.#totalTimer = this.#abortAfter(timeouts.totalMs);
    this.#idleTimer = this.#abortAfter(timeouts.headersMs);
  }

  /** Starts the wait for the next chunk of the body. Called after the headers and after each chunk. */
  restartIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = this.#abortAfter(this.timeouts.idleMs);
  }

  dispose(): void {
    clearTimeout(this.#totalTimer);
    clearTimeout(this.#idleTimer);
    this.#controller.abort();
  }

  #abortAfter(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(), milliseconds);
  }
}
