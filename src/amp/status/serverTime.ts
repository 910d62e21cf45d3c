import { isSettled, type Answer, type Phase } from '#core/kickoff/kickoff';
import { defined } from '#core/lib/defined';
import { mostSeconds, type StatusFields } from './schema';

/** The time of a response by this machine's clock and by the server's, in milliseconds since the epoch. */
export interface ReceivedAt {
  readonly receivedAt: number;
  readonly serverDate?: number | undefined;
}

const roundingMs = 5_000;

/**
 * Returns the start of a run by this machine's clock, and the duration of a finished run in seconds. The third of start, end, and duration
 * follows from any two. The start of an active run follows from its duration so far and the time of the response.
 */
export function timesOf(fields: StatusFields, phase: Phase, at: ReceivedAt | undefined): Pick<Answer, 'startedAt' | 'executionSeconds'> {
  if (phase.kind === 'queued' || phase.kind === 'missing') return {};

  const stamp = startStamp(fields);
  const stated = corrected(stamp, at);
  const { duration_seconds: soFar } = fields.progress ?? {};
  if (!isSettled(phase)) return defined({ startedAt: stated ?? before(at?.receivedAt, soFar ?? fields.duration_seconds, at) });

  const end = parsed(fields.finished_at);
  const seconds = fields.execution_time ?? fields.duration_seconds ?? soFar ?? secondsBetween(stamp, end);
  return defined({ startedAt: stated ?? before(corrected(end, at), seconds, at), executionSeconds: seconds });
}

/** Returns the start by the server's clock. A time without a zone is UTC in `progress`, and is ignored in other fields. */
function startStamp({ progress, started_at: stamp }: StatusFields): number | undefined {
  return parsed(progress?.started_at, 'Z') ?? parsed(stamp);
}

/** Returns a duration. Undefined if a time is unknown (NaN) or the duration isn't plausible. */
function secondsBetween(start = NaN, end = NaN): number | undefined {
  const seconds = (end - start) / 1_000;
  return seconds >= 0 && seconds <= mostSeconds ? seconds : undefined;
}

/** Returns the time some seconds before `end`. Undefined if either is unknown, or if the time isn't plausible. */
function before(end = NaN, seconds = NaN, at: ReceivedAt | undefined): number | undefined {
  return plausible(end - seconds * 1_000, at);
}

/** Converts a time to this machine's clock. The response's `Date` header shows how much the server's clock differs. */
function corrected(stated = NaN, received: ReceivedAt | undefined): number | undefined {
  if (!received || stated <= 0) return undefined;
  const skew = received.serverDate === undefined ? 0 : received.receivedAt - received.serverDate;
  return plausible(stated + skew, received);
}

/** Returns a time before the response, else undefined. Up to five seconds after it count as the same time, because servers round times. */
function plausible(moment: number, at: ReceivedAt | undefined): number | undefined {
  return at && moment > 0 && moment <= at.receivedAt + roundingMs ? Math.min(moment, at.receivedAt) : undefined;
}

/** Parses an ISO timestamp to milliseconds since the epoch. Without a time zone, uses `defaultZone` or returns undefined. */
function parsed(stamp: string | undefined, defaultZone?: string): number | undefined {
  const [, dateTime, zone = defaultZone] =
    stamp?.trim().match(/^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(Z|[+-]\d\d:?\d\d)?$/i) ?? [];
  if (dateTime === undefined || zone === undefined) return undefined;
  // V8 also parses an offset without a colon.
  const moment = Date.parse(dateTime.replace(' ', 'T') + zone);
  return Number.isNaN(moment) ? undefined : moment;
}
