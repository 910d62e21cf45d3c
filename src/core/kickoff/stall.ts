import type { Answer, Kickoff } from './kickoff';
import type { RunDurations } from './durations';

/** The time without progress up to the last response. `usualSeconds` is the usual duration of the current task, if known. */
export interface Stall {
  readonly seconds: number;
  readonly usualSeconds?: number;
}

const minStallSeconds = 1_800;
const usualSecondsFactor = 3;

export function progressSince(before: Kickoff, { phase, progress }: Answer, now: number): number {
  const isSameProgress =
    // A run that AMP finds again continues where it was.
    (before.phase.kind === phase.kind || before.phase.kind === 'missing') &&
    before.progress.completed === progress.completed &&
    before.progress.current === progress.current &&
    before.progressSince !== undefined;
  return isSameProgress ? Math.min(before.progressSince, now) : now;
}

/** Returns a running run's stall if it lasts at least 30 minutes and at least three times the current task's usual duration, if known. */
export function stallOf(kickoff: Kickoff, durations: RunDurations): Stall | undefined {
  const { phase, progress, progressSince: since, checkedAt = 0 } = kickoff;
  if (phase.kind !== 'running' || since === undefined || (progress.completed ?? progress.current) === undefined) return undefined;
  const seconds = (checkedAt - since) / 1_000;
  const usualSeconds = progress.completed === undefined ? undefined : durations.usualTaskSeconds(progress.completed);
  if (seconds < Math.max(minStallSeconds, usualSecondsFactor * (usualSeconds ?? 0))) return undefined;
  return { seconds, ...(usualSeconds !== undefined && { usualSeconds }) };
}
