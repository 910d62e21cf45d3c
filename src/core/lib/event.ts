import type { Event } from './types';

/** Calls its listeners in the order in which they were added. Reports errors of listeners after the last call. */
export class Emitter<T> {
  readonly #listeners = new Set<{ readonly call: (value: T) => unknown }>();

  /** `failed` receives errors of listeners. By default, `fire` throws the first error. */
  constructor(private readonly failed: (error: unknown) => void = rethrow) {}

  readonly event: Event<T> = (call) => {
    const listener = { call };
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    const errors: unknown[] = [];
    for (const { call } of [...this.#listeners]) {
      try {
        call(value);
      } catch (error) {
        errors.push(error);
      }
    }
    errors.forEach(this.failed);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
