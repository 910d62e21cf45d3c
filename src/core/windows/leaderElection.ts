import type { Lease, SharedStore } from '#core/history/store';
import { Emitter } from '#core/lib/event';
import type { Clock, Disposable } from '#core/lib/types';

/** The time of focus after which a window becomes the leader. A window that the user passes with Alt+Tab has the focus for less time. */
const focusDelayMs = 1_000;
/** The delay before a window without a request of the user takes the lease while no run is active. VS Code may be busy with its start. */
const idleDelayMs = 60_000;
const beatMs = 4_000;
/** The lateness of a heartbeat after which its window counts as gone. */
const beatGraceMs = 11_000;
/** If a request is due within this time, heartbeats are regular. Otherwise, the next heartbeat comes when the next request is due. */
const nearRequestMs = 60_000;

/** The time in which one window is the leader. */
export interface LeaderTerm {
  readonly epoch: number;
  /** The time of the previous holder's last heartbeat, in milliseconds since the epoch. */
  readonly previousBeatAt: number;
  /** Whether this term directly follows an earlier term, usually of another window. Runs then keep their due times. */
  readonly isTakeover: boolean;
}

export interface LeaderElectionParts {
  readonly clock: Clock;
  readonly leases: Pick<SharedStore, 'takeLease' | 'renewLease' | 'releaseLease'>;
  readonly windowId: string;
  /** Whether a run is active, or the runs aren't loaded yet. */
  readonly mayHaveActiveRuns: () => boolean;
  readonly dueInMs: () => number | undefined;
  readonly onError: (error: unknown) => void;
}

/** Makes the window in use the only one that polls, to save requests. If two windows poll, the store drops outdated responses. */
export class LeaderElection {
  #ownLease: (Lease & LeaderTerm) | undefined;
  #otherLease: Lease | undefined;
  #timer: Disposable | undefined;
  #focusTimer: Disposable | undefined;
  #attempt: Promise<void> | undefined;
  #nextBeatAt = Infinity;
  #isClosed = false;
  readonly #changeEmitter = new Emitter<void>((error) => this.parts.onError(error));

  /** Fires when this window starts or stops polling, or follows a new leader after a failed takeover. */
  readonly onDidChange = this.#changeEmitter.event;

  constructor(private readonly parts: LeaderElectionParts) {}

  /** The term of this window; undefined while this window isn't the leader. */
  get term(): LeaderTerm | undefined {
    return this.#ownLease;
  }

