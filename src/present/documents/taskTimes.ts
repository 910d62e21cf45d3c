import { isSettled, type Kickoff, type TaskSeen } from '#core/kickoff/kickoff';
import { currentTask, interruptedTask } from '#core/kickoff/tasks';

/** The start and end of a task. A task with unknown times has only `at`, the time at which the timeline draws its mark, if known. */
export type TaskTime = Pick<TaskSeen, 'name' | 'agent' | 'executionSeconds'> & { readonly position: number } & (
    | { readonly kind: 'done' | 'open' | 'failed'; readonly from: number; readonly to: number }
    | { readonly kind: 'unknown'; readonly at: number | undefined }
  );

/** The task before a task. Undefined ends are unknown. */
interface PreviousTask {
  readonly position: number;
  readonly until: number | undefined;
}

/** Returns the times of all tasks in milliseconds. A finished run with unknown times starts at 0. The current or failed task comes last. */
export function taskTimes(kickoff: Kickoff, now: number): readonly TaskTime[] {
  const isWatched = kickoff.tasks.some(({ seenAt }) => seenAt !== undefined) || !isSettled(kickoff.phase);
  const begin = kickoff.startedAt ?? (isWatched ? beginOf(kickoff) : 0);
  const end = endOf(kickoff, begin);
  const times: TaskTime[] = [];
  let known: PreviousTask = { position: 0, until: begin };

  for (const task of kickoff.tasks) {
    const isLast = task === kickoff.tasks.at(-1) && kickoff.phase.kind === 'succeeded';
    const time = timeOf(task, known, isLast ? end : undefined);
    times.push(time);
    known = { position: task.position, until: time.kind === 'unknown' ? task.seenAt : time.to };
  }
  const current = currentTaskTime(kickoff, known, isSettled(kickoff.phase) ? end : now);
  return current ? [...times, current] : times;
}

function beginOf({ executionSeconds, finishedAt }: Kickoff): number | undefined {
  return executionSeconds === undefined || finishedAt === undefined ? undefined : finishedAt - executionSeconds * 1_000;
}

/** Returns a run's end, at which the last task of a succeeded run ends. */
function endOf({ startedAt, executionSeconds, finishedAt }: Kickoff, begin: number | undefined): number | undefined {
  if (begin !== undefined && executionSeconds !== undefined) return begin + executionSeconds * 1_000;
  return startedAt === undefined && begin !== undefined ? undefined : finishedAt;
}

function timeOf(task: TaskSeen, known: PreviousTask, endOfRun: number | undefined): TaskTime {
  const { executionSeconds: seconds, seenAt } = task;
  const before = task.position === known.position + 1 ? known.until : undefined;
  const to = seenAt ?? (before !== undefined && seconds !== undefined ? before + seconds * 1_000 : endOfRun);
  const from = before ?? (to !== undefined && seconds !== undefined ? to - seconds * 1_000 : undefined);
  return from === undefined || to === undefined
    ? { ...task, kind: 'unknown', at: to ?? known.until }
    : { ...task, kind: 'done', from, to: Math.max(from, to) };
}

function currentTaskTime(kickoff: Kickoff, { position, until }: PreviousTask, end: number | undefined): TaskTime | undefined {
  const kind = isSettled(kickoff.phase) ? 'failed' : 'open';
  const task = kind === 'failed' ? interruptedTask(kickoff) : currentTask(kickoff);
  if (!task) return undefined;
  return task.position > position + 1 || until === undefined || end === undefined
    ? { ...task, kind: 'unknown', at: until }
    : { ...task, kind, from: until, to: Math.max(until, end) };
}
