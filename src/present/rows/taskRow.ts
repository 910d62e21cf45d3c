import { isSettled, type Kickoff, type FinishedTask } from '#core/kickoff/kickoff';
import { currentTask, interruptedTask, type CurrentTask } from '#core/kickoff/tasks';
import { clean } from '#present/cleanText';
import { nonEmpty, spokenList, withSteps } from '#present/names';
import { durationText, observedDurationText } from '#present/times';
import { words, type Translate } from '#present/words/words';
import { phaseIcons, type Row } from './kickoffRow';

type TaskOrGroup = Pick<FinishedTask, 'position' | 'name' | 'agent' | 'executionSeconds'> & {
  /** The position of a group's last task. */
  readonly lastPosition?: number;
};

/** A finished task, or consecutive finished tasks that share one row. */
export type FinishedTaskOrGroup = FinishedTask & TaskOrGroup;

/** Caches, because each task's row needs the groups and times of all the run's tasks. */
const cachedGroups = new WeakMap<readonly FinishedTask[], readonly FinishedTaskOrGroup[]>();
const cachedTimes = new WeakMap<Kickoff, readonly TaskTime[]>();

/** Returns finished tasks, with consecutive tasks without any information as one group. */
export function groupFinishedTasks(tasks: readonly FinishedTask[]): readonly FinishedTaskOrGroup[] {
  const groups = cachedGroups.get(tasks) ?? groupTasks<FinishedTaskOrGroup>(tasks, ({ hasOutput }) => !hasOutput);
  cachedGroups.set(tasks, groups);
  return groups;
}

/** Groups consecutive tasks without name, agent, and duration, if `isUnknown` is true for each of them. */
export function groupTasks<T extends TaskOrGroup>(tasks: readonly T[], isUnknown: (task: T) => boolean): readonly T[] {
  const canShareRow = (task: T): boolean => task.name === '' && (task.agent ?? task.executionSeconds) === undefined && isUnknown(task);
  const groups: T[] = [];
  for (const task of tasks) {
    const last = groups.at(-1);
    const isConsecutive = last !== undefined && (last.lastPosition ?? last.position) + 1 === task.position;
    if (isConsecutive && canShareRow(last) && canShareRow(task)) groups[groups.length - 1] = { ...last, lastPosition: task.position };
    else groups.push(task);
  }
  return groups;
}

/** Returns the positions of a run's task rows: the finished tasks, then the current or interrupted task. */
export function taskPositions(kickoff: Kickoff): readonly number[] {
  const task = unfinishedTask(kickoff);
  return [...groupFinishedTasks(kickoff.tasks), ...(task ? [task] : [])].map(({ position }) => position);
}

function unfinishedTask(kickoff: Kickoff): CurrentTask | undefined {
  return currentTask(kickoff) ?? interruptedTask(kickoff);
}

/** Returns the row of the task at a position. `isUpToDate` means that the last response is recent and no problem prevents polls. */
export function taskRow(kickoff: Kickoff, position: number, isUpToDate: boolean, translate: Translate): Row | undefined {
  const t = withSteps(kickoff, translate);
  const finishedTask = groupFinishedTasks(kickoff.tasks).find((task) => task.position === position);
  if (finishedTask) return finishedTaskRow(finishedTask, kickoff, t);
  const task = unfinishedTask(kickoff);
  return task?.position === position ? unfinishedTaskRow(kickoff, task, isUpToDate, t) : undefined;
}

function finishedTaskRow(task: FinishedTaskOrGroup, kickoff: Kickoff, t: Translate): Row {
  const { hasOutput, agent = '', position, lastPosition } = task;
  // Passes 0 as the current time, because the times of finished tasks don't depend on it.
  const times = cachedTimes.get(kickoff) ?? taskTimes(kickoff, 0);
  cachedTimes.set(kickoff, times);
  const time = lastPosition === undefined ? times.find((one) => one.position === position) : undefined;
  const status = t(hasOutput ? words.taskDone : words.taskNotCaptured);
  const facts = [(time && taskDurationText(time, t)) ?? '', clean(agent)];
  return {
    ...rowTexts(task, hasOutput ? facts : [status, ...facts], [status, ...facts], t),
    icon: hasOutput ? phaseIcons.succeeded : { id: 'eye-closed' },
    contextValue: hasOutput ? 'task hasTaskOutput' : 'task',
  };
}

function unfinishedTaskRow({ phase, progress }: Kickoff, task: CurrentTask, isUpToDate: boolean, t: Translate): Row {
  const isActive = !isSettled(phase);
  const status = t(phase.kind === 'running' ? words.taskInProgress : words[phase.kind]);
  const agent = clean(task.agent ?? '');
  return {
    ...rowTexts(task, isActive ? [agent, clean(progress.tool ?? '')] : [status, agent], isActive ? [status] : [status, agent], t),
    icon: isActive && !isUpToDate ? { id: 'circle-outline' } : phaseIcons[phase.kind],
    contextValue: 'task',
  };
}

