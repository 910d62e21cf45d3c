import { keyOf } from '#core/history/board';
import type { KickoffList } from '#core/history/kickoffList';
import { isSettled, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { ScheduledRun } from './scheduledRun';

/** The runs that this window polls. */
export class ScheduledRuns implements Iterable<ScheduledRun> {
  readonly #runs = new Map<string, ScheduledRun>();

  constructor(
    private readonly board: KickoffList,
    /** Returns the milliseconds to the next poll; undefined for a run that isn't polled automatically. */
    private readonly delayMsOf: (kickoff: Kickoff) => number | undefined,
  ) {}

  [Symbol.iterator](): IterableIterator<ScheduledRun> {
    return this.#runs.values();
  }

  get(ref: KickoffRef): ScheduledRun | undefined {
    return this.#runs.get(keyOf(ref));
  }

  /** Adds new active runs. Deletes finished and removed runs, and aborts their requests. After a takeover, runs keep their due times. */
  sync(kickoffs: readonly Kickoff[], now: number, isTakeover: boolean): void {
    const activeRuns = new Map(kickoffs.filter(({ phase }) => !isSettled(phase)).map((kickoff) => [keyOf(kickoff), kickoff]));
    for (const [key, scheduledRun] of this.#runs) {
      if (activeRuns.has(key)) continue;
      this.#runs.delete(key);
      scheduledRun.abortRequest();
    }
    for (const [key, kickoff] of activeRuns) {
      if (this.#runs.has(key)) continue;
      const delayMs = this.delayMsOf(kickoff);
      this.#runs.set(key, isTakeover ? ScheduledRun.takeOver(kickoff, now, delayMs) : new ScheduledRun(kickoff, now, delayMs));
    }
  }

  reschedule(scheduledRun: ScheduledRun, kickoff: Kickoff, now: number): void {
    scheduledRun.reschedule(now, this.delayMsOf(kickoff), kickoff.notBefore);
  }

  /** Shortens waits that are longer than the current intervals, except for runs with a problem. */
  rescheduleSooner(): void {
    for (const scheduledRun of this) {
      const kickoff = this.board.kickoff(scheduledRun.ref);
      if (kickoff) scheduledRun.rescheduleSooner(this.delayMsOf(kickoff));
    }
  }

  delete(scheduledRun: ScheduledRun): void {
    if (this.get(scheduledRun.ref) === scheduledRun) this.#runs.delete(keyOf(scheduledRun.ref));
  }

  /** Deletes runs without a request in flight. The other runs stay, because their requests count for the limits. */
  deleteIdle(): void {
    for (const [key, { isInFlight }] of this.#runs) if (!isInFlight) this.#runs.delete(key);
  }

  abortAll(): void {
    for (const scheduledRun of this) scheduledRun.abortRequest();
    this.#runs.clear();
  }
}
