import type { Event } from './types';

/** Calls its listeners in the order in which they were added. Reports errors of listeners after the last call. */
export class Emitter<T> {
  readonly #listeners = new Set<{ readonly tell: (value: T) => unknown }>();

  /** `failed` receives errors of listeners. By default, `fire` throws the first error. */
  constructor(private readonly failed: (error: unknown) => void = thrown) {}

  readonly event: Event<T> = (tell) => {
    const listener = { tell };
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    const errors: unknown[] = [];
    for (const { tell } of [...this.#listeners]) {
      try {
        tell(value);
      } catch (error) {
        errors.push(error);
      }
    }
    errors.forEach(this.failed);
  }
}

function thrown(error: unknown): never {
  throw error;
}
