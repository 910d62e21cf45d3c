import type { Answer, Kickoff } from './kickoff';
import type { RunHistory } from './runHistory';

/** How long a run has come no further, as it was last heard, in seconds. */
export interface Stall {
  readonly seconds: number;
  /** What the task under way took in earlier runs, as a rule. */
  readonly usualSeconds?: number;
}

const leastSeconds = 1_800;
const timesUsual = 3;

/** Since when a run has been at what the answer says that it is at. */
export function progressSince(before: Kickoff, { phase, progress }: Answer, now: number): number {
  const isSame =
    before.phase.kind === phase.kind &&
    before.progress.completed === progress.completed &&
    before.progress.current === progress.current &&
    before.progressSince !== undefined;
  return isSame ? Math.min(before.progressSince, now) : now;
}

/** A run that perhaps hangs: by the time of its last answer, since nobody knows what came after. Only where its progress is told. */
export function stallOf(kickoff: Kickoff, history: RunHistory): Stall | undefined {
  const { phase, progress, progressSince: since, checkedAt = 0 } = kickoff;
  if (phase.kind !== 'running' || since === undefined || (progress.completed ?? progress.current) === undefined) return undefined;
  const seconds = (checkedAt - since) / 1_000;
  const usualSeconds = progress.completed === undefined ? undefined : history.usualTask(progress.completed);
  if (seconds < Math.max(leastSeconds, timesUsual * (usualSeconds ?? 0))) return undefined;
  return { seconds, ...(usualSeconds !== undefined && { usualSeconds }) };
}
