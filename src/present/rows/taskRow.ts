import type { Kickoff, TaskSeen } from '#core/kickoff/kickoff';
import { currentTask, interruptedTask, type CurrentTask } from '#core/kickoff/tasks';
import { clean } from '#present/cleanText';
import { taskTimes, type TaskTime } from '#present/documents/taskTimes';
import { spokenList } from '#present/names';
import { approximately, duration, roughDuration } from '#present/times';
import { words, type Translate } from '#present/words/words';
import type { Row } from './kickoffRow';

type Named = Pick<TaskSeen, 'position' | 'name'> & {
  /** The position of the last task, if the row represents several tasks. */
  readonly lastPosition?: number;
};

/** A row for one finished task, or for several consecutive finished tasks. */
export type TaskRow = TaskSeen & Named;

/** A cache of rows by list of tasks, because the tree needs all rows for each row. */
const knownRows = new WeakMap<readonly TaskSeen[], readonly TaskRow[]>();

/** Returns the rows of finished tasks. Consecutive tasks without any information share one row. */
export function taskRows(tasks: readonly TaskSeen[]): readonly TaskRow[] {
  const isUnknown = ({ agent, executionSeconds, hasOutput }: TaskRow): boolean => !hasOutput && (agent ?? executionSeconds) === undefined;
  const rows = knownRows.get(tasks) ?? inRows<TaskRow>(tasks, isUnknown);
  knownRows.set(tasks, rows);
  return rows;
}

/** Puts consecutive tasks without a name into one row if `isUnknown` is true for each of them. */
export function inRows<T extends Named>(tasks: readonly T[], isUnknown: (task: T) => boolean): readonly T[] {
  const canShare = (task: T): boolean => task.name === '' && isUnknown(task);
  const rows: T[] = [];
  for (const task of tasks) {
    const before = rows.at(-1);
    const isNext = before !== undefined && (before.lastPosition ?? before.position) + 1 === task.position;
    if (isNext && canShare(before) && canShare(task)) rows[rows.length - 1] = { ...before, lastPosition: task.position };
    else rows.push(task);
  }
  return rows;
}

/** Returns the positions of a run's rows: the finished tasks, then the current task, or the task in which the run failed or was stopped. */
export function taskPositions(kickoff: Kickoff): readonly number[] {
  const current = currentTask(kickoff) ?? interruptedTask(kickoff);
  return [...taskRows(kickoff.tasks), ...(current ? [current] : [])].map(({ position }) => position);
}

export function taskRow(kickoff: Kickoff, position: number, isUpToDate: boolean, t: Translate): Row | undefined {
  const task = taskRows(kickoff.tasks).find((one) => one.position === position);
  if (task) return finishedTaskRow(task, t, task.lastPosition === undefined ? timesOf(kickoff).get(position) : undefined);
  const current = currentTask(kickoff);
  if (current?.position === position) return currentTaskRow(kickoff, current, isUpToDate, t);
  const interrupted = interruptedTask(kickoff);
  return interrupted?.position === position ? interruptedTaskRow(kickoff, interrupted, t) : undefined;
}

export function finishedTaskRow(task: TaskRow, t: Translate, time?: TaskTime): Row {
  const state = task.hasOutput ? t(words.taskDone) : t(words.taskNotCaptured);
  const facts = [durationText(task, time, t), clean(task.agent ?? '')];
  return {
    label: taskName(task, t),
    description: joined([task.hasOutput ? '' : state, ...facts]),
    icon: task.hasOutput ? { id: 'pass', color: 'testing.iconPassed' } : { id: 'eye-closed' },
    context: task.hasOutput ? 'task hasTaskOutput' : 'task',
    ariaLabel: ariaLabelOf(task, spokenList([state, ...facts.filter((fact) => fact !== '')], t), t),
  };
}

/** Returns a text such as `2. write`. If the name isn't known, returns `Task 2` or `Tasks 2–4`. */
export function numberedTask(task: Named, t: Translate): string {
  return clean(task.name) === '' ? taskName(task, t) : `${task.position}. ${clean(task.name)}`;
}

/** The icon spins only while the task is running, the last response is recent, and no problem prevents polls. */
function currentTaskRow({ phase, progress }: Kickoff, task: CurrentTask, isUpToDate: boolean, t: Translate): Row {
  const icon = phase.kind === 'waiting' ? { id: 'person', color: 'charts.yellow' } : { id: 'loading~spin' };
  return {
    label: taskName(task, t),
    description: joined([clean(task.agent ?? ''), clean(progress.tool ?? '')]),
    icon: isUpToDate ? icon : { id: 'circle-outline' },
    context: 'task',
    ariaLabel: ariaLabelOf(task, t(phase.kind === 'waiting' ? words.waiting : words.taskInProgress), t),
  };
}

function interruptedTaskRow({ phase }: Kickoff, task: CurrentTask, t: Translate): Row {
  const isFailed = phase.kind === 'failed';
  const facts = [t(isFailed ? words.failed : words.stopped), clean(task.agent ?? '')].filter((fact) => fact !== '');
  return {
    label: taskName(task, t),
    description: joined(facts),
    icon: isFailed ? { id: 'error', color: 'testing.iconFailed' } : { id: 'circle-slash' },
    context: 'task',
    ariaLabel: ariaLabelOf(task, spokenList(facts, t), t),
  };
}

/** A cache of the times of finished tasks, by run and position. Each task row needs the times of all tasks of the run. */
const knownTimes = new WeakMap<Kickoff, ReadonlyMap<number, TaskTime>>();

function timesOf(kickoff: Kickoff): ReadonlyMap<number, TaskTime> {
  const before = knownTimes.get(kickoff);
  if (before) return before;
  // Finished tasks don't need the current time.
  const times = new Map(taskTimes(kickoff, 0).map((time) => [time.position, time]));
  knownTimes.set(kickoff, times);
  return times;
}

/** Returns the duration that AMP reported, else `~` and the observed duration, else an empty text. */
function durationText({ executionSeconds }: TaskSeen, time: TaskTime | undefined, t: Translate): string {
  if (executionSeconds !== undefined) return duration(executionSeconds, t);
  return time && time.kind !== 'unknown' ? approximately(roughDuration((time.to - time.from) / 1_000, t), t) : '';
}

function taskName({ position, lastPosition, name }: Named, t: Translate): string {
  if (lastPosition !== undefined) return t(words.taskNumbers, position, lastPosition);
  return clean(name) || t(words.taskNumber, position);
}

function ariaLabelOf(task: Named, state: string, t: Translate): string {
  return clean(task.name) === '' ? spokenList([taskName(task, t), state], t) : t(words.spokenTask, taskName(task, t), state);
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}
