import type { Kickoff } from './kickoff';
import { median, stageOf, type RunDurations } from './durations';

/** An estimate of a run's duration or remaining time, from its deployment's earlier runs. */
export type Eta =
  /** The durations of earlier runs, oldest first, if there are only three or four. */
  | { readonly kind: 'took'; readonly seconds: readonly number[] }
  /** `usual` is the range of the durations of about four of five runs. */
  | { readonly kind: 'usually' | 'onceStarted' | 'longerThanUsual'; readonly usual: SecondsRange }
  /** `left` is the range of the remaining time in about four of five cases. */
  | { readonly kind: 'left'; readonly left: SecondsRange }
  | { readonly kind: 'about'; readonly seconds: number }
  | { readonly kind: 'lessThanMinute' };

/** A range of times in seconds, from the 10% to the 90% quantile. */
export interface SecondsRange {
  readonly low: number;
  readonly high: number;
}

/** The probability that a run, or the rest of a run, takes longer than a number of seconds. */
type Survival = (seconds: number) => number;

/** The distribution of a duration: of a whole run, or of its rest after the last finished task. `age` is the part until now, in seconds. */
interface RunningFor {
  readonly survival: Survival;
  readonly age: number;
}

interface UsualTime {
  readonly survival: Survival;
  readonly span: SecondsRange;
  /** Whether the runs take about the same time. */
  readonly isSteady: boolean;
}

const leastToTell = 3;
const leastToForesee = 5;
const steadySpread = 0.2;

const usualTimes = new WeakMap<RunDurations, UsualTime>();

/** Returns an estimate for a queued or running run. Undefined for any other or unknown status, and with fewer than three earlier runs. */
export function etaOf(kickoff: Kickoff, durations: RunDurations, now: number): Eta | undefined {
  const { phase, startedAt, trackedAt } = kickoff;
  const isForeseeable = phase.kind === 'queued' || (phase.kind === 'running' && phase.stateText === undefined);
  const took = durations.remaining(0);
  if (!isForeseeable || took.length < leastToTell) return undefined;
  if (took.length < leastToForesee) return { kind: 'took', seconds: took.toReversed() };

  const { survival, span, isSteady } = usualOf(durations);
  if (phase.kind === 'queued') return { kind: 'onceStarted', usual: span };
  const whole: RunningFor = { survival, age: Math.max(0, now - (startedAt ?? trackedAt)) / 1_000 };
  const rest = restOf(kickoff, durations, now);
  if (whole.age > span.high || (rest && rest.age > timeAt(rest.survival, 0.1))) return { kind: 'longerThanUsual', usual: span };

  const lasting = rest ?? (startedAt === undefined ? undefined : whole);
  const soon = lasting && countdown(lasting, isSteady);
  return soon ?? (rest ? { kind: 'left', left: spanLeft(rest) } : { kind: 'usually', usual: span });
}

/** Returns an estimate of the remaining time in one number; undefined if the durations of earlier runs differ too much. */
function countdown(lasting: RunningFor, isSteady: boolean): Eta | undefined {
  const { survival, age } = lasting;
  if (survival(age + 60) <= 0.1 * survival(age)) return { kind: 'lessThanMinute' };
  if (!isSteady) return undefined;
  const { low, high } = spanLeft(lasting);
  const middle = left(lasting, 0.5);
  return high - low <= middle ? { kind: 'about', seconds: middle } : undefined;
}

function usualOf(durations: RunDurations): UsualTime {
  const known = usualTimes.get(durations);
  if (known) return known;
  const took = durations.remaining(0);
  const survival = survivalOf(took, 0.3);
  const usual = { survival, span: spanLeft({ survival, age: 0 }), isSteady: logSpread(took) <= steadySpread };
  usualTimes.set(durations, usual);
  return usual;
}

/** Returns the time after the last finished task, scaled by the root of this run's pace; undefined without five runs with so many tasks. */
function restOf(kickoff: Kickoff, durations: RunDurations, now: number): RunningFor | undefined {
  const { done, seconds, enteredAfter } = stageOf(kickoff, now);
  const took = done > 0 ? durations.remaining(done) : [];
  if (took.length < leastToForesee) return undefined;
  const usually = durations.usuallyEnteredAfter(done);
  const pace = enteredAfter === undefined || usually <= 0 ? 1 : Math.sqrt(Math.min(4, Math.max(0.25, enteredAfter / usually)));
  const survival = survivalOf(
    took.map((one) => one * pace),
    0.25,
  );
  return { survival, age: seconds };
}

/** Returns a distribution from earlier durations: log-logistic kernels that weigh recent runs more, and a broad kernel for unusual runs. */
function survivalOf(took: readonly number[], spread: number): Survival {
  const seen = took.map((seconds, index) => ({ center: Math.log(Math.max(1, seconds)), weight: 0.5 ** (index / 12) }));
  const weight = seen.reduce((total, kernel) => total + kernel.weight, 0);
  const width = spread * weight ** -0.2;
  const broad = { center: Math.log(Math.max(1, median(took))), weight: 0.5, width: 0.9 };
  const kernels = [...seen.map((kernel) => ({ ...kernel, width })), broad];
  return (seconds) => {
    const at = Math.log(seconds);
    const longer = kernels.reduce((total, kernel) => total + kernel.weight / (1 + Math.exp((at - kernel.center) / kernel.width)), 0);
    return longer / (weight + broad.weight);
  };
}

function spanLeft(lasting: RunningFor): SecondsRange {
  return { low: left(lasting, 0.1), high: left(lasting, 0.9) };
}

function left({ survival, age }: RunningFor, quantile: number): number {
  return Math.max(0, timeAt(survival, (1 - quantile) * survival(age)) - age);
}

/** Returns the seconds that a duration exceeds with a probability. Bisects the logarithm to a precision of 0.1%. */
function timeAt(survival: Survival, share: number): number {
  let [low, high] = [Math.log(0.01), Math.log(1e9)];
  while (high - low > 0.001) {
    const middle = (low + high) / 2;
    if (survival(Math.exp(middle)) > share) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}

function logSpread(took: readonly number[]): number {
  const logs = took.map((seconds) => Math.log(Math.max(1, seconds)));
  const middle = logs.reduce((total, one) => total + one, 0) / logs.length;
  return Math.sqrt(logs.reduce((total, one) => total + (one - middle) ** 2, 0) / (logs.length - 1));
}
