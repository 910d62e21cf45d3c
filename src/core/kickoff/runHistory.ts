import type { Kickoff } from './kickoff';

const second = 1_000;
const newest = 10;
const leastToTell = 3;

/** One run of a deployment that came to its end by itself. */
interface FinishedRun {
  readonly seconds: number;
  /** How long after its start so many tasks were done, as far as that was seen; ascending, and 0 of 0 is the first. */
  readonly counts: readonly CountReached[];
}

interface CountReached {
  readonly done: number;
  readonly seconds: number;
}

/** How far an open run is: tasks done, and how long ago that was reached. */
interface Stage {
  readonly done: number;
  readonly seconds: number;
  /** How long after the start the last of these tasks was done; undefined while the start is not known. */
  readonly enteredAfter?: number;
}

/** How the newest runs of one deployment went; asked often, so each answer is kept. */
export class RunHistory {
  readonly #remaining = new Map<number, readonly number[]>();
  readonly #entered = new Map<number, number>();
  readonly #usual = new Map<number, number | undefined>();

  constructor(
    /** The newest first, at most ten. */
    readonly runs: readonly FinishedRun[],
  ) {}

  /** Seconds from the moment so many tasks were done to the end, of each run that is known to have come so far; the newest first. */
  remaining(done: number): readonly number[] {
    return getOrAdd(this.#remaining, done, () =>
      this.runs.flatMap((run) => {
        const reached = secondsUntil(run, done);
        return reached === undefined ? [] : [run.seconds - reached];
      }),
    );
  }

  /** Seconds from the start until so many tasks were done, as a rule. */
  usuallyEnteredAfter(done: number): number {
    return getOrAdd(this.#entered, done, () => median(this.runs.map((run) => secondsUntil(run, done)).filter((one) => one !== undefined)));
  }

  /** Seconds that the task after so many takes, as a rule; undefined while fewer than three runs tell. */
  usualTask(done: number): number | undefined {
    return getOrAdd(this.#usual, done, () => {
      const took = this.runs.flatMap((run) => {
        const from = secondsUntil(run, done);
        return from === undefined ? [] : [(secondsUntil(run, done + 1) ?? run.seconds) - from];
      });
      return took.length < leastToTell ? undefined : median(took);
    });
  }
}

/** What is known of a deployment from its kickoffs. A run that somebody stopped tells nothing of how long they take. */
export function historyOf(kickoffs: readonly Kickoff[]): RunHistory {
  const ended = kickoffs.filter(({ phase: { kind } }) => kind === 'succeeded' || kind === 'failed').sort((a, b) => endOf(b) - endOf(a));
  const runs: FinishedRun[] = [];
  for (const kickoff of ended) {
    const run = finishedRun(kickoff);
    if (run) runs.push(run);
    if (runs.length === newest) break;
  }
  return new RunHistory(runs);
}

/** How far an open run is. When nobody saw its last task end, the time since the start is what remains to be told by. */
export function stageOf(kickoff: Kickoff, now: number): Stage {
  const { phase, progress, tasks, startedAt, trackedAt } = kickoff;
  if (phase.kind === 'queued') return { done: 0, seconds: 0 };
  const since = (then: number): number => Math.max(0, now - then) / second;
  const done = progress.completed ?? tasks.at(-1)?.position ?? 0;
  const enteredAt = done > 0 ? tasks.find(({ position }) => position === done)?.seenAt : undefined;
  if (enteredAt === undefined) return { done: 0, seconds: since(startedAt ?? trackedAt) };
  return {
    done,
    seconds: since(enteredAt),
    ...(startedAt !== undefined && { enteredAfter: Math.max(0, enteredAt - startedAt) / second }),
  };
}

/** The shortest time that a task of this run was seen to take, in seconds; of several that went by unseen, their mean. */
export function shortestTask({ startedAt, tasks }: Kickoff): number | undefined {
  const times = [
    ...(startedAt === undefined ? [] : [{ done: 0, at: startedAt }]),
    ...tasks.flatMap(({ position, seenAt }) => (seenAt === undefined ? [] : [{ done: position, at: seenAt }])),
  ];
  // Those that share one time were seen at once: the last stands for them.
  const apart = times.filter(({ at }, index) => at !== times[index + 1]?.at);
  const lengths = apart.slice(1).map(({ done, at }, index) => {
    const before = apart[index];
    return before ? (at - before.at) / second / (done - before.done) : 0;
  });
  const taken = lengths.filter((length) => length > 0);
  return taken.length > 0 ? Math.min(...taken) : undefined;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? NaN)) / 2;
}

/** Undefined when nobody knows how long it took. */
function finishedRun(kickoff: Kickoff): FinishedRun | undefined {
  const { startedAt, finishedAt, executionSeconds } = kickoff;
  const seen = startedAt !== undefined && finishedAt !== undefined ? (finishedAt - startedAt) / second : undefined;
  const seconds = executionSeconds ?? seen;
  if (seconds === undefined || !(seconds >= 0 && seconds < Infinity)) return undefined;
  return { seconds, counts: countsReached(kickoff, seconds) };
}

/** When each task was done: by what was seen, else by the durations that the server gives. */
function countsReached({ tasks, startedAt, finishedAt }: Kickoff, seconds: number): readonly CountReached[] {
  const start = startedAt ?? (finishedAt === undefined ? undefined : finishedAt - seconds * second);
  const marks: CountReached[] = [{ done: 0, seconds: 0 }];
  let added = 0;
  for (const [index, { position, seenAt, executionSeconds = NaN }] of tasks.entries()) {
    added = position === index + 1 ? added + executionSeconds : NaN;
    const after = seenAt !== undefined && start !== undefined ? (seenAt - start) / second : added;
    if (after >= (marks.at(-1)?.seconds ?? 0) && after <= seconds) marks.push({ done: position, seconds: after });
  }
  return marks;
}

/** Seconds from the start until so many tasks were done; evenly between those seen before and after. Undefined when it never came so far. */
function secondsUntil({ counts }: FinishedRun, done: number): number | undefined {
  const next = counts.findIndex((mark) => mark.done >= done);
  const [before, after] = [counts[next - 1], counts[next]];
  if (!after || after.done === done || !before) return after?.seconds;
  return before.seconds + ((after.seconds - before.seconds) * (done - before.done)) / (after.done - before.done);
}

function endOf({ startedAt, finishedAt, executionSeconds = 0, trackedAt }: Kickoff): number {
  return finishedAt ?? (startedAt === undefined ? trackedAt : startedAt + executionSeconds * second);
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
