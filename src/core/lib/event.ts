import type { Event } from './types';

/** The source of an event. Calls its listeners in the order of their addition, and reports their errors after the last call. */
export class Emitter<T> {
  readonly #listeners = new Set<{ readonly call: (value: T) => unknown }>();

  /** `onListenerError` receives errors of listeners. By default, `fire` throws the first error. */
  constructor(private readonly onListenerError: (error: unknown) => void = rethrow) {}

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
    errors.forEach(this.onListenerError);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
