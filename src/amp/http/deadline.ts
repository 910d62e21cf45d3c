/** Time limits of a request, in milliseconds. */
export interface Deadlines {
  /** The longest time from the start of the request to the end of the headers. */
  readonly headersMs: number;
  /** The longest wait for the next piece of the body, after the headers or the previous piece. */
  readonly idleMs: number;
  readonly totalMs: number;
}

export const usualDeadlines: Deadlines = { headersMs: 30_000, idleMs: 15_000, totalMs: 900_000 };

/** Aborts a request that takes too long, or that the caller aborts. `dispose` stops the timers and releases the socket. */
export class RequestDeadline {
  readonly #controller = new AbortController();
  readonly #abortRequest = () => this.#controller.abort();
  readonly #totalTimer: NodeJS.Timeout;
  #progressTimer: NodeJS.Timeout;

  constructor(
    private readonly callerSignal: AbortSignal,
    private readonly deadlines: Deadlines,
  ) {
    this.#totalTimer = setTimeout(this.#abortRequest, deadlines.totalMs);
    this.#progressTimer = setTimeout(this.#abortRequest, deadlines.headersMs);
    if (callerSignal.aborted) this.#abortRequest();
    else callerSignal.addEventListener('abort', this.#abortRequest);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Gives the server the idle time again. Called after the headers and after each piece of the body. */
  restartIdleTimer(): void {
    clearTimeout(this.#progressTimer);
    this.#progressTimer = setTimeout(this.#abortRequest, this.deadlines.idleMs);
  }

  dispose(): void {
    clearTimeout(this.#totalTimer);
    clearTimeout(this.#progressTimer);
    this.callerSignal.removeEventListener('abort', this.#abortRequest);
    this.#abortRequest();
  }
}
