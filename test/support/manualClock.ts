import type { Clock, Disposable } from '#core/lib/types';

interface Entry {
  readonly at: number;
  readonly run: () => void;
}

/** Units of time, in milliseconds. */
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** The start of the clock, which differs from 0, because 0 can mean "never". */
export const start = Date.UTC(2025, 5, 1, 12);

/** A clock that only the test advances. */
export class ManualClock implements Clock {
  #elapsed = 0;
  #offset = start;
  readonly #due = new Set<Entry>();

  /** Milliseconds since the start, without changes of the time of day. */
  get elapsed(): number {
    return this.#elapsed;
  }

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

  /** Waits for a time, or until the signal is aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.after(milliseconds, resolve);
      signal.addEventListener('abort', () => {
        timer.dispose();
        resolve();
      });
    });
  }

  /** Advances the time, runs due timers in order, and lets promises settle in between. */
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

  /** Changes the time of day. Timers aren't affected. */
  setTimeOfDay(milliseconds: number): void {
    this.#offset += milliseconds;
  }

  #next(): Entry | undefined {
    let next: Entry | undefined;
    for (const entry of this.#due) if (!next || entry.at < next.at) next = entry;
    return next;
  }
}

/** Waits until pending promises have settled. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
