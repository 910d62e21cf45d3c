import { isSettled, type Phase } from '../core/kickoff';
import type { Said } from './schema';

/** When an answer came, by this machine's clock and by the server's, in milliseconds since the epoch. */
export interface Moment {
  readonly receivedAt: number;
  readonly serverDate?: number;
}

const roundingMs = 5_000;

/** When the run began, by this machine's clock; undefined when the body does not say or says nonsense. */
export function startOf(said: Said, phase: Phase, at: Moment | undefined): number | undefined {
  if (!at || phase.kind === 'queued' || phase.kind === 'missing') return undefined;

  const { started_at: stamp, duration_seconds: duration } = said.progress ?? {};
  const stated = stamp === undefined ? undefined : corrected(utc(stamp), at);
  if (stated !== undefined) return stated;
  return duration === undefined || isSettled(phase) ? undefined : plausible(at.receivedAt - duration * 1_000, at);
}

/** How long a run that ended took, by the server's own word. */
export function durationOf(said: Said, phase: Phase): number | undefined {
  return isSettled(phase) ? (said.execution_time ?? said.progress?.duration_seconds) : undefined;
}

/** The server's clock may be wrong; the `Date` of the same answer tells by how much. */
function corrected(stated: number, at: Moment): number | undefined {
  const skew = at.serverDate === undefined ? 0 : at.receivedAt - at.serverDate;
  return stated > 0 ? plausible(stated + skew, at) : undefined;
}

function plausible(start: number, { receivedAt }: Moment): number | undefined {
  return start > 0 && start <= receivedAt + roundingMs ? Math.min(start, receivedAt) : undefined;
}

/** Python writes UTC without saying so. */
function utc(stamp: string): number {
  const [, date, time, zone] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(Z|[+-]\d\d:?\d\d)?$/i.exec(stamp.trim()) ?? [];
  return date === undefined || time === undefined
    ? NaN
    : Date.parse(`${date}T${time}${zone?.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2') ?? 'Z'}`);
}
