import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { median, shortestTaskSeconds, stageOf, type RunDurations } from '#core/kickoff/durations';
import type { Random } from '#core/lib/types';

const secondMs = 1_000;
const daySeconds = 24 * 3_600;

/** The waits in seconds for a run that AMP never found. After the last wait, only Refresh and a start of VS Code poll the run. */
const notFoundIntervalsSeconds = [5, 15, 60, 300, 1_800, 7_200, 21_600, 57_600];

/** The factor for an unfocused window, and for runs that wait, have an unknown status, or are no longer found. */
const slowFactor = 5;

/** The cost of one request, as seconds of delay in noticing the end of a run, with and without focus. */
const requestCost = { focused: 0.12, unfocused: 1 };

/** The shape of the log-logistic distribution of durations around the median, with a log-SD of 0.5. */
const steepness = 3.6;

const minRuns = 3;
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
export function nextPollDelay(kickoff: Kickoff, context: IntervalContext): number | undefined {
  const { now, settings, random } = context;
  const { phase, trackedAt } = kickoff;
  if (phase.kind === 'missing') return missingDelay(kickoff, context);

  const isSlow = phase.kind === 'waiting' || (phase.kind === 'running' && phase.stateText !== undefined);
  const allowed = limits(settings, isSlow);
  const maximum = Math.max(allowed.minimum, Math.min(allowed.maximum, maxIntervalSeconds(kickoff, now, settings)));
  const predictedSeconds = isSlow ? undefined : predictedDelay(kickoff, context, allowed.maximum);
  return randomWithin({ ...allowed, maximum }, predictedSeconds ?? (0.05 * (now - trackedAt)) / secondMs, random) * secondMs;
}

/** Returns the seconds to wait by earlier durations. Polls have the density √(hazard / 2c), with the cost c of a request. */
function predictedDelay(kickoff: Kickoff, { durations, now, settings }: IntervalContext, maximum: number): number | undefined {
  const { taskCount, seconds: age } = stageOf(kickoff, now);
  const remainingSeconds = durations?.remainingSeconds(taskCount) ?? [];
  if (remainingSeconds.length < minRuns) return undefined;

  const cost = settings.isFocused ? requestCost.focused : requestCost.unfocused;
  const minUsualSeconds = median(remainingSeconds) / 4;
  const usual = remainingSeconds.filter((seconds) => seconds >= minUsualSeconds);
  const usualSeconds = median(usual);
  const earlyHazard =
    kickoff.phase.kind === 'running' ? (0.5 * (remainingSeconds.length - usual.length + 0.2)) / (remainingSeconds.length + 2) : 0;
  const hazard = (at: number): number => (steepness / (1 + (usualSeconds / at) ** steepness) + (at < usualSeconds ? earlyHazard : 0)) / at;

  let delay = 0;
  // The steps grow with the delay, because a loop over each second of an hour would be slow.
  for (let sum = 0, step = 1; sum < 1 && delay < maximum; delay += step) {
    step = Math.max(1, Math.floor(delay / 16));
    sum += step * Math.sqrt(hazard(age + delay + step / 2) / (2 * cost));
  }
  return age > 4 * usualSeconds ? Math.max(delay, 0.05 * age) : delay;
}

/** Returns the maximum interval in seconds. A visible report needs frequent polls, and so do short tasks, whose outputs would be missed. */
function maxIntervalSeconds(kickoff: Kickoff, now: number, { isReportOpen }: PollSettings): number {
  const forReport = isReportOpen?.(kickoff) ? openReportSeconds : Infinity;
  const shortest = kickoff.tasks.some(({ hasOutput }) => hasOutput) ? shortestTaskSeconds(kickoff) : undefined;
  const isQuick = shortest !== undefined && stageOf(kickoff, now).seconds < 2 * shortest;
  return Math.min(forReport, isQuick ? shortest / 2 : Infinity);
}

function limits(settings: PollSettings, isSlow: boolean): IntervalLimits {
  const factor = isSlow || !settings.isFocused ? slowFactor : 1;
  return { minimum: settings.minimumSeconds * factor, maximum: Math.max(settings.minimumSeconds, settings.maximumSeconds) * factor };
}

/** Returns the delay for a run that AMP doesn't find. Counts the time only until the last poll, because sleep doesn't count. */
function missingDelay(kickoff: Kickoff, { now, settings, random }: IntervalContext): number | undefined {
  const missingSeconds = Math.max(0, Math.min(now, kickoff.checkedAt ?? now) - kickoff.phaseSince) / secondMs;
  if (kickoff.hasRun) {
    return missingSeconds < daySeconds ? randomWithin(limits(settings, true), 0.05 * missingSeconds, random) * secondMs : undefined;
  }

  let passedSeconds = 0;
  for (const wait of notFoundIntervalsSeconds) {
    if (missingSeconds < passedSeconds + wait / 2) return wait * secondMs;
    passedSeconds += wait;
  }
  return undefined;
}

function randomWithin({ minimum, maximum }: IntervalLimits, seconds: number, random: Random): number {
  return Math.min(maximum, Math.max(minimum, seconds * (0.85 + 0.3 * random())));
}

export interface PollSettings {
  readonly minimumSeconds: number;
  readonly maximumSeconds: number;
  readonly isFocused: boolean;
  readonly isReportOpen?: (kickoff: KickoffRef) => boolean;
}
