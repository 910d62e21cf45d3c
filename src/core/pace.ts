import type { Kickoff } from './kickoff';
import type { Pace, Random } from './ports';

const second = 1_000;
const day = 24 * 3_600;

/** Waits, in seconds, before a run that was never heard to run is asked again; then only on Refresh or at start-up. */
const missingLadder = [5, 15, 60, 300, 1_800, 7_200, 21_600, 57_600];

/** How much slower an unfocused window asks, and how much slower a run is asked whose end nobody can foresee. */
const slower = 5;

/**
 * Milliseconds until an open run is asked again, or undefined when it is not asked by itself any more.
 * While nothing is known of a deployment's earlier runs: 5 % of the time since tracking, ± 15 %, within the limits.
 */
export function nextDelay(kickoff: Kickoff, now: number, pace: Pace, random: Random): number | undefined {
  if (kickoff.phase.kind === 'missing') return missingDelay(kickoff, now, pace, random);

  const isSlow = kickoff.phase.kind === 'waiting' || (kickoff.phase.kind === 'running' && kickoff.phase.stateText !== undefined);
  return within(limits(pace, isSlow), (0.05 * (now - kickoff.trackedAt)) / second, random) * second;
}

/** The limits that hold, in seconds: five times as slow in a window without focus, or for a run that waits. */
function limits(pace: Pace, isSlow: boolean): { readonly minimum: number; readonly maximum: number } {
  const factor = isSlow || !pace.isFocused ? slower : 1;
  return { minimum: pace.minimumSeconds * factor, maximum: Math.max(pace.minimumSeconds, pace.maximumSeconds) * factor };
}

function missingDelay(kickoff: Kickoff, now: number, pace: Pace, random: Random): number | undefined {
  const missingFor = Math.max(0, now - kickoff.phaseSince) / second;
  if (kickoff.hasRun === true) {
    return missingFor < day ? within(limits(pace, true), 0.05 * missingFor, random) * second : undefined;
  }

  let passed = 0;
  for (const wait of missingLadder) {
    if (missingFor < passed + wait / 2) return wait * second;
    passed += wait;
  }
  return undefined;
}

function within({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }, seconds: number, random: Random): number {
  return Math.min(maximum, Math.max(minimum, seconds * (0.85 + 0.3 * random())));
}
