import type { Clock, Disposable } from './types';

/** A cache of one result, which is freed after a time, because it can be large. Doesn't cache failures. */
export class LastResult<T> implements Disposable {
  #last: { readonly key: string; readonly result: Promise<T>; readonly freeing: Disposable } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly longestMs: number,
  ) {}

  of(key: string, make: () => Promise<T>): Promise<T> {
    if (this.#last?.key === key) return this.#last.result;
    this.dispose();
    const result = make();
    this.#last = { key, result, freeing: this.clock.after(this.longestMs, () => this.#free(result)) };
    result.catch(() => this.#free(result));
    return result;
  }

  dispose(): void {
    if (this.#last) this.#free(this.#last.result);
  }

  #free(result: Promise<T>): void {
    if (this.#last?.result !== result) return;
    this.#last.freeing.dispose();
    this.#last = undefined;
  }
}
