/** What a window is to watch for; handed over as JSON in `KICKOFFS_DELAYS`. */
export interface WatchOrder {
  /** Where what was seen goes, under the process's number. */
  readonly folder: string;
  /** The deployment whose token the product is given. */
  readonly url: string;
  readonly token: string;
  readonly isProfiled: boolean;
}

/** What an extension host came to in the end, in bytes. */
export interface Watched {
  readonly heap: number;
  readonly resident: number;
}

/** A look at the event loop: when, how long after the one before, and how much of that its thread computed; all in milliseconds. */
export const columns = 3;
