import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { Disposable } from '#core/lib/types';
import { maxBackOffMs, maxRetryAfterMs } from './hostHealth';

/** Interval of a run that isn't polled automatically. */
const rarelyMs = 60_000;

/** A run that is being polled. Times are milliseconds since the epoch. */
export interface ScheduledRun {
  readonly ref: KickoffRef;
  /** Time of the next automatic poll; undefined for none. */
  due: number | undefined;
  /** Time of the last poll; 0 for none. */
  polledAt: number;
  /** The time from a response to the next request. Lateness is measured in multiples of this interval. */
  interval: number;
  /** Whether the user waits for this run, so that it is polled before others. */
  isUrgent?: boolean;
  /** Time of the first poll with a token; undefined before. */
  firstPollAt?: number | undefined;
  /** The Retry-After time of the last response. The run isn't polled earlier. */
  notBefore?: number | undefined;
  /** The time that the run was missing, without sleep and clock changes. */
  missingFor?: number | undefined;
  /** The number of polls in a row that failed with a problem of this run. */
  failures: number;
  /** The request in flight. */
  request?: Disposable | undefined;
}

/** Returns a run that this window hasn't polled yet. */
export function newScheduledRun(kickoff: KickoffRef & Pick<Kickoff, 'notBefore'>, now: number, delay = rarelyMs): ScheduledRun {
  const { deployment, id } = kickoff;
  const due = Math.max(now, notBefore(kickoff, now));
  return { ref: { deployment, id }, due, polledAt: 0, interval: delay, notBefore: due, failures: 0 };
}

/** Returns a run that another window polled until now. It keeps its remaining interval, or stays as late as it was. */
export function takenOver(kickoff: Kickoff, now: number, delay: number | undefined): ScheduledRun {
  const { checkedAt, trackedAt, trouble } = kickoff;
  const fresh = newScheduledRun(kickoff, now, delay);
  const polledAt = Math.min(now, checkedAt ?? 0);
  // The wait is limited, because the clock may have been ahead when the retry time was stored.
  if (trouble) return { ...fresh, due: trouble.retryAt && Math.min(trouble.retryAt, now + maxBackOffMs), failures: 1, polledAt };
  if (checkedAt === undefined) return newScheduledRun(kickoff, Math.min(now, trackedAt), delay);
  return { ...fresh, due: delay === undefined ? undefined : Math.max(notBefore(kickoff, now), polledAt + delay), polledAt };
}

/** Returns when the server permits a poll. Limited, because the clock may have been ahead when the time was stored. */
function notBefore({ notBefore = 0 }: Pick<Kickoff, 'notBefore'>, now: number): number {
  return Math.min(notBefore, now + maxRetryAfterMs);
}

/** Shortens the wait to a delay, unless the run has a problem or `Retry-After` is later. */
export function rescheduleSooner(scheduledRun: ScheduledRun, delay: number | undefined): void {
  if (delay === undefined || scheduledRun.due === undefined || scheduledRun.failures > 0) return;
  scheduledRun.interval = delay;
  // A run without a poll so far is due already.
  if (scheduledRun.polledAt > 0)
    scheduledRun.due = Math.min(scheduledRun.due, Math.max(scheduledRun.polledAt + delay, scheduledRun.notBefore ?? 0));
}

/** Schedules the next poll after a delay; undefined for no automatic poll. */
export function reschedule(scheduledRun: ScheduledRun, now: number, delay: number | undefined): void {
  scheduledRun.interval = delay ?? rarelyMs;
  scheduledRun.due = delay === undefined ? undefined : Math.max(now + delay, scheduledRun.notBefore ?? 0);
}

/** Moves all times after the system clock was set back, so that the waits stay as long. */
export function shiftTimes(scheduledRun: ScheduledRun, milliseconds: number): void {
  scheduledRun.polledAt -= milliseconds;
  if (scheduledRun.notBefore !== undefined) scheduledRun.notBefore -= milliseconds;
  if (scheduledRun.due !== undefined) scheduledRun.due -= milliseconds;
}
