import { keyOf } from '#core/history/board';
import type { KickoffList } from '#core/history/kickoffList';
import { isSettled, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { ScheduledRun } from './scheduledRun';

/** The runs that this window polls. */
export class ScheduledRuns implements Iterable<ScheduledRun> {
  readonly #all = new Map<string, ScheduledRun>();

  constructor(
    private readonly board: KickoffList,
    /** Returns the milliseconds to the next poll; undefined for a run that isn't polled automatically. */
    private readonly delayOf: (kickoff: Kickoff) => number | undefined,
  ) {}

  [Symbol.iterator](): IterableIterator<ScheduledRun> {
    return this.#all.values();
  }

  get(ref: KickoffRef): ScheduledRun | undefined {
    return this.#all.get(keyOf(ref));
  }

  /** Adds new active runs, and deletes and aborts all others. With `isTakeover`, an added run keeps its due time. */
  sync(kickoffs: readonly Kickoff[], now: number, isTakeover: boolean): void {
    const active = new Map(kickoffs.filter(({ phase }) => !isSettled(phase)).map((kickoff) => [keyOf(kickoff), kickoff]));
    for (const [key, scheduledRun] of this.#all) {
      if (active.has(key)) continue;
      this.#all.delete(key);
      scheduledRun.abort();
    }
    for (const [key, kickoff] of active) {
      if (this.#all.has(key)) continue;
      const delay = this.delayOf(kickoff);
      this.#all.set(key, isTakeover ? ScheduledRun.takeOver(kickoff, now, delay) : new ScheduledRun(kickoff, now, delay));
    }
  }

  reschedule(scheduledRun: ScheduledRun, kickoff: Kickoff, now: number): void {
    scheduledRun.reschedule(now, this.delayOf(kickoff), kickoff.notBefore);
  }

  /** Shortens waits that are longer than the current intervals, except for runs with a problem. */
  rescheduleSooner(): void {
    for (const scheduledRun of this) {
      const kickoff = this.board.kickoff(scheduledRun.ref);
      if (kickoff) scheduledRun.rescheduleSooner(this.delayOf(kickoff));
    }
  }

  delete(scheduledRun: ScheduledRun): void {
    if (this.get(scheduledRun.ref) === scheduledRun) this.#all.delete(keyOf(scheduledRun.ref));
  }

  /** Deletes runs without a request in flight. The other runs stay, because their requests count for the limits. */
  deleteIdle(): void {
    for (const [key, { isInFlight }] of this.#all) if (!isInFlight) this.#all.delete(key);
  }

  abort(): void {
    for (const scheduledRun of this) scheduledRun.abort();
    this.#all.clear();
  }
}
