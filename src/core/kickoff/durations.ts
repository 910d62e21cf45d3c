import { defined } from '#core/lib/defined';
import { endTime, type Kickoff } from './kickoff';

const secondMs = 1_000;
const maxRuns = 10;
const minRunsForMedian = 3;

interface FinishedRun {
  readonly seconds: number;
  /** For each task with a known end, the number of tasks finished by then and the seconds since the start. Begins with 0 tasks, 0 s. */
  readonly taskEnds: readonly { readonly taskCount: number; readonly seconds: number }[];
}

/** The number of finished tasks and the seconds since the last one ended, or if its end is unknown, 0 and the seconds since the start. */
interface Stage {
  readonly taskCount: number;
  readonly ageSeconds: number;
  /** The seconds from the start to the end of the last finished task; undefined if the start or that end is unknown. */
  readonly secondsToStage?: number;
}

/** The durations of the last ten runs of a deployment that succeeded or failed and whose duration is known, latest end first. */
export class RunDurations {
  constructor(readonly runs: readonly FinishedRun[]) {}

  /** Returns each run's seconds from `taskCount` finished tasks to its end. Skips runs that aren't known to have finished so many tasks. */
  remainingSeconds(taskCount: number): readonly number[] {
    return this.runs.map((run) => run.seconds - (secondsUntil(run, taskCount) ?? NaN)).filter(Number.isFinite);
  }

  /** Returns the median seconds from the start to a number of finished tasks; `NaN` if no run finished so many. */
  usualSecondsUntil(taskCount: number): number {
    return median(this.runs.map((run) => secondsUntil(run, taskCount)).filter((one) => one !== undefined));
  }

  /** Returns the median seconds of the task after a number of finished tasks. Undefined if fewer than three runs finished so many. */
  usualTaskSeconds(taskCount: number): number | undefined {
    const taskSeconds = this.runs.map((run) => (secondsUntil(run, taskCount + 1) ?? run.seconds) - (secondsUntil(run, taskCount) ?? NaN));
    const knownSeconds = taskSeconds.filter(Number.isFinite);
    return knownSeconds.length < minRunsForMedian ? undefined : median(knownSeconds);
  }
}

/** Returns the durations of the runs that finished last. Skips unknown durations, and stopped runs, which don't predict other runs. */
export function durationsOf(kickoffs: readonly Kickoff[]): RunDurations {
  const endOf = (kickoff: Kickoff): number => endTime(kickoff) ?? kickoff.trackedAt;
  const finished = kickoffs.filter(({ phase: { kind } }) => kind === 'succeeded' || kind === 'failed').sort((a, b) => endOf(b) - endOf(a));
  const runs: FinishedRun[] = [];
  for (const kickoff of finished) {
    const run = finishedRun(kickoff);
    if (run) runs.push(run);
    if (runs.length === maxRuns) break;
  }
  return new RunDurations(runs);
}

/** Returns a run's stage. If no poll saw the last finished task end, counts from the start, or from tracking if the start is unknown. */
export function stageOf(kickoff: Kickoff, now: number): Stage {
  const { phase, progress, tasks, startedAt, trackedAt } = kickoff;
  if (phase.kind === 'queued') return { taskCount: 0, ageSeconds: 0 };
  const secondsSince = (then: number): number => Math.max(0, now - then) / secondMs;
  const taskCount = progress.completed ?? tasks.at(-1)?.position ?? 0;
  const lastTaskEndAt = taskCount > 0 ? tasks.find(({ position }) => position === taskCount)?.seenAt : undefined;
  if (lastTaskEndAt === undefined) return { taskCount: 0, ageSeconds: secondsSince(startedAt ?? trackedAt) };
  const secondsToStage = startedAt === undefined ? undefined : Math.max(0, lastTaskEndAt - startedAt) / secondMs;
  return { taskCount, ageSeconds: secondsSince(lastTaskEndAt), ...defined({ secondsToStage }) };
}

/** Returns the seconds of the shortest finished task, if known. Tasks that finished between the same two polls count with their mean. */
export function shortestTaskSeconds({ startedAt, tasks }: Kickoff): number | undefined {
  const ends = [{ position: 0, seenAt: startedAt }, ...tasks];
  const times = ends.flatMap(({ position, seenAt }) => (seenAt === undefined ? [] : [{ taskCount: position, at: seenAt }]));
  const distinctTimes = times.filter(({ at }, index) => at !== times[index + 1]?.at);
  const taskSeconds = distinctTimes.slice(1).map(({ taskCount, at }, index) => {
    const before = distinctTimes[index];
    return before ? (at - before.at) / secondMs / (taskCount - before.taskCount) : 0;
  });
  const positiveSeconds = taskSeconds.filter((seconds) => seconds > 0);
  return positiveSeconds.length > 0 ? Math.min(...positiveSeconds) : undefined;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? NaN)) / 2;
}

function finishedRun(kickoff: Kickoff): FinishedRun | undefined {
  const { startedAt, finishedAt, executionSeconds } = kickoff;
  const observedSeconds = startedAt !== undefined && finishedAt !== undefined ? (finishedAt - startedAt) / secondMs : undefined;
  const seconds = executionSeconds ?? observedSeconds;
  if (seconds === undefined || !(seconds >= 0 && seconds < Infinity)) return undefined;
  return { seconds, taskEnds: taskEndsOf(kickoff, seconds) };
}

/** Returns the ends of tasks from polls, or else from the server's task durations. Skips ends out of order or after the run's end. */
function taskEndsOf({ tasks, startedAt, finishedAt }: Kickoff, seconds: number): FinishedRun['taskEnds'] {
  const start = startedAt ?? (finishedAt === undefined ? undefined : finishedAt - seconds * secondMs);
  const taskEnds = [{ taskCount: 0, seconds: 0 }];
  let secondsSoFar = 0;
  for (const [index, { position, seenAt, executionSeconds = NaN }] of tasks.entries()) {
    secondsSoFar = position === index + 1 ? secondsSoFar + executionSeconds : NaN;
    const endSeconds = seenAt !== undefined && start !== undefined ? (seenAt - start) / secondMs : secondsSoFar;
    if (endSeconds >= (taskEnds.at(-1)?.seconds ?? 0) && endSeconds <= seconds) taskEnds.push({ taskCount: position, seconds: endSeconds });
  }
  return taskEnds;
}

/** Interpolates the seconds from the start to a number of finished tasks. Undefined if all known ends are of earlier tasks. */
function secondsUntil({ taskEnds }: FinishedRun, taskCount: number): number | undefined {
  const nextIndex = taskEnds.findIndex((one) => one.taskCount >= taskCount);
  const [before, after] = [taskEnds[nextIndex - 1], taskEnds[nextIndex]];
  if (!after || after.taskCount === taskCount || !before) return after?.seconds;
  return before.seconds + ((after.seconds - before.seconds) * (taskCount - before.taskCount)) / (after.taskCount - before.taskCount);
}
