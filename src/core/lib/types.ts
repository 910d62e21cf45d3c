/** A disposable object, compatible with VS Code's type. */
export interface Disposable {
  dispose(): void;
}

/** An event, compatible with VS Code's type. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

/** A clock in milliseconds since the epoch, and its timers. Tests pass a manual clock. */
export interface Clock {
  now(): number;
  after(milliseconds: number, callback: () => void): Disposable;
}

export type Random = () => number;
