import { currentTask, type TaskUnderWay } from '../core/underWay';
import type { Kickoff } from '../core/kickoff';
import type { TaskSeen } from '../core/tasks';
import { clean } from './clean';
import type { Look } from './look';
import { duration } from './times';
import { words, type Translate } from './words';

/** The places of a run's rows: the tasks that are over, then the one under way. */
export function taskPositions(kickoff: Kickoff): readonly number[] {
  const current = currentTask(kickoff);
  return [...kickoff.tasks, ...(current ? [current] : [])].map(({ position }) => position);
}

/** How the row at that place looks; undefined when there is none. */
export function taskRowLook(kickoff: Kickoff, position: number, isHeard: boolean, t: Translate): Look | undefined {
  const task = kickoff.tasks.find((one) => one.position === position);
  if (task) return taskLook(task, t);
  const current = currentTask(kickoff);
  return current?.position === position ? underWayLook(kickoff, current, isHeard, t) : undefined;
}

/** How the row of a task that is over looks. */
export function taskLook(task: TaskSeen, t: Translate): Look {
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

/** `2. write`, or only its number where nobody knows its name. */
export function numberedTask(task: Pick<TaskSeen, 'position' | 'name'>, t: Translate): string {
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

function taskName({ position, name }: Pick<TaskSeen, 'position' | 'name'>, t: Translate): string {
  return clean(name) || t(words.taskNumber, position);
}

function spoken(task: TaskSeen | TaskUnderWay, state: string, t: Translate): string {
  return t(clean(task.name) === '' ? words.spokenKickoff : words.spokenTask, taskName(task, t), state);
}

function joined(parts: readonly string[]): string {
  return parts
    .map((part) => clean(part))
    .filter((part) => part !== '')
    .join(' · ');
}
