import { isSettled, type Answer, type Phase } from '../core/kickoff';
import { mostSeconds, type Said } from './schema';

/** When an answer came, by this machine's clock and by the server's, in milliseconds since the epoch. */
export interface Moment {
  readonly receivedAt: number;
  readonly serverDate?: number;
}

const roundingMs = 5_000;

/**
 * When the run started by this machine's clock, and how many seconds it took, as far as the body says.
 *
 * Of start, end, and duration the server may send any two. The third follows. The start also needs to know when the response came.
 */
export function timesOf(said: Said, phase: Phase, at: Moment | undefined): Pick<Answer, 'startedAt' | 'executionSeconds'> {
  if (phase.kind === 'queued' || phase.kind === 'missing') return {};

  const stamp = startStamp(said);
  const stated = stamp === undefined ? undefined : corrected(stamp, at);
  const { duration_seconds: soFar } = said.progress ?? {};
  if (!isSettled(phase)) return filled(stated ?? before(at?.receivedAt, soFar ?? said.duration_seconds, at));

  const end = parsed(said.finished_at);
  const seconds = said.execution_time ?? said.duration_seconds ?? soFar ?? secondsBetween(stamp, end);
  return filled(stated ?? before(corrected(end, at), seconds, at), seconds);
}

function filled(startedAt: number | undefined, executionSeconds?: number): Pick<Answer, 'startedAt' | 'executionSeconds'> {
  return { ...(startedAt !== undefined && { startedAt }), ...(executionSeconds !== undefined && { executionSeconds }) };
}

/** The start by the server's clock. AMP writes UTC in `progress` without a zone; what a wrapper means without a zone isn't known. */
function startStamp({ progress, started_at: stamp }: Said): number | undefined {
  return parsed(progress?.started_at, 'Z') ?? parsed(stamp);
}

function secondsBetween(start: number | undefined, end: number | undefined): number | undefined {
  if (start === undefined || end === undefined) return undefined;
  const seconds = (end - start) / 1_000;
  return seconds >= 0 && seconds <= mostSeconds ? seconds : undefined;
}

function before(end: number | undefined, seconds: number | undefined, at: Moment | undefined): number | undefined {
  return end === undefined || seconds === undefined ? undefined : plausible(end - seconds * 1_000, at);
}

/** A moment by this machine's clock. The server's clock may be wrong, and the `Date` of the same response shows by how much. */
function corrected(stated: number | undefined, at: Moment | undefined): number | undefined {
  if (!at || stated === undefined || stated <= 0) return undefined;
  const skew = at.serverDate === undefined ? 0 : at.receivedAt - at.serverDate;
  return plausible(stated + skew, at);
}

/** Undefined for a moment that can't be in the past. */
function plausible(moment: number, at: Moment | undefined): number | undefined {
  return at && moment > 0 && moment <= at.receivedAt + roundingMs ? Math.min(moment, at.receivedAt) : undefined;
}

/** Milliseconds since the epoch; undefined for anything but an ISO timestamp, or one without a zone where there is no default zone. */
function parsed(stamp: string | undefined, defaultZone?: string): number | undefined {
  const [, date, time, zone = defaultZone] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(Z|[+-]\d\d:?\d\d)?$/i.exec(stamp?.trim() ?? '') ?? [];
  if (date === undefined || time === undefined || zone === undefined) return undefined;
  const moment = Date.parse(`${date}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(moment) ? undefined : moment;
}
