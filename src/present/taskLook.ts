import { currentTask, type TaskUnderWay } from '../core/underWay';
import type { Kickoff } from '../core/kickoff';
import type { TaskSeen } from '../core/tasks';
import { clean } from './clean';
import type { Look } from './look';
import { duration } from './times';
import { words, type Translate } from './words';

/** The name of a row of one task, or of several neighbors. */
type Named = Pick<TaskSeen, 'position' | 'name'> & {
  /** The position of the last task, if the row stands for several. */
  readonly lastPosition?: number;
};

/** A row of one finished task, or of several. */
export type TaskRow = TaskSeen & Named;

/** Kept for each list of tasks, because the tree asks once for each row. */
const known = new WeakMap<readonly TaskSeen[], readonly TaskRow[]>();

/** The rows of finished tasks. Neighbors without any information share one row. */
export function taskRows(tasks: readonly TaskSeen[]): readonly TaskRow[] {
  const isUnknown = ({ agent, executionSeconds, hasOutput }: TaskRow): boolean => !hasOutput && (agent ?? executionSeconds) === undefined;
  const rows = known.get(tasks) ?? inRows<TaskRow>(tasks, isUnknown);
  known.set(tasks, rows);
  return rows;
}

/** Puts neighbors without a name into one row if `isUnknown` holds for each of them. */
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

/** The positions of a run's rows: of the tasks that are over, then of the current one. */
export function taskPositions(kickoff: Kickoff): readonly number[] {
  const current = currentTask(kickoff);
  return [...taskRows(kickoff.tasks), ...(current ? [current] : [])].map(({ position }) => position);
}

/** How the row at that place looks; undefined when there is none. */
export function taskRowLook(kickoff: Kickoff, position: number, isHeard: boolean, t: Translate): Look | undefined {
  const task = taskRows(kickoff.tasks).find((one) => one.position === position);
  if (task) return taskLook(task, t);
  const current = currentTask(kickoff);
  return current?.position === position ? underWayLook(kickoff, current, isHeard, t) : undefined;
}

/** How the row of a task that is over looks. */
export function taskLook(task: TaskRow, t: Translate): Look {
  const seconds = task.executionSeconds;
  const state = task.hasOutput ? t(words.taskDone) : t(words.taskUnseen);
  return {
    label: taskName(task, t),
    description: joined([task.hasOutput ? '' : state, task.agent ?? '', seconds === undefined ? '' : duration(seconds)]),
    icon: task.hasOutput ? { id: 'pass', color: 'testing.iconPassed' } : { id: 'eye-closed' },
    context: task.hasOutput ? 'task hasTaskOutput' : 'task',
    spoken: spoken(task, state, t),
  };
}

/** `2. write`; `Task 2` or `Tasks 2–4` without a name. */
export function numberedTask(task: Named, t: Translate): string {
  return clean(task.name) === '' ? taskName(task, t) : `${task.position}. ${clean(task.name)}`;
}

/** It turns only while the run is heard to run. */
function underWayLook({ phase, progress }: Kickoff, task: TaskUnderWay, isHeard: boolean, t: Translate): Look {
  const icon = phase.kind === 'waiting' ? { id: 'person', color: 'charts.yellow' } : { id: 'loading~spin' };
  return {
    label: taskName(task, t),
    description: joined([task.agent ?? '', progress.tool ?? '']),
    icon: isHeard ? icon : { id: 'circle-outline' },
    context: 'task',
    spoken: spoken(task, t(words.taskUnderWay), t),
  };
}

function taskName({ position, lastPosition, name }: Named, t: Translate): string {
  if (lastPosition !== undefined) return t(words.taskNumbers, position, lastPosition);
  return clean(name) || t(words.taskNumber, position);
}

function spoken(task: Named, state: string, t: Translate): string {
  return t(clean(task.name) === '' ? words.spokenKickoff : words.spokenTask, taskName(task, t), state);
}

function joined(parts: readonly string[]): string {
  return parts
    .map((part) => clean(part))
    .filter((part) => part !== '')
    .join(' · ');
}
