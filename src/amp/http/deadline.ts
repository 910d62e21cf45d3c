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
  readonly #abort = new AbortController();
  readonly #cut = () => this.#abort.abort();
  readonly #total: NodeJS.Timeout;
  #next: NodeJS.Timeout;

  constructor(
    private readonly caller: AbortSignal,
    private readonly deadlines: Deadlines,
  ) {
    this.#total = setTimeout(this.#cut, deadlines.totalMs);
    this.#next = setTimeout(this.#cut, deadlines.headersMs);
    if (caller.aborted) this.#cut();
    else caller.addEventListener('abort', this.#cut);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Gives the server the idle time again. Called after the headers and after each piece of the body. */
  progress(): void {
    clearTimeout(this.#next);
    this.#next = setTimeout(this.#cut, this.deadlines.idleMs);
  }

  dispose(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#next);
    this.caller.removeEventListener('abort', this.#cut);
    this.#cut();
  }
}
