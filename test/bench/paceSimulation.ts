import { advance } from '#core/kickoff/advance';
import type { DeploymentKey } from '#core/kickoff/deployment';
import { newKickoff, type Answer, type Kickoff } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import { durationsOf, type RunDurations } from '#core/kickoff/durations';
import { nextPollDelayMs } from '#core/polling/pollInterval';
import { answer } from '#test/support/builders';
import { second } from '#test/support/manualClock';
import type { Run } from './paceWorkloads';

const start = Date.UTC(2026, 0, 1);
const ref = { deployment: 1 as DeploymentKey, id: 'run' as KickoffId };

/** The state of a run from which a schedule computes the wait before the next request. */
interface Moment {
  readonly kickoff: Kickoff;
  /** Seconds since tracking. */
  readonly passed: number;
  readonly requests: number;
}

/** A function that returns the seconds until the next request. */
export type Schedule = (moment: Moment) => number;

export interface Watched {
  /** The number of requests, without the first request when tracking starts. */
  readonly requests: number;
  /** Seconds from the end of the run until the extension notices it. `undefined` for a run that doesn't end in time. */
  readonly late: number | undefined;
}

/** Polls a run until its end is noticed, with the extension's own `advance`. */
export function watch(run: Run, schedule: Schedule, horizon = Infinity): Watched {
  const end = run.queued + sum(run.tasks);
  let kickoff = advance(newKickoff(ref, start), answered(run, 0), start);
  for (let passed = 0, requests = 1; ; requests++) {
    passed += schedule({ kickoff, passed, requests });
    if (passed > horizon && end > horizon) return { requests: requests - 1, late: undefined };
    if (passed >= end) return { requests, late: passed - end };
    kickoff = advance(kickoff, answered(run, passed), start + passed * second);
  }
}

/** Returns a finished run of the history that was observed completely. */
function ended(run: Run, order: number): Kickoff {
  const startedAt = start - 1_000 * 3_600 * second + order * 3_600 * second;
  const seconds = sum(run.tasks);
  return {
    ...newKickoff(ref, startedAt),
    phase: { kind: 'succeeded' },
    tasks: run.tasks.map((_, index) => ({
      position: index + 1,
      name: `task ${index + 1}`,
      hasOutput: true,
      seenAt: startedAt + sum(run.tasks.slice(0, index + 1)) * second,
    })),
    startedAt,
    finishedAt: startedAt + seconds * second,
    executionSeconds: seconds,
  };
}

/** Returns the history after these runs, the oldest first. */
export function knownFrom(earlier: readonly Run[]): RunDurations {
  return durationsOf(earlier.map(ended));
}

/** Returns an active run that was observed completely so far. */
export function openAt(run: Run, passed: number): { readonly kickoff: Kickoff; readonly now: number } {
  const bounds = boundsOf(run).filter((bound) => bound <= passed);
  const now = start + passed * second;
  const kickoff = advance(newKickoff(ref, start), answered(run, passed), now);
  const seenAt = (index: number): number => start + bounds[index]! * second;
  const tasks = bounds.map((_, index) => ({ position: index + 1, name: `task ${index + 1}`, hasOutput: true, seenAt: seenAt(index) }));
  return { kickoff: { ...kickoff, tasks }, now };
}

export const growing: Schedule = ({ requests }) => Math.min(15, 2 * 1.5 ** (requests - 1));

export function byAge(random: () => number): Schedule {
  return ({ passed }) => Math.min(60, Math.max(3, 0.05 * passed * (0.85 + 0.3 * random())));
}

export function ours(history: RunDurations | undefined, random: () => number): Schedule {
  const pace = { minimumSeconds: 3, maximumSeconds: 60, isFocused: true };
  return ({ kickoff, passed }) =>
    nextPollDelayMs(kickoff, { durations: history, now: start + passed * second, settings: pace, random })! / second;
}

/** Returns the response of a live deployment for an active run that began at `began`: the last task and the count of completed tasks. */
export function activeAnswer(run: Run, passed: number, began: number): Answer {
  const done = boundsOf(run).filter((bound) => bound <= passed).length;
  if (passed < run.queued) return answer('queued');
  return answer('running', {
    progress: run.tasks.length > 1 ? { completed: done, total: run.tasks.length } : {},
    startedAt: began + run.queued * second,
    tasks: done > 0 ? [{ name: `task ${done}`, output: 'done' }] : [],
  });
}

function answered(run: Run, passed: number) {
  return { kind: 'answered', answer: activeAnswer(run, passed, start), body: new Uint8Array() } as const;
}

function boundsOf({ queued, tasks }: Run): readonly number[] {
  return tasks.slice(0, -1).map((_, index) => queued + sum(tasks.slice(0, index + 1)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
