/** The lease of the window that polls, which all windows share through the store. */
export interface Lease {
  /** The window that polls; undefined after this window released the lease. */
  readonly holder?: string;
  /** A number that increases whenever a window takes the lease. Responses from an earlier epoch are outdated, unless they end a run. */
  readonly epoch: number;
  /** A number that increases with each heartbeat. Windows only check whether the number changed, so that clocks don't matter. */
  readonly beat: number;
  /** Milliseconds until the next heartbeat; undefined if the window has no planned request. */
  readonly nextBeatMs?: number;
  /** Milliseconds since the epoch, only for the rate limiter. */
  readonly at: number;
}

export interface LeaseClaim {
  readonly lease: Lease;
  readonly before: Lease;
}

/** Storage of the lease. Each method rejects if the store can't be written. */
export interface Leases {
  /** Takes the lease; with `only`, only if the lease is free or unchanged since `only` was read. */
  takeLease(holder: string, nextBeatMs: number, only?: Lease): Promise<LeaseClaim>;
  /** Sends a heartbeat, unless another window took the lease. Returns the current lease. */
  keepLease(ownLease: Lease, nextBeatMs: number | undefined): Promise<Lease>;
  releaseLease(ownLease: Lease): Promise<void>;
}

/** The time in which one window is the leader. */
export interface LeaderTerm {
  readonly epoch: number;
  /** Time of the previous holder's last heartbeat, in milliseconds since the epoch. */
  readonly heldUntil: number;
  /** Whether this term directly follows an earlier term, usually of another window. Runs then keep their due times. */
  readonly isTakeover: boolean;
}
