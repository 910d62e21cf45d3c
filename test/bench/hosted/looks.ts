/** Tasks of a watching window, as JSON in `KICKOFFS_DELAYS`. */
export interface WatchOrder {
  /** Folder of the results, one file per process ID. */
  readonly folder: string;
  /** The deployment whose token the product is given. */
  readonly url: string;
  readonly token: string;
  readonly isProfiled: boolean;
}

/** Final memory of an extension host, in bytes. */
export interface Watched {
  readonly heap: number;
  readonly resident: number;
}

/** A look at the event loop: when, how long after the one before, and how much of that its thread computed; all in milliseconds. */
export const columns = 3;
