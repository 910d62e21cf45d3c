import type { Kickoff, KickoffRef, Observation } from '#core/kickoff/kickoff';
import { scopeOf, waitsForUser } from '#core/kickoff/trouble';
import { backOffMs, maxBackOffMs } from '#core/lib/backOff';
import type { Random } from '#core/lib/types';
import { maxRetryAfterMs } from './hostState';

const defaultIntervalMs = 60_000;
/** The time for which a run that the user waits for comes first. A longer time would let many such runs delay all other runs. */
const urgentMs = 10_000;

/** A run that this window polls. Times are milliseconds since the epoch. Only this class changes them. */
export class ScheduledRun {
  readonly ref: KickoffRef;
  dueAt: number | undefined;
  polledAt = 0;
  /** The time from a response to the next request. Lateness is measured in multiples of this interval. */
  intervalMs: number;
  #urgentUntil = 0;
  /** The end of `Retry-After`. The run isn't polled earlier. */
  #notBefore: number;
  /** The number of polls in a row with a problem of this run, or a response that couldn't be stored. */
  failures = 0;
  /** The time for which AMP hasn't found the run while it was polled. */
  #missingMs: number | undefined;
  #request: AbortController | undefined;

  constructor(kickoff: KickoffRef & Pick<Kickoff, 'notBefore'>, now: number, delayMs = defaultIntervalMs) {
    this.ref = { deployment: kickoff.deployment, id: kickoff.id };
    this.#notBefore = Math.max(now, earliestPollTime(kickoff, now));
    this.dueAt = this.#notBefore;
    this.intervalMs = delayMs;
  }

  /** Creates a run after a takeover, or after the clock was set back. The run keeps its due time, even if that time is past. */
  static takeOver(kickoff: Kickoff, now: number, delayMs: number | undefined): ScheduledRun {
    const { checkedAt, trackedAt, trouble } = kickoff;
    if (!trouble && checkedAt === undefined) return new ScheduledRun(kickoff, Math.min(now, trackedAt), delayMs);
    const scheduledRun = new ScheduledRun(kickoff, now, delayMs);
    scheduledRun.polledAt = Math.min(now, checkedAt ?? 0);
    scheduledRun.failures = trouble ? 1 : 0;
    // The wait is limited, because the clock may have been ahead when the retry time was stored.
    if (trouble) scheduledRun.dueAt = trouble.retryAt && Math.min(trouble.retryAt, now + maxBackOffMs);
    else scheduledRun.dueAt = delayMs === undefined ? undefined : Math.max(earliestPollTime(kickoff, now), scheduledRun.polledAt + delayMs);
    return scheduledRun;
  }

  /** Returns zero for a run that isn't urgent, and the highest number for the run that the user requested last. */
  urgency(now: number): number {
    return now < this.#urgentUntil ? this.#urgentUntil : 0;
  }

  get isInFlight(): boolean {
    return this.#request !== undefined;
  }

  startRequest(now: number): AbortSignal {
    this.#request = new AbortController();
    this.polledAt = now;
    this.#urgentUntil = 0;
    this.#notBefore = 0;
    return this.#request.signal;
  }

  abortRequest(): void {
    this.#request?.abort();
  }

  endRequest(): void {
    this.#request = undefined;
  }

  makeDue(now: number, isUrgent: boolean): void {
    this.dueAt = Math.max(now, this.#notBefore);
    if (isUrgent) this.#urgentUntil = this.dueAt + urgentMs;
  }

  recordResult(observation: Observation, now: number, random: Random): void {
    const kind = observation.kind === 'unanswered' ? observation.trouble.kind : undefined;
    const scope = kind && scopeOf(kind);
    this.failures = scope === 'run' ? this.failures + 1 : 0;
    this.dueAt = now;
    // After other results, the health of the host or the poll interval determines the next poll.
    if (kind && scope === 'run') this.dueAt = waitsForUser(kind) ? undefined : now + backOffMs(this.failures, random);
  }

  /** Schedules a retry. The unsaved response counts as a failure, so `failures` is one more than before the poll. */
  retryAfterUnsaved(failures: number, now: number, random: Random): void {
    this.failures = failures;
    this.dueAt = now + backOffMs(failures, random);
  }

  /** Makes the run due now, unless its problem waits for the user. */
  retryNow(now: number): void {
    if (this.dueAt !== undefined) this.dueAt = now;
  }

  reschedule(now: number, delayMs: number | undefined, notBefore = 0): void {
    this.#notBefore = notBefore;
    this.intervalMs = delayMs ?? defaultIntervalMs;
    this.dueAt = delayMs === undefined ? undefined : Math.max(now + delayMs, notBefore);
  }

  /** Shortens the wait, but not to a time before the end of `Retry-After`. Changes nothing for a run with a problem. */
  rescheduleSooner(delayMs: number | undefined): void {
    if (delayMs === undefined || this.dueAt === undefined || this.failures > 0) return;
    this.intervalMs = delayMs;
    // A run that was never polled is due already, or at the end of `Retry-After`.
    if (this.polledAt > 0) this.dueAt = Math.min(this.dueAt, Math.max(this.polledAt + delayMs, this.#notBefore));
  }

  /** Moves `phaseSince` of a run that isn't found, so that sleep doesn't count. Call before `reschedule`, which changes the interval. */
  withMissingTime(before: Kickoff | undefined, after: Kickoff, now: number): Kickoff {
    const lastMissingAt = before?.phase.kind === 'missing' ? before.checkedAt : undefined;
    if (after.phase.kind !== 'missing' || lastMissingAt === undefined) {
      this.#missingMs = undefined;
      return after;
    }
    const missingMsBefore = this.#missingMs ?? Math.max(0, lastMissingAt - after.phaseSince);
    this.#missingMs = missingMsBefore + Math.min(Math.max(0, now - lastMissingAt), this.intervalMs);
    return { ...after, phaseSince: now - this.#missingMs };
  }
}

/** Returns the end of `Retry-After`, at most a day from now. The clock may have been ahead when the time was stored. */
function earliestPollTime({ notBefore = 0 }: Pick<Kickoff, 'notBefore'>, now: number): number {
  return Math.min(notBefore, now + maxRetryAfterMs);
}
