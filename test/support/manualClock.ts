import type { Clock, Disposable } from '#core/lib/types';

interface Entry {
  readonly at: number;
  readonly run: () => void;
}

/** A moment late enough that "never" (0) and "the start" are told apart. */
export const start = Date.UTC(2025, 5, 1, 12);

/** A clock that stands still until a test turns it. */
export class ManualClock implements Clock {
  #elapsed = 0;
  #offset = start;
  readonly #due = new Set<Entry>();

  /** Milliseconds turned so far, whatever became of the time of day. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#due.size;
  }

  now(): number {
    return this.#offset + this.#elapsed;
  }

  after(milliseconds: number, run: () => void): Disposable {
    const entry = { at: this.#elapsed + Math.max(0, milliseconds), run };
    this.#due.add(entry);
    return { dispose: () => this.#due.delete(entry) };
  }

  /** Moves time on, running what falls due in order and letting promises settle in between. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    for (;;) {
      await settled();
      const next = this.#next();
      if (!next || next.at > end) break;
      this.#due.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.run();
    }
    this.#elapsed = end;
  }

  /** Somebody sets the time of day; the timers run on as they were. */
  setTimeOfDay(milliseconds: number): void {
    this.#offset += milliseconds;
  }

  #next(): Entry | undefined {
    let next: Entry | undefined;
    for (const entry of this.#due) if (!next || entry.at < next.at) next = entry;
    return next;
  }
}

/** Lets every promise that can settle do so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
