/** Tasks of a watching window, as JSON in `KICKOFFS_DELAYS`. */
export interface WatchOrder {
  /** Folder of the results, one file per process ID. */
  readonly folder: string;
  /** The deployment whose token the extension gets. */
  readonly url: string;
  readonly token: string;
}

/** Final memory of an extension host, in bytes. */
export interface Watched {
  readonly heap: number;
  readonly resident: number;
}

/** The numbers per sample of the event loop: time, time since the previous sample, and CPU time in between, in milliseconds. */
export const columns = 3;
