import { Emitter } from '#core/lib/event';
import type { Clock, Disposable } from '#core/lib/types';
import type { Leadership, LeaderTerm, Lease, Leases } from './lease';

/** A window with a shorter focus, as with Alt+Tab, doesn't take the lease. */
const focusMs = 1_000;
const beatMs = 4_000;
/** A holder whose heartbeat is this late is gone. */
const graceMs = 11_000;
/** Without a request in this time, the next heartbeat comes with the next request. */
const soonMs = 60_000;

/** State of a window, as VS Code reports it. `active`: the user did something in the last minute. */
interface WindowUse {
  readonly focused: boolean;
  readonly active: boolean;
}

/** Whether the user returned to a window. VS Code fires the same event when the user leaves. */
export function isBackInUse(before: WindowUse, after: WindowUse): boolean {
  return after.focused && (!before.focused || after.active);
}

/** Dependencies of `LeaderElection`. */
export interface LeaderElectionParts {
  readonly clock: Clock;
  readonly leases: Leases;
  /** Unique name of this window. */
  readonly holder: string;
  /** Returns the milliseconds until the next request; undefined for none. */
  readonly dueIn: () => number | undefined;
  readonly failed: (error: unknown) => void;
}

/**
 * Elects the window that polls: the one in use, because it has the newest token and knows which documents are visible.
 *
 * Saves requests. If two windows poll for a while, nothing is lost: a response of an older epoch never overwrites a newer one.
 */
export class LeaderElection implements Leadership {
  #mine: (Lease & LeaderTerm) | undefined;
  #seen: Lease | undefined;
  #timer: Disposable | undefined;
  #focusing: Disposable | undefined;
  #taking: Promise<void> | undefined;
  /** Until when no sign of life was promised. */
  #silentUntil = Infinity;
  #isClosed = false;
  readonly #changed = new Emitter<void>((error) => this.parts.failed(error));

  /** Fires when this window starts or stops polling, or learns of a new leader after a failed takeover. */
  readonly onDidChange = this.#changed.event;

  constructor(private readonly parts: LeaderElectionParts) {}

  get term(): LeaderTerm | undefined {
    return this.#mine;
  }

  /** The window that is used polls, as soon as that has lasted a second. */
  focus(isFocused: boolean): void {
    this.#focusing?.dispose();
    this.#focusing = isFocused && !this.#mine ? this.parts.clock.after(focusMs, () => void this.take()) : undefined;
  }

  /** The lease as it was just read: perhaps another window polls now, or has gone. */
  async observe(lease: Lease): Promise<void> {
    // What was read before this window took it is older.
    if (this.#isClosed || (this.#mine && lease.epoch <= this.#mine.epoch)) return;
    if (lease.holder === undefined) await this.#take(lease);
    else if (lease.epoch !== this.#seen?.epoch || lease.beat !== this.#seen.beat) this.#follow(lease);
  }

  replan(): void {
    if (!this.#mine) return;
    const nextBeatMs = this.#untilNextBeat();
    if (nextBeatMs !== undefined && this.parts.clock.now() + nextBeatMs < this.#silentUntil) void this.#renew();
  }

  async take(): Promise<void> {
    // What is under way may be for a lease that is free only, and fail.
    await this.#taking;
    if (!this.#mine) await this.#take();
  }

  /** Lets the next window poll at once. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.dispose();
    this.#focusing?.dispose();
    await this.#taking;
    const mine = this.#mine;
    this.#mine = undefined;
    await (mine && this.parts.leases.releaseLease(mine));
  }

  /** With `only`, when the holder has given no sign of life since that was read. One at a time: of two both would succeed, and one epoch be forgotten. */
  async #take(only?: Lease): Promise<void> {
    if (this.#isClosed) return;
    this.#taking ??= this.#acquire(only);
    await this.#taking;
  }

  async #acquire(only: Lease | undefined): Promise<void> {
    const { leases, holder } = this.parts;
    try {
      // Whoever dies before he knows what is to be asked must not hold it for ever.
      const taken = leases.takeLease(holder, this.#untilNextBeat() ?? beatMs, only).finally(() => (this.#taking = undefined));
      const { lease, before } = await taken;
      // One that was closed is gone from the lease; who followed it goes on with what it has begun all the same.
      const isTakeover = (before.holder ?? this.#seen?.holder) !== undefined;
      if (lease.holder === holder) this.#lead({ ...lease, heldUntil: before.at, isTakeover });
      else this.#follow(lease, true);
    } catch (error) {
      // What cannot be written is no reason not to ask: that it cannot be kept is then said where it matters.
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
    if (this.#untilNextBeat() === undefined) void this.#renew();
  }

  async #renew(): Promise<void> {
    const mine = this.#mine;
    if (!mine) return;
    const nextBeatMs = this.#untilNextBeat();
    this.#announceNextBeat(nextBeatMs);
    try {
      const lease = await this.parts.leases.keepLease(mine, nextBeatMs);
      if (this.#mine === mine && (lease.holder !== mine.holder || lease.epoch !== mine.epoch)) await this.#lost(lease);
    } catch (error) {
      this.parts.failed(error);
    }
  }

  /** Another window took the lease, or the history file is a new one without a lease. A window never follows itself. */
  async #lost(lease: Lease): Promise<void> {
    if (lease.holder === undefined || lease.holder === this.parts.holder) await this.#take(lease);
    else this.#follow(lease);
  }

  #announceNextBeat(nextBeatMs: number | undefined): void {
    this.#silentUntil = nextBeatMs === undefined ? Infinity : this.parts.clock.now() + nextBeatMs;
    this.#setTimer(nextBeatMs, () => void this.#renew());
  }

  /** Another window polls: it is trusted until it has been silent for longer than it said. One that was thought to be silent is news. */
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
