import { isSettled, type Kickoff, type TaskSeen } from '#core/kickoff/kickoff';
import { currentTask, interruptedTask } from '#core/kickoff/tasks';
import { duration, observedDuration } from '#present/times';
import type { Translate } from '#present/words/words';

/** The start and end of a task. A task with unknown times has only `at`, the time at which the timeline draws its mark, if known. */
export type TaskTime = Pick<TaskSeen, 'name' | 'agent' | 'executionSeconds'> & { readonly position: number } & (
    | { readonly kind: 'done' | 'active' | 'failed'; readonly from: number; readonly to: number }
    | { readonly kind: 'unknown'; readonly at: number | undefined }
  );

/** The task before a task. Undefined ends are unknown. */
interface PreviousTask {
  readonly position: number;
  readonly end: number | undefined;
}

/** Returns the times of all tasks in milliseconds. A finished run with unknown times starts at 0. The current or failed task comes last. */
export function taskTimes(kickoff: Kickoff, now: number): readonly TaskTime[] {
  const isWatched = kickoff.tasks.some(({ seenAt }) => seenAt !== undefined) || !isSettled(kickoff.phase);
  const begin = kickoff.startedAt ?? (isWatched ? beginOf(kickoff) : 0);
  const end = endOf(kickoff, begin);
  const times: TaskTime[] = [];
  let previous: PreviousTask = { position: 0, end: begin };

  for (const task of kickoff.tasks) {
    const isLast = task === kickoff.tasks.at(-1) && kickoff.phase.kind === 'succeeded';
    const time = timeOf(task, previous, isLast ? end : undefined);
    times.push(time);
    previous = { position: task.position, end: time.kind === 'unknown' ? task.seenAt : time.to };
  }
  const current = currentTaskTime(kickoff, previous, isSettled(kickoff.phase) ? end : now);
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

function timeOf(task: TaskSeen, previous: PreviousTask, endOfRun: number | undefined): TaskTime {
  const { executionSeconds: seconds, seenAt } = task;
  const before = task.position === previous.position + 1 ? previous.end : undefined;
  const to = seenAt ?? (before !== undefined && seconds !== undefined ? before + seconds * 1_000 : endOfRun);
  const from = before ?? (to !== undefined && seconds !== undefined ? to - seconds * 1_000 : undefined);
  return from === undefined || to === undefined
    ? { ...task, kind: 'unknown', at: to ?? previous.end }
    : { ...task, kind: 'done', from, to: Math.max(from, to) };
}

function currentTaskTime(kickoff: Kickoff, { position, end: previousEnd }: PreviousTask, end: number | undefined): TaskTime | undefined {
  const kind = isSettled(kickoff.phase) ? 'failed' : 'active';
  const task = kind === 'failed' ? interruptedTask(kickoff) : currentTask(kickoff);
  if (!task) return undefined;
  return task.position > position + 1 || previousEnd === undefined || end === undefined
    ? { ...task, kind: 'unknown', at: previousEnd }
    : { ...task, kind, from: previousEnd, to: Math.max(previousEnd, end) };
}

/** Returns the duration that AMP reported, else `~` and the observed duration. Undefined if both are unknown. */
export function taskDuration(task: TaskTime, t: Translate): string | undefined {
  if (task.executionSeconds !== undefined) return duration(task.executionSeconds, t);
  return task.kind === 'unknown' ? undefined : observedDuration(task.to - task.from, t);
}