  /** Takes the lease after a second of focus. If no run is active then, takes it after another minute of focus. */
  onFocusChange(isFocused: boolean): void {
    const { clock, mayHaveActiveRuns } = this.parts;
    this.#focusTimer?.dispose();
    if (!isFocused || this.#ownLease) return;
    this.#focusTimer = clock.after(focusDelayMs, () => {
      if (mayHaveActiveRuns()) void this.take();
      else this.#focusTimer = clock.after(idleDelayMs, () => void this.take());
    });
  }

  /** Takes a free lease, immediately if a run may be active, else a minute later. Follows another window that has the lease. */
  async onLeaseRead(lease: Lease): Promise<void> {
    // The lease may have been read before this window took it.
    if (this.#isClosed || (this.#ownLease && lease.epoch <= this.#ownLease.epoch)) return;
    if (lease.holder === undefined && this.parts.mayHaveActiveRuns()) await this.#take(lease);
    else if (lease.epoch !== this.#otherLease?.epoch || lease.beat !== this.#otherLease.beat) this.#follow(lease);
  }

  /** Sends a heartbeat now if the next one must come earlier than announced. */
  renewSooner(): void {
    const nextBeatMs = this.#msUntilNextBeat();
    if (nextBeatMs !== undefined && this.parts.clock.now() + nextBeatMs < this.#nextBeatAt) void this.#renew();
  }

  async take(): Promise<void> {
    // The attempt in progress may fail, because it may take the lease only if the lease is free or unchanged.
    await this.#attempt;
    if (!this.#ownLease) await this.#take();
  }

  /** Releases the lease, so that the next window polls immediately. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.dispose();
    this.#focusTimer?.dispose();
    await this.#attempt;
    const ownLease = this.#ownLease;
    this.#ownLease = undefined;
    await (ownLease && this.parts.leases.releaseLease(ownLease));
  }

  /** Takes the lease; with `expected`, only if it is free or unchanged. Joins an attempt in progress: two would start two terms. */
  async #take(expected?: Lease): Promise<void> {
    if (this.#isClosed) return;
    this.#attempt ??= this.#acquire(expected).finally(() => (this.#attempt = undefined));
    await this.#attempt;
  }

  async #acquire(expected: Lease | undefined): Promise<void> {
    const { leases, windowId } = this.parts;
    try {
      // A window that is killed before it knows its next request must not keep the lease forever.
      const { lease, before } = await leases.takeLease(windowId, this.#msUntilNextBeat() ?? beatMs, expected);
      // A closed window has released its lease. If this window followed the closed window, taking the free lease is a takeover, too.
      const isTakeover = (before.holder ?? this.#otherLease?.holder) !== undefined;
      if (lease.holder === windowId) this.#lead({ ...lease, previousBeatAt: before.beatAt, isTakeover });
      else this.#follow(lease, true);
    } catch (error) {
      // Without a writable store, this window polls anyway. The runs show the problem that their responses can't be stored.
      this.parts.onError(error);
      const { epoch = 0, beatAt = -Infinity } = expected ?? this.#otherLease ?? {};
      this.#lead({ holder: windowId, epoch, beat: 0, beatAt, previousBeatAt: beatAt, isTakeover: true });
    }
  }

  #lead(ownLease: Lease & LeaderTerm): void {
    this.#ownLease = ownLease;
    if (this.#isClosed) return;
    this.#otherLease = undefined;
    this.#announceNextBeat(this.#msUntilNextBeat() ?? beatMs);
    this.#changeEmitter.fire();
  }

  async #renew(): Promise<void> {
    const ownLease = this.#ownLease;
    if (!ownLease) return;
    const nextBeatMs = this.#msUntilNextBeat();
    this.#announceNextBeat(nextBeatMs);
    try {
      const lease = await this.parts.leases.renewLease(ownLease, nextBeatMs);
      if (this.#ownLease !== ownLease || (lease.holder === ownLease.holder && lease.epoch === ownLease.epoch)) return;
      // A new history file has a free lease.
      if (lease.holder === undefined || lease.holder === this.parts.windowId) await this.#take(lease);
      else this.#follow(lease);
    } catch (error) {
      this.parts.onError(error);
    }
  }

  #announceNextBeat(nextBeatMs: number | undefined): void {
    this.#nextBeatAt = nextBeatMs === undefined ? Infinity : this.parts.clock.now() + nextBeatMs;
    this.#setTimer(nextBeatMs, () => void this.#renew());
  }

  #follow(lease: Lease, isNewLeader = this.#ownLease !== undefined): void {
    this.#ownLease = undefined;
    // A released lease has no holder. Then the last holder stays, so that taking the lease counts as a takeover.
    this.#otherLease = { ...this.#otherLease, ...lease };
    const beatWaitMs = lease.nextBeatMs === undefined ? undefined : lease.nextBeatMs + beatGraceMs;
    this.#setTimer(lease.holder === undefined ? idleDelayMs : beatWaitMs, () => void this.#take(lease));
    if (isNewLeader) this.#changeEmitter.fire();
  }

  #setTimer(milliseconds: number | undefined, callback: () => void): void {
    this.#timer?.dispose();
    this.#timer = milliseconds === undefined ? undefined : this.parts.clock.after(milliseconds, callback);
  }

  #msUntilNextBeat(): number | undefined {
    const dueInMs = this.parts.dueInMs();
    return dueInMs !== undefined && dueInMs <= nearRequestMs ? beatMs : dueInMs;
  }
}
