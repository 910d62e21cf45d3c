import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { median, shortestTaskSeconds, stageOf, type RunDurations } from '#core/kickoff/durations';
import type { Random } from '#core/lib/types';

const secondMs = 1_000;
const daySeconds = 24 * 3_600;

/** The waits in seconds for a missing run that AMP never reported, or only as queued. Then only a VS Code start polls it automatically. */
const neverFoundWaitsSeconds = [5, 15, 60, 300, 1_800, 7_200, 21_600, 57_600];

/** The factor for intervals in an unfocused window, and for runs that wait for a human, have an unknown status, or are no longer found. */
const slowFactor = 5;

/** The cost of one request, as seconds of delay in noticing the end of a run, with and without focus. */
const requestCostSeconds = { focused: 0.12, unfocused: 1 };

/** The shape of the log-logistic distribution of durations around the median, with a log-SD of 0.5. */
const steepness = 3.6;

const minRunsToPredict = 3;
const visibleReportIntervalSeconds = 5;

interface IntervalLimits {
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

interface IntervalContext {
  readonly durations?: RunDurations | undefined;
  readonly now: number;
  readonly settings: PollSettings;
  readonly random: Random;
}

/** Returns the milliseconds to the next poll, ±15% unless AMP never found the run. Undefined if the run isn't polled automatically. */
export function nextPollDelayMs(kickoff: Kickoff, context: IntervalContext): number | undefined {
  const { now, settings, random } = context;
  const { phase, trackedAt } = kickoff;
  if (phase.kind === 'missing') return missingDelayMs(kickoff, context);

  const isSlow = phase.kind === 'waiting' || (phase.kind === 'running' && phase.stateText !== undefined);
  const limits = intervalLimits(settings, isSlow);
  const maxSeconds = Math.max(limits.minSeconds, Math.min(limits.maxSeconds, maxIntervalSeconds(kickoff, now, settings)));
  const predictedSeconds = isSlow ? undefined : predictedDelaySeconds(kickoff, context, limits.maxSeconds);
  return jittered({ ...limits, maxSeconds }, predictedSeconds ?? (0.05 * (now - trackedAt)) / secondMs, random) * secondMs;
}

/** Predicts the wait from earlier runs' durations. Polls have the density √(hazard / 2c), with the cost c of a request. */
function predictedDelaySeconds(kickoff: Kickoff, { durations, now, settings }: IntervalContext, maxSeconds: number): number | undefined {
  const { taskCount, ageSeconds } = stageOf(kickoff, now);
  const remainingSeconds = durations?.remainingSeconds(taskCount) ?? [];
  if (remainingSeconds.length < minRunsToPredict) return undefined;

  const costSeconds = settings.isFocused ? requestCostSeconds.focused : requestCostSeconds.unfocused;
  const minUsualSeconds = median(remainingSeconds) / 4;
  const usualTimes = remainingSeconds.filter((seconds) => seconds >= minUsualSeconds);
  const usualSeconds = median(usualTimes);
  const earlyHazard =
    kickoff.phase.kind === 'running' ? (0.5 * (remainingSeconds.length - usualTimes.length + 0.2)) / (remainingSeconds.length + 2) : 0;
  const hazard = (at: number): number => (steepness / (1 + (usualSeconds / at) ** steepness) + (at < usualSeconds ? earlyHazard : 0)) / at;

  let delaySeconds = 0;
  // The steps grow with the delay, because a loop over each second of an hour would be slow.
  for (let expectedPollCount = 0, step = 1; expectedPollCount < 1 && delaySeconds < maxSeconds; delaySeconds += step) {
    step = Math.max(1, Math.floor(delaySeconds / 16));
    expectedPollCount += step * Math.sqrt(hazard(ageSeconds + delaySeconds + step / 2) / (2 * costSeconds));
  }
  return ageSeconds > 4 * usualSeconds ? Math.max(delaySeconds, 0.05 * ageSeconds) : delaySeconds;
}

/** Returns the maximum interval in seconds. A visible report and short tasks, whose outputs slow polls could miss, need frequent polls. */
function maxIntervalSeconds(kickoff: Kickoff, now: number, { isReportVisible }: PollSettings): number {
  const reportSeconds = isReportVisible?.(kickoff) ? visibleReportIntervalSeconds : Infinity;
  const shortestSeconds = kickoff.tasks.some(({ hasOutput }) => hasOutput) ? shortestTaskSeconds(kickoff) : undefined;
  const isShortTask = shortestSeconds !== undefined && stageOf(kickoff, now).ageSeconds < 2 * shortestSeconds;
  return Math.min(reportSeconds, isShortTask ? shortestSeconds / 2 : Infinity);
}

function intervalLimits(settings: PollSettings, isSlow: boolean): IntervalLimits {
  const factor = isSlow || !settings.isFocused ? slowFactor : 1;
  return { minSeconds: settings.minimumSeconds * factor, maxSeconds: Math.max(settings.minimumSeconds, settings.maximumSeconds) * factor };
}

/** Returns the delay for a run that AMP doesn't find. Counts the time only until the last poll, so that sleep doesn't count. */
function missingDelayMs(kickoff: Kickoff, { now, settings, random }: IntervalContext): number | undefined {
  const missingSeconds = Math.max(0, Math.min(now, kickoff.checkedAt ?? now) - kickoff.phaseSince) / secondMs;
  if (kickoff.hasRun)
    return missingSeconds < daySeconds ? jittered(intervalLimits(settings, true), 0.05 * missingSeconds, random) * secondMs : undefined;

  let passedSeconds = 0;
  for (const waitSeconds of neverFoundWaitsSeconds) {
    if (missingSeconds < passedSeconds + waitSeconds / 2) return waitSeconds * secondMs;
    passedSeconds += waitSeconds;
  }
  return undefined;
}

function jittered({ minSeconds, maxSeconds }: IntervalLimits, seconds: number, random: Random): number {
  return Math.min(maxSeconds, Math.max(minSeconds, seconds * (0.85 + 0.3 * random())));
}

export interface PollSettings {
  readonly minimumSeconds: number;
  readonly maximumSeconds: number;
  readonly isFocused: boolean;
  readonly isReportVisible?: (kickoff: KickoffRef) => boolean;
}
