import type { Answer, Kickoff } from './kickoff';
import type { RunDurations } from './durations';

/** The time without progress, in seconds, up to the last response. */
export interface Stall {
  readonly seconds: number;
  readonly usualSeconds?: number;
}

const leastSeconds = 1_800;
const timesUsual = 3;

export function progressSince(before: Kickoff, { phase, progress }: Answer, now: number): number {
  const isSame =
    // A run that AMP finds again goes on where it was.
    (before.phase.kind === phase.kind || before.phase.kind === 'missing') &&
    before.progress.completed === progress.completed &&
    before.progress.current === progress.current &&
    before.progressSince !== undefined;
  return isSame ? Math.min(before.progressSince, now) : now;
}

/** A stall takes 30 minutes, and three times the usual task time if known. */
export function stallOf(kickoff: Kickoff, durations: RunDurations): Stall | undefined {
  const { phase, progress, progressSince: since, checkedAt = 0 } = kickoff;
  if (phase.kind !== 'running' || since === undefined || (progress.completed ?? progress.current) === undefined) return undefined;
  const seconds = (checkedAt - since) / 1_000;
  const usualSeconds = progress.completed === undefined ? undefined : durations.usualTask(progress.completed);
  if (seconds < Math.max(leastSeconds, timesUsual * (usualSeconds ?? 0))) return undefined;
  return { seconds, ...(usualSeconds !== undefined && { usualSeconds }) };
}
