/** Something that can be ended; the shape of VS Code's own. */
export interface Disposable {
  dispose(): void;
}

/** The shape of VS Code's own event, so that one passes for the other. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

/** Time, as the core sees it, in milliseconds since the epoch; tests pass a hand-cranked clock. */
export interface Clock {
  now(): number;
  after(milliseconds: number, run: () => void): Disposable;
}

/** A number in [0, 1). */
export type Random = () => number;
