import { Emitter } from '#core/lib/event';
import type { Clock, Disposable } from '#core/lib/types';
import type { LeaderTerm, Lease, Leases } from './lease';

/** A window that the user only passes with Alt+Tab has the focus for less time. */
const focusMs = 1_000;
const beatMs = 4_000;
/** A heartbeat that is this late means that the holder is gone. */
const graceMs = 11_000;
/** If no request is due within this time, the next heartbeat comes with the next request. */
const soonMs = 60_000;

export interface LeaderElectionParts {
  readonly clock: Clock;
  readonly leases: Leases;
  readonly holder: string;
  readonly dueIn: () => number | undefined;
  readonly failed: (error: unknown) => void;
}

/** Elects the window in use, to save requests. Nothing is lost if two windows poll, because outdated responses are dropped. */
export class LeaderElection {
  #mine: (Lease & LeaderTerm) | undefined;
  #seen: Lease | undefined;
  #timer: Disposable | undefined;
  #focusing: Disposable | undefined;
  #taking: Promise<void> | undefined;
  #silentUntil = Infinity;
  #isClosed = false;
  readonly #changed = new Emitter<void>((error) => this.parts.failed(error));

  /** Fires when this window starts or stops polling, or learns of a new leader after a failed takeover. */
  readonly onDidChange = this.#changed.event;

  constructor(private readonly parts: LeaderElectionParts) {}

  /** The term of this window; undefined while another window polls. */
  get term(): LeaderTerm | undefined {
    return this.#mine;
  }

  /** Takes the lease when this window has had the focus for a second. */
  focus(isFocused: boolean): void {
    this.#focusing?.dispose();
    this.#focusing = isFocused && !this.#mine ? this.parts.clock.after(focusMs, () => void this.take()) : undefined;
  }

  /** Updates this window from the stored lease, which another window may have taken or released. */
  async observe(lease: Lease): Promise<void> {
    // Ignores a state of the lease from before this window took the lease.
    if (this.#isClosed || (this.#mine && lease.epoch <= this.#mine.epoch)) return;
    if (lease.holder === undefined) await this.#take(lease);
    else if (lease.epoch !== this.#seen?.epoch || lease.beat !== this.#seen.beat) this.#follow(lease);
  }

  /** Announces an earlier heartbeat if the time of the next request requires it. */
  replan(): void {
    const nextBeatMs = this.#untilNextBeat();
    if (nextBeatMs !== undefined && this.parts.clock.now() + nextBeatMs < this.#silentUntil) void this.#renew();
  }

  async take(): Promise<void> {
    // The attempt in progress may fail, because it may take the lease only if the lease is free or unchanged.
    await this.#taking;
    if (!this.#mine) await this.#take();
  }

  /** Releases the lease, so that the next window polls immediately. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.dispose();
    this.#focusing?.dispose();
    await this.#taking;
    const mine = this.#mine;
    this.#mine = undefined;
    await (mine && this.parts.leases.releaseLease(mine));
  }

  /** With `only`, takes a lease that is free or had no heartbeat since. Runs one attempt at a time, because two would both succeed. */
  async #take(only?: Lease): Promise<void> {
    if (this.#isClosed) return;
    this.#taking ??= this.#acquire(only);
    await this.#taking;
  }

  async #acquire(only: Lease | undefined): Promise<void> {
    const { leases, holder } = this.parts;
    try {
      // A window that is killed before it knows its next request must not keep the lease forever.
      const taken = leases.takeLease(holder, this.#untilNextBeat() ?? beatMs, only).finally(() => (this.#taking = undefined));
      const { lease, before } = await taken;
      // A window that closed has released the lease. If this window followed the closed window, taking the free lease is a takeover too.
      const isTakeover = (before.holder ?? this.#seen?.holder) !== undefined;
      if (lease.holder === holder) this.#lead({ ...lease, heldUntil: before.at, isTakeover });
      else this.#follow(lease, true);
    } catch (error) {
      // Without a writable store, this window polls anyway. The runs show the problem that their responses can't be stored.
      this.parts.failed(error);
      const { epoch = 0, at = -Infinity } = only ?? this.#seen ?? {};
      this.#lead({ holder, epoch, beat: 0, at, heldUntil: at, isTakeover: true });
    }
  }

  #lead(mine: Lease & LeaderTerm): void {
    this.#mine = mine;
    if (this.#isClosed) return;
    this.#seen = undefined;
    this.#announceNextBeat(this.#untilNextBeat() ?? beatMs);
    this.#changed.fire();
  }

  async #renew(): Promise<void> {
    const mine = this.#mine;
    if (!mine) return;
    const nextBeatMs = this.#untilNextBeat();
    this.#announceNextBeat(nextBeatMs);
    try {
      const lease = await this.parts.leases.keepLease(mine, nextBeatMs);
      if (this.#mine !== mine || (lease.holder === mine.holder && lease.epoch === mine.epoch)) return;
      // A new history file has a free lease.
      if (lease.holder === undefined || lease.holder === this.parts.holder) await this.#take(lease);
      else this.#follow(lease);
    } catch (error) {
      this.parts.failed(error);
    }
  }

  #announceNextBeat(nextBeatMs: number | undefined): void {
    this.#silentUntil = nextBeatMs === undefined ? Infinity : this.parts.clock.now() + nextBeatMs;
    this.#setTimer(nextBeatMs, () => void this.#renew());
  }

  #follow(lease: Lease, isNews = this.#mine !== undefined): void {
    this.#mine = undefined;
    this.#seen = lease;
    this.#setTimer(lease.nextBeatMs === undefined ? undefined : lease.nextBeatMs + graceMs, () => void this.#take(lease));
    if (isNews) this.#changed.fire();
  }

  #setTimer(milliseconds: number | undefined, run: () => void): void {
    this.#timer?.dispose();
    this.#timer = milliseconds === undefined ? undefined : this.parts.clock.after(milliseconds, run);
  }

  #untilNextBeat(): number | undefined {
    const due = this.parts.dueIn();
    return due !== undefined && due <= soonMs ? beatMs : due;
  }
}
