import type { Kickoff } from './kickoff';
import { median, stageOf, type RunDurations } from './durations';

/** An estimate of a run's duration or remaining time, from its deployment's earlier runs. */
export type Eta =
  /** The durations of earlier runs, oldest first, if there are only three or four. */
  | { readonly kind: 'took'; readonly seconds: readonly number[] }
  /** `usual` is the range of the durations of about four of five runs. */
  | { readonly kind: 'usually' | 'onceStarted' | 'longerThanUsual'; readonly usual: SecondsRange }
  /** `leftRange` is the range of the remaining time in about four of five cases. */
  | { readonly kind: 'left'; readonly leftRange: SecondsRange }
  | { readonly kind: 'about'; readonly seconds: number }
  | { readonly kind: 'lessThanMinute' };

/** A range of times in seconds, from the 10% to the 90% quantile. */
export interface SecondsRange {
  readonly low: number;
  readonly high: number;
}

/** The probability that a run, or the rest of a run, takes longer than a number of seconds. */
type Survival = (seconds: number) => number;

/** The distribution of a run's duration, or of the time after its last finished task. `ageSeconds` is the part that has passed. */
interface DurationEstimate {
  readonly survival: Survival;
  readonly ageSeconds: number;
}

const minRunsForTimes = 3;
const minRunsForEstimate = 5;
/** The maximum standard deviation of the logarithms of durations. Up to this value, runs count as taking about the same time. */
const maxSteadySpread = 0.2;

/** Returns an estimate for a queued or running run. Undefined for any other or unknown status, and with fewer than three earlier runs. */
export function etaOf(kickoff: Kickoff, durations: RunDurations, now: number): Eta | undefined {
  const { phase, startedAt, trackedAt } = kickoff;
  const isForeseeable = phase.kind === 'queued' || (phase.kind === 'running' && phase.stateText === undefined);
  const earlierSeconds = durations.remainingSeconds(0);
  if (!isForeseeable || earlierSeconds.length < minRunsForTimes) return undefined;
  if (earlierSeconds.length < minRunsForEstimate) return { kind: 'took', seconds: earlierSeconds.toReversed() };

  const survival = survivalOf(earlierSeconds, 0.3);
  const usual = remainingRange({ survival, ageSeconds: 0 });
  if (phase.kind === 'queued') return { kind: 'onceStarted', usual };
  const wholeRun: DurationEstimate = { survival, ageSeconds: Math.max(0, now - (startedAt ?? trackedAt)) / 1_000 };
  const restOfRun = restEstimate(kickoff, durations, now);
  if (wholeRun.ageSeconds > usual.high || (restOfRun && restOfRun.ageSeconds > secondsAt(restOfRun.survival, 0.1)))
    return { kind: 'longerThanUsual', usual };

  const estimate = restOfRun ?? (startedAt === undefined ? undefined : wholeRun);
  const remaining = estimate && remainingEstimate(estimate, logSpread(earlierSeconds) <= maxSteadySpread);
  return remaining ?? (restOfRun ? { kind: 'left', leftRange: remainingRange(restOfRun) } : { kind: 'usually', usual });
}

/** Returns `lessThanMinute` if that is 90% certain, or else the remaining time in one number. Undefined if it is too uncertain. */
function remainingEstimate(estimate: DurationEstimate, isSteady: boolean): Eta | undefined {
  const { survival, ageSeconds } = estimate;
  if (survival(ageSeconds + 60) <= 0.1 * survival(ageSeconds)) return { kind: 'lessThanMinute' };
  if (!isSteady) return undefined;
  const { low, high } = remainingRange(estimate);
  const medianSeconds = remainingSeconds(estimate, 0.5);
  return high - low <= medianSeconds ? { kind: 'about', seconds: medianSeconds } : undefined;
}

/** Estimates the time after the last finished task, if five runs got so far. Scales it by the root of the pace: a pace rarely lasts. */
function restEstimate(kickoff: Kickoff, durations: RunDurations, now: number): DurationEstimate | undefined {
  const { taskCount, ageSeconds, secondsToStage } = stageOf(kickoff, now);
  const earlierSeconds = taskCount > 0 ? durations.remainingSeconds(taskCount) : [];
  if (earlierSeconds.length < minRunsForEstimate) return undefined;
  const usualSeconds = durations.usualSecondsUntil(taskCount);
  const pace =
    secondsToStage === undefined || usualSeconds <= 0 ? 1 : Math.sqrt(Math.min(4, Math.max(0.25, secondsToStage / usualSeconds)));
  const pacedSeconds = earlierSeconds.map((one) => one * pace);
  return { survival: survivalOf(pacedSeconds, 0.25), ageSeconds };
}

/** Returns a distribution from earlier durations: log-logistic kernels that weigh recent runs more, and a broad kernel for unusual runs. */
function survivalOf(earlierSeconds: readonly number[], baseWidth: number): Survival {
  const runKernels = earlierSeconds.map((seconds, index) => ({ center: Math.log(Math.max(1, seconds)), weight: 0.5 ** (index / 12) }));
  const totalWeight = runKernels.reduce((total, kernel) => total + kernel.weight, 0);
  const width = baseWidth * totalWeight ** -0.2;
  const broadKernel = { center: Math.log(Math.max(1, median(earlierSeconds))), weight: 0.5, width: 0.9 };
  const kernels = [...runKernels.map((kernel) => ({ ...kernel, width })), broadKernel];
  return (seconds) => {
    const logSeconds = Math.log(seconds);
    const tail = kernels.reduce((total, kernel) => total + kernel.weight / (1 + Math.exp((logSeconds - kernel.center) / kernel.width)), 0);
    return tail / (totalWeight + broadKernel.weight);
  };
}

function remainingRange(estimate: DurationEstimate): SecondsRange {
  return { low: remainingSeconds(estimate, 0.1), high: remainingSeconds(estimate, 0.9) };
}

function remainingSeconds({ survival, ageSeconds }: DurationEstimate, quantile: number): number {
  return Math.max(0, secondsAt(survival, (1 - quantile) * survival(ageSeconds)) - ageSeconds);
}

/** Returns the number of seconds that a duration exceeds with the given probability. Bisects the logarithm to a precision of 0.1%. */
function secondsAt(survival: Survival, probability: number): number {
  let [low, high] = [Math.log(0.01), Math.log(1e9)];
  while (high - low > 0.001) {
    const middle = (low + high) / 2;
    if (survival(Math.exp(middle)) > probability) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}

function logSpread(earlierSeconds: readonly number[]): number {
  const logs = earlierSeconds.map((seconds) => Math.log(Math.max(1, seconds)));
  const mean = logs.reduce((total, one) => total + one, 0) / logs.length;
  return Math.sqrt(logs.reduce((total, one) => total + (one - mean) ** 2, 0) / (logs.length - 1));
}
