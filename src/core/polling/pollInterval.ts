import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { median, shortestTask, stageOf, type RunDurations } from '#core/kickoff/durations';
import type { Random } from '#core/lib/types';

const second = 1_000;
const day = 24 * 3_600;

/** The waits in seconds for a run that AMP never found. After the last wait, only Refresh and a start of VS Code poll the run. */
const missingLadder = [5, 15, 60, 300, 1_800, 7_200, 21_600, 57_600];

/** The factor for an unfocused window, and for runs that wait, have an unknown status, or are no longer found. */
const slower = 5;

/** The cost of one request, as seconds of delay in noticing the end of a run, with and without focus. */
const worth = { focused: 0.12, unfocused: 1 };

/** The shape of the log-logistic distribution of durations around the median, with a log-SD of 0.5. */
const steepness = 3.6;

const leastKnown = 3;
const openReportSeconds = 5;

interface IntervalLimits {
  readonly minimum: number;
  readonly maximum: number;
}

interface IntervalContext {
  readonly durations?: RunDurations | undefined;
  readonly now: number;
  readonly settings: PollSettings;
  readonly random: Random;
}

/** Returns the milliseconds to the next poll, ±15% unless AMP never found the run. Undefined if the run isn't polled automatically. */
export function nextDelay(kickoff: Kickoff, context: IntervalContext): number | undefined {
  const { now, settings, random } = context;
  const { phase, trackedAt } = kickoff;
  if (phase.kind === 'missing') return missingDelay(kickoff, context);

  const isSlow = phase.kind === 'waiting' || (phase.kind === 'running' && phase.stateText !== undefined);
  const limited = limits(settings, isSlow);
  const maximum = Math.max(limited.minimum, Math.min(limited.maximum, mostSeconds(kickoff, now, settings)));
  const foreseen = isSlow ? undefined : foreseenDelay(kickoff, context, limited.maximum);
  return within({ ...limited, maximum }, foreseen ?? (0.05 * (now - trackedAt)) / second, random) * second;
}

/** Returns the seconds to wait by earlier durations. Polls have the density √(hazard / 2c), with the cost c of a request. */
function foreseenDelay(kickoff: Kickoff, { durations, now, settings }: IntervalContext, maximum: number): number | undefined {
  const { done, seconds: age } = stageOf(kickoff, now);
  const last = durations?.remaining(done) ?? [];
  if (last.length < leastKnown) return undefined;

  const cost = settings.isFocused ? worth.focused : worth.unfocused;
  const shortest = median(last) / 4;
  const long = last.filter((seconds) => seconds >= shortest);
  const usual = median(long);
  const early = kickoff.phase.kind === 'running' ? (0.5 * (last.length - long.length + 0.2)) / (last.length + 2) : 0;
  const hazard = (at: number): number => (steepness / (1 + (usual / at) ** steepness) + (at < usual ? early : 0)) / at;

  let delay = 0;
  // The steps grow with the delay, because a loop over each second of an hour would be slow.
  for (let sum = 0, step = 1; sum < 1 && delay < maximum; delay += step) {
    step = Math.max(1, Math.floor(delay / 16));
    sum += step * Math.sqrt(hazard(age + delay + step / 2) / (2 * cost));
  }
  return age > 4 * usual ? Math.max(delay, 0.05 * age) : delay;
}

/** Returns the maximum interval in seconds. A visible report needs frequent polls, and so do short tasks, whose outputs would be missed. */
function mostSeconds(kickoff: Kickoff, now: number, { isReportOpen }: PollSettings): number {
  const forReport = isReportOpen?.(kickoff) ? openReportSeconds : Infinity;
  const shortest = kickoff.tasks.some(({ hasOutput }) => hasOutput) ? shortestTask(kickoff) : undefined;
  const isQuick = shortest !== undefined && stageOf(kickoff, now).seconds < 2 * shortest;
  return Math.min(forReport, isQuick ? shortest / 2 : Infinity);
}

function limits(settings: PollSettings, isSlow: boolean): IntervalLimits {
  const factor = isSlow || !settings.isFocused ? slower : 1;
  return { minimum: settings.minimumSeconds * factor, maximum: Math.max(settings.minimumSeconds, settings.maximumSeconds) * factor };
}

/** Returns the delay for a run that AMP doesn't find. Counts the time only until the last poll, because sleep doesn't count. */
function missingDelay(kickoff: Kickoff, { now, settings, random }: IntervalContext): number | undefined {
  const missingFor = Math.max(0, Math.min(now, kickoff.checkedAt ?? now) - kickoff.phaseSince) / second;
  if (kickoff.hasRun) {
    return missingFor < day ? within(limits(settings, true), 0.05 * missingFor, random) * second : undefined;
  }

  let passed = 0;
  for (const wait of missingLadder) {
    if (missingFor < passed + wait / 2) return wait * second;
    passed += wait;
  }
  return undefined;
}

function within({ minimum, maximum }: IntervalLimits, seconds: number, random: Random): number {
  return Math.min(maximum, Math.max(minimum, seconds * (0.85 + 0.3 * random())));
}

export interface PollSettings {
  readonly minimumSeconds: number;
  readonly maximumSeconds: number;
  readonly isFocused: boolean;
  readonly isReportOpen?: (kickoff: KickoffRef) => boolean;
}