/** Returns the texts of a row, without empty facts. `spokenFacts` are for screen readers. */
function rowTexts(task: TaskOrGroup, facts: readonly string[], spokenFacts: readonly string[], t: Translate) {
  const [name, spoken] = [taskName(task, t), nonEmpty(spokenFacts)];
  return {
    label: name,
    description: nonEmpty(facts).join(' · '),
    ariaLabel: clean(task.name) === '' ? spokenList([name, ...spoken], t) : t(words.spokenTask, name, spokenList(spoken, t)),
  };
}

/** Returns a text such as `2. write`. If the name isn't known, returns `Task 2` or `Tasks 2–4`. */
export function numberedTaskName(task: TaskOrGroup, t: Translate): string {
  return clean(task.name) === '' ? taskName(task, t) : `${task.position}. ${clean(task.name)}`;
}

function taskName({ position, lastPosition, name }: TaskOrGroup, t: Translate): string {
  if (lastPosition !== undefined) return t(words.taskNumbers, position, lastPosition);
  return clean(name) || t(words.taskNumber, position);
}

/** The start and end of a task. A task with unknown times has only `markAt`, the time at which the timeline draws its mark, if known. */
export type TaskTime = TaskOrGroup &
  (
    | { readonly kind: 'done' | 'active' | 'failed'; readonly startAt: number; readonly endAt: number }
    | { readonly kind: 'unknown'; readonly markAt: number | undefined }
  );

interface PreviousTask {
  readonly position: number;
  readonly endAt: number | undefined;
}

/** Returns all tasks' times, the current or interrupted task last. Counts from 0 if a finished run has no start time or observed task. */
export function taskTimes(kickoff: Kickoff, now: number): readonly TaskTime[] {
  const hasObservedTimes = kickoff.tasks.some(({ seenAt }) => seenAt !== undefined) || !isSettled(kickoff.phase);
  const startAt = kickoff.startedAt ?? (hasObservedTimes ? computedStartAt(kickoff) : 0);
  const endAt = runEndAt(kickoff, startAt);
  const times: TaskTime[] = [];
  let previous: PreviousTask = { position: 0, endAt: startAt };

  for (const task of kickoff.tasks) {
    const endsRun = task === kickoff.tasks.at(-1) && kickoff.phase.kind === 'succeeded';
    const time = finishedTaskTime(task, previous, endsRun ? endAt : undefined);
    times.push(time);
    previous = { position: task.position, endAt: time.kind === 'unknown' ? task.seenAt : time.endAt };
  }
  const task = unfinishedTask(kickoff);
  if (!task) return times;
  const [kind, to] = isSettled(kickoff.phase) ? (['failed', endAt] as const) : (['active', now] as const);
  const { position, endAt: from } = previous;
  if (task.position > position + 1 || from === undefined || to === undefined) return [...times, { ...task, kind: 'unknown', markAt: from }];
  return [...times, { ...task, kind, startAt: from, endAt: Math.max(from, to) }];
}

function computedStartAt({ executionSeconds, finishedAt }: Kickoff): number | undefined {
  return executionSeconds === undefined || finishedAt === undefined ? undefined : finishedAt - executionSeconds * 1_000;
}

/** Returns a run's end, which is also the end of its last or interrupted task. */
function runEndAt({ startedAt, executionSeconds, finishedAt }: Kickoff, startAt: number | undefined): number | undefined {
  if (startAt !== undefined && executionSeconds !== undefined) return startAt + executionSeconds * 1_000;
  return startedAt === undefined && startAt !== undefined ? undefined : finishedAt;
}

function finishedTaskTime(task: FinishedTask, previous: PreviousTask, endOfRunAt: number | undefined): TaskTime {
  const { executionSeconds: seconds, seenAt } = task;
  const previousEndAt = task.position === previous.position + 1 ? previous.endAt : undefined;
  const endAt = seenAt ?? (previousEndAt !== undefined && seconds !== undefined ? previousEndAt + seconds * 1_000 : endOfRunAt);
  const startAt = previousEndAt ?? (endAt !== undefined && seconds !== undefined ? endAt - seconds * 1_000 : undefined);
  return startAt === undefined || endAt === undefined
    ? { ...task, kind: 'unknown', markAt: endAt ?? previous.endAt }
    : { ...task, kind: 'done', startAt, endAt: Math.max(startAt, endAt) };
}

/** Returns the duration that AMP reported, else `~` and the observed duration. Undefined if both are unknown. */
export function taskDurationText(task: TaskTime, t: Translate): string | undefined {
  if (task.executionSeconds !== undefined) return durationText(task.executionSeconds, t);
  return task.kind === 'unknown' ? undefined : observedDurationText(task.endAt - task.startAt, t);
}
