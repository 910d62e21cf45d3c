/** The lease of the window that polls. Windows share it through the store. */
export interface Lease {
  /** The window that polls; undefined after it released the lease. */
  readonly holder?: string;
  /** Increases with each new holder. A response of an earlier epoch is older. */
  readonly epoch: number;
  /** Increases with each heartbeat. Windows only compare it for equality, so that no clock matters. */
  readonly beat: number;
  /** Milliseconds until the next heartbeat; undefined: none until the user does something. */
  readonly nextBeatMs?: number;
  /** Time of the last heartbeat, in milliseconds since the epoch. Only the rate limiter uses it. */
  readonly at: number;
}

/** The lease after and before an attempt to take it. */
export interface LeaseClaim {
  readonly lease: Lease;
  readonly before: Lease;
}

/** Storage of the lease. Each method rejects if the store can't be written. */
export interface Leases {
  /** Takes the lease from any holder. With `only`: takes it only if it is free or unchanged since that read. */
  takeLease(holder: string, nextBeatMs: number, only?: Lease): Promise<LeaseClaim>;
  /** Stores a heartbeat, unless another window took the lease. Returns the current lease. */
  keepLease(mine: Lease, nextBeatMs: number | undefined): Promise<Lease>;
  releaseLease(mine: Lease): Promise<void>;
}

/** The time in which this window is the leader. */
export interface LeaderTerm {
  readonly epoch: number;
  /** Time of the previous holder's last heartbeat, in milliseconds since the epoch. */
  readonly heldUntil: number;
  /** Whether another window polled before. */
  readonly isTakeover: boolean;
}

/** The leader election, as the poller uses it. */
export interface Leadership {
  /** Undefined while another window polls. */
  readonly term: LeaderTerm | undefined;
  /** Becomes the leader. */
  take(): Promise<void>;
  /** The time of the next request changed. */
  replan(): void;
}

/** The leadership of a single window. */
export const alone: Leadership = {
  term: { epoch: 0, heldUntil: -Infinity, isTakeover: false },
  take: () => Promise.resolve(),
  replan: () => undefined,
};
