import type { Event } from './ports';

/** Tells its listeners in the order in which they came. */
export class Emitter<T> {
  readonly #listeners = new Set<{ readonly tell: (value: T) => unknown }>();

  readonly event: Event<T> = (tell) => {
    const listener = { tell };
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const { tell } of [...this.#listeners]) tell(value);
  }
}
