/** A disposable object, compatible with VS Code's type. */
export interface Disposable {
  dispose(): void;
}

/** An event, compatible with VS Code's type. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

/** A clock and its timers, in milliseconds since the epoch. Tests pass a manual clock. */
export interface Clock {
  now(): number;
  after(milliseconds: number, run: () => void): Disposable;
}

/** A source of random numbers of at least 0 and less than 1. */
export type Random = () => number;
