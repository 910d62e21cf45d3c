import { isSettled, type Answer, type Phase } from '#core/kickoff/kickoff';
import { defined } from '#core/lib/defined';
import { maxDurationSeconds, type StatusFields } from './schema';

/** The time of a response by this machine's clock and by the server's, in milliseconds since the epoch. */
export interface ResponseTimes {
  readonly receivedAt: number;
  readonly serverDate?: number | undefined;
}

const maxRoundingMs = 5_000;

/** Returns a run's start by this machine's clock, and its duration if it finished. Any two of start, end, and duration are enough. */
export function timesOf(fields: StatusFields, phase: Phase, times?: ResponseTimes): Pick<Answer, 'startedAt' | 'executionSeconds'> {
  if (phase.kind === 'queued' || phase.kind === 'missing') return {};

  // A time without a zone is UTC in `progress`, and is ignored in other fields.
  const serverStartAt = parseTimestamp(fields.progress?.started_at, 'Z') ?? parseTimestamp(fields.started_at);
  const clientStartAt = toClientTime(serverStartAt, times);
  const { duration_seconds: secondsSoFar } = fields.progress ?? {};
  if (!isSettled(phase))
    return defined({ startedAt: clientStartAt ?? timeBefore(times?.receivedAt, secondsSoFar ?? fields.duration_seconds, times) });

  const serverEndAt = parseTimestamp(fields.finished_at);
  const seconds = fields.execution_time ?? fields.duration_seconds ?? secondsSoFar ?? secondsBetween(serverStartAt, serverEndAt);
  return defined({ startedAt: clientStartAt ?? timeBefore(toClientTime(serverEndAt, times), seconds, times), executionSeconds: seconds });
}

/** Returns a duration. Undefined if a time is unknown (NaN) or the duration isn't plausible. */
function secondsBetween(start = NaN, end = NaN): number | undefined {
  const seconds = (end - start) / 1_000;
  return seconds >= 0 && seconds <= maxDurationSeconds ? seconds : undefined;
}

/** Returns the time some seconds before `end`. Undefined if either is unknown, or if the time isn't plausible. */
function timeBefore(end = NaN, seconds = NaN, times: ResponseTimes | undefined): number | undefined {
  return plausibleTime(end - seconds * 1_000, times);
}

/** Converts a time to this machine's clock. The response's `Date` header shows how much the server's clock differs. */
function toClientTime(serverTime = NaN, times: ResponseTimes | undefined): number | undefined {
  if (!times || serverTime <= 0) return undefined;
  const skewMs = times.serverDate === undefined ? 0 : times.receivedAt - times.serverDate;
  return plausibleTime(serverTime + skewMs, times);
}

/** Returns a time that isn't after the response, else undefined. Up to five seconds later counts as the response's time (rounding). */
function plausibleTime(time: number, times: ResponseTimes | undefined): number | undefined {
  return times && time > 0 && time <= times.receivedAt + maxRoundingMs ? Math.min(time, times.receivedAt) : undefined;
}

/** Parses an ISO timestamp to milliseconds since the epoch. Without a time zone, uses `defaultZone` or returns undefined. */
function parseTimestamp(timestamp: string | undefined, defaultZone?: string): number | undefined {
  const [, dateTime, zone = defaultZone] =
    timestamp?.trim().match(/^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(Z|[+-]\d\d:?\d\d)?$/i) ?? [];
  if (dateTime === undefined || zone === undefined) return undefined;
  // V8 also parses an offset without a colon.
  const time = Date.parse(dateTime.replace(' ', 'T') + zone);
  return Number.isNaN(time) ? undefined : time;
}
