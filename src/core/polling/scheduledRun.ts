import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { Disposable } from '#core/lib/types';
import { maxBackOffMs, maxRetryAfterMs } from './hostHealth';

/** Interval of a run that isn't polled automatically. */
const rarelyMs = 60_000;

/** A run that is being polled. Times are milliseconds since the epoch. */
export interface ScheduledRun {
  readonly ref: KickoffRef;
  /** When it is asked next; undefined: not by itself any more. */
  due: number | undefined;
  /** When it was last asked; 0 when never. */
  askedAt: number;
  /** How long it waits from one answer to the next request; what its lateness is measured by. */
  interval: number;
  /** Somebody waits for it: it goes first. */
  isUrgent?: boolean;
  /** Since when it is asked with a token; undefined while it was not. */
  askedSince?: number | undefined;
  /** The server asked to leave this run in peace until then. */
  notBefore?: number | undefined;
  /** How long it was missing, as far as it was waited for. */
  missingFor?: number | undefined;
  /** How many times in a row it brought trouble of its own. */
  failures: number;
  /** The request under way. */
  request?: Disposable | undefined;
}

/** A run that this window has not asked, and whose pace is that. */
export function newScheduledRun(kickoff: KickoffRef & Pick<Kickoff, 'notBefore'>, now: number, delay = rarelyMs): ScheduledRun {
  const { deployment, id } = kickoff;
  const due = Math.max(now, notBefore(kickoff, now));
  return { ref: { deployment, id }, due, askedAt: 0, interval: delay, notBefore: due, failures: 0 };
}

/** A run that another window has asked until now: it waits for the rest of its time, and one that is late already is as late as it was. */
export function takenOver(kickoff: Kickoff, now: number, delay: number | undefined): ScheduledRun {
  const { checkedAt, trackedAt, trouble } = kickoff;
  const fresh = newScheduledRun(kickoff, now, delay);
  const askedAt = Math.min(now, checkedAt ?? 0);
  // A clock that was ahead since may have said more than anybody waits.
  if (trouble) return { ...fresh, due: trouble.retryAt && Math.min(trouble.retryAt, now + maxBackOffMs), failures: 1, askedAt };
  if (checkedAt === undefined) return newScheduledRun(kickoff, Math.min(now, trackedAt), delay);
  return { ...fresh, due: delay === undefined ? undefined : Math.max(notBefore(kickoff, now), askedAt + delay), askedAt };
}

/** Returns when the server permits a poll. Limited, because the clock may have been ahead when the time was stored. */
function notBefore({ notBefore = 0 }: Pick<Kickoff, 'notBefore'>, now: number): number {
  return Math.min(notBefore, now + maxRetryAfterMs);
}

/** Somebody looks again: it waits no longer than by that delay, unless it is in trouble or the server asked for time. */
export function rescheduleSooner(scheduledRun: ScheduledRun, delay: number | undefined): void {
  if (delay === undefined || scheduledRun.due === undefined || scheduledRun.failures > 0) return;
  scheduledRun.interval = delay;
  // One that was never asked is due already, and no later than others for that.
  if (scheduledRun.askedAt > 0)
    scheduledRun.due = Math.min(scheduledRun.due, Math.max(scheduledRun.askedAt + delay, scheduledRun.notBefore ?? 0));
}

/** It is asked again after that delay; never by itself when there is none. */
export function reschedule(scheduledRun: ScheduledRun, now: number, delay: number | undefined): void {
  scheduledRun.interval = delay ?? rarelyMs;
  scheduledRun.due = delay === undefined ? undefined : Math.max(now + delay, scheduledRun.notBefore ?? 0);
}

/** What was planned by a time of day that was set back stays as far away as it was. */
export function shiftTimes(scheduledRun: ScheduledRun, milliseconds: number): void {
  scheduledRun.askedAt -= milliseconds;
  if (scheduledRun.notBefore !== undefined) scheduledRun.notBefore -= milliseconds;
  if (scheduledRun.due !== undefined) scheduledRun.due -= milliseconds;
}
