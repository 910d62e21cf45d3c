import type { Event } from './types';

/** Tells its listeners in the order in which they came; what one of them throws is told of when all have been told. */
export class Emitter<T> {
  readonly #listeners = new Set<{ readonly tell: (value: T) => unknown }>();

  /** Where what a listener throws goes; without it, to the one who fires. */
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
