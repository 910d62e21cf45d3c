/** Which window polls, as the windows tell one another through the store. */
export interface Lease {
  /** The window that polls; undefined when it went and said so. */
  readonly holder?: string;
  /** Counts the holders: what an earlier one was told is older than what a later one was. */
  readonly epoch: number;
  /** Counts the signs of life; only that it changes means something, so that no clock has to be trusted. */
  readonly beat: number;
  /** How long the holder means to be silent, in milliseconds; undefined: until a user does something. */
  readonly nextBeatMs?: number;
  /** When the last sign of life was given, in milliseconds since the epoch; only what the budget holds hangs on it. */
  readonly at: number;
}

/** The lease as it is after a window wanted it, and as it was before. */
export interface LeaseClaim {
  readonly lease: Lease;
  readonly before: Lease;
}

/** Where the lease is kept. Each method rejects when the store cannot be written. */
export interface Leases {
  /** Takes it from whoever holds it - or, with `only`, when nobody does or gave a sign of life since that was read. */
  takeLease(holder: string, nextBeatMs: number, only?: Lease): Promise<LeaseClaim>;
  /** Gives a sign of life, unless another window has taken it; gives it as it is then. */
  keepLease(mine: Lease, nextBeatMs: number | undefined): Promise<Lease>;
  releaseLease(mine: Lease): Promise<void>;
}

/** The time in which one window polls for all. */
export interface LeaderTerm {
  readonly epoch: number;
  /** When the one before last gave a sign of life, in milliseconds since the epoch. */
  readonly heldUntil: number;
  /** It goes on with what another window has begun. */
  readonly isTakeover: boolean;
}

/** What the poller must know of the other windows. */
export interface Leadership {
  /** Undefined while another window polls. */
  readonly term: LeaderTerm | undefined;
  /** Polls from now on. */
  take(): Promise<void>;
  /** When something is to be asked has changed. */
  replan(): void;
}

/** A window beside which there is no other. */
export const alone: Leadership = {
  term: { epoch: 0, heldUntil: -Infinity, isTakeover: false },
  take: () => Promise.resolve(),
  replan: () => undefined,
};
