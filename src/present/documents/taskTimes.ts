import { isSettled, type Kickoff, type TaskSeen } from '#core/kickoff/kickoff';
import { lastKnownTask } from '#core/kickoff/tasks';

/** When a task of a run began and was over, or where a mark stands for one whose time nobody knows. */
export type TaskTime = Pick<TaskSeen, 'name' | 'agent' | 'executionSeconds'> & { readonly position: number } & (
    | { readonly kind: 'done' | 'open' | 'failed'; readonly from: number; readonly to: number }
    | { readonly kind: 'unknown'; readonly at: number | undefined }
  );

/** How far the times of a run are known; the place counts from 1. */
interface KnownEnd {
  readonly position: number;
  readonly until: number | undefined;
}

/** Each task between the end of the one before and its own, in milliseconds; the one under way, or that it failed in, comes last. */
export function taskTimes(kickoff: Kickoff, now: number): readonly TaskTime[] {
  const isWatched = kickoff.tasks.some(({ seenAt }) => seenAt !== undefined) || !isSettled(kickoff.phase);
  const begin = kickoff.startedAt ?? (isWatched ? beginOf(kickoff) : 0);
  const end = endOf(kickoff, begin);
  const times: TaskTime[] = [];
  let known: KnownEnd = { position: 0, until: begin };

  for (const task of kickoff.tasks) {
    const isLast = task === kickoff.tasks.at(-1) && kickoff.phase.kind === 'succeeded';
    const time = timeOf(task, known, isLast ? end : undefined);
    times.push(time);
    known = { position: task.position, until: time.kind === 'unknown' ? task.seenAt : time.to };
  }
  const current = currentTaskTime(kickoff, known, isSettled(kickoff.phase) ? end : now);
  return current ? [...times, current] : times;
}

/** Back from its end, where a server tells how long a run took but not when it began. */
function beginOf({ executionSeconds, finishedAt }: Kickoff): number | undefined {
  return executionSeconds === undefined || finishedAt === undefined ? undefined : finishedAt - executionSeconds * 1_000;
}

/** The last task of a run that succeeded is over when the run is, whether or not anything else tells. */
function endOf({ startedAt, executionSeconds, finishedAt }: Kickoff, begin: number | undefined): number | undefined {
  if (begin !== undefined && executionSeconds !== undefined) return begin + executionSeconds * 1_000;
  return startedAt === undefined && begin !== undefined ? undefined : finishedAt;
}

function timeOf(task: TaskSeen, known: KnownEnd, endOfRun: number | undefined): TaskTime {
  const { executionSeconds: seconds, seenAt } = task;
  const before = task.position === known.position + 1 ? known.until : undefined;
  const to = seenAt ?? (before !== undefined && seconds !== undefined ? before + seconds * 1_000 : endOfRun);
  const from = before ?? (to !== undefined && seconds !== undefined ? to - seconds * 1_000 : undefined);
  return from === undefined || to === undefined
    ? { ...task, kind: 'unknown', at: to ?? known.until }
    : { ...task, kind: 'done', from, to: Math.max(from, to) };
}

function currentTaskTime(kickoff: Kickoff, { position, until }: KnownEnd, end: number | undefined): TaskTime | undefined {
  const { phase, tasks } = kickoff;
  const task = lastKnownTask(kickoff);
  const kind = phase.kind === 'failed' ? 'failed' : 'open';
  if (!task || (kind === 'open' && phase.kind !== 'running' && phase.kind !== 'waiting')) return undefined;
  if (kind === 'failed' && tasks.at(-1)?.name === task.name) return undefined;
  return task.position > position + 1 || until === undefined || end === undefined
    ? { ...task, kind: 'unknown', at: until }
    : { ...task, kind, from: until, to: Math.max(until, end) };
}
