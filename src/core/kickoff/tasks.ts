import { defined } from '#core/lib/defined';
import type { Answer, Kickoff, Progress, FinishedTask } from './kickoff';
import { maxStoredTasks, maxCompletedTasks, outputHashOf, positionOf, positionsInList } from './taskMatching';

/** Adds tasks of a response, up to `maxStoredTasks`. Returns all tasks (`storedTasks` itself if none changed), and the outputs to store. */
export function mergeTasks(storedTasks: readonly FinishedTask[], answer: Answer) {
  const outputs: { readonly position: number; readonly output: string }[] = [];
  const listPositions = answer.hasAllTasks ? positionsInList(storedTasks, answer.tasks) : [];
  const tasks = new Map(storedTasks.map((one) => [one.position, one]));

  answer.tasks.forEach((task, index) => {
    const position = listPositions[index] ?? positionOf(byPosition(tasks), task, answer.progress.completed);
    const before = tasks.get(position);
    if (!before && tasks.size >= maxStoredTasks) return;
    const after = mergeTask(before, task, position);
    // An unchanged output may be large, so it isn't written again.
    const isOutputStored = before?.hasOutput && before.outputHash === after.outputHash;
    if (task.output !== undefined && task.output !== '' && !isOutputStored) outputs.push({ position, output: task.output });
    if (JSON.stringify(before) !== JSON.stringify(after)) tasks.set(position, after);
  });
  const isSame = tasks.size === storedTasks.length && storedTasks.every((one) => tasks.get(one.position) === one);
  return { tasks: isSame ? storedTasks : byPosition(tasks), outputs };
}

function byPosition(tasks: ReadonlyMap<number, FinishedTask>): readonly FinishedTask[] {
  return [...tasks.values()].sort((a, b) => a.position - b.position);
}

function mergeTask(before: FinishedTask | undefined, task: Answer['tasks'][number], position: number): FinishedTask {
  const { name = '', agent, executionSeconds, language } = task;
  const outputHash = outputHashOf(task);
  const { isUnseen: _, ...known } = before ?? { name: '', hasOutput: false };
  return {
    ...known,
    position,
    name: name || known.name,
    ...defined({ agent, executionSeconds }),
    ...(outputHash !== undefined && { hasOutput: true, outputHash, ...(language && { language }) }),
  };
}

/** The maximum number of unseen tasks. The other half of the stored tasks is reserved for tasks that a response contains. */
const maxUnseenTasks = maxStoredTasks / 2;

/** Returns a run's tasks after a response. `endedAt` is the end time of new tasks, if known. */
export function tasksAfter({ tasks, progress }: Kickoff, answer: Answer, endedAt: number | undefined): readonly FinishedTask[] {
  const after = addUnseenTasks(mergeTasks(tasks, answer).tasks, progress, answer.progress);
  return endedAt === undefined ? after : withSeenAt(tasks, after, endedAt, answer.progress.completed);
}

/** Adds tasks that only the count of completed tasks shows. Some deployments send no tasks before the end. */
function addUnseenTasks(tasks: readonly FinishedTask[], before: Progress, { completed = 0 }: Progress): readonly FinishedTask[] {
  if (completed > maxCompletedTasks) return tasks;
  const knownPositions = new Set(tasks.map(({ position }) => position));
  const positions = Array.from({ length: Math.min(Math.max(0, completed), maxUnseenTasks) }, (_, index) => completed - index);
  const maxAdded = maxUnseenTasks - tasks.length;
  const unseenPositions = positions.filter((position) => !knownPositions.has(position)).slice(0, Math.max(0, maxAdded));
  const addedTasks = unseenPositions.map((position) => unseenTask(position, before));
  return addedTasks.length === 0 ? tasks : [...tasks, ...addedTasks].sort((a, b) => a.position - b.position);
}

/** Returns a task without an output. The name is empty unless this was the current task in the previous response. */
function unseenTask(position: number, { completed, current = '', agent }: Progress): FinishedTask {
  const isNamed = completed !== undefined && position === completed + 1 && current !== '';
  const fields = isNamed ? { name: current, ...(agent !== undefined && { agent }) } : { name: '' };
  return { position, ...fields, hasOutput: false, isUnseen: true };
}

/** Sets the end time of new tasks. Of several new unseen tasks, only the last one gets an end time. */
function withSeenAt(before: readonly FinishedTask[], tasks: readonly FinishedTask[], endedAt: number, completed?: number) {
  const knownPositions = new Set(before.map(({ position }) => position));
  const isTimed = ({ position, isUnseen }: FinishedTask): boolean => !knownPositions.has(position) && (!isUnseen || position === completed);
  return tasks === before ? tasks : tasks.map((task) => (isTimed(task) ? { ...task, seenAt: endedAt } : task));
}

export type CurrentTask = Pick<FinishedTask, 'position' | 'name' | 'agent'>;

/** Returns the current task in the last progress; undefined if the server sent none. */
export function lastKnownTask({ progress, tasks }: Pick<Kickoff, 'progress' | 'tasks'>): CurrentTask | undefined {
  const { current, completed = 0, agent } = progress;
  if (current === undefined) return undefined;
  return { name: current, position: Math.max(completed, tasks.at(-1)?.position ?? 0) + 1, ...(agent !== undefined && { agent }) };
}

/** Returns the unfinished task of a failed or stopped run; undefined if the last known task finished. */
export function interruptedTask(kickoff: Kickoff): CurrentTask | undefined {
  const { phase, tasks } = kickoff;
  const task = phase.kind === 'failed' || phase.kind === 'stopped' ? lastKnownTask(kickoff) : undefined;
  return tasks.at(-1)?.name === task?.name ? undefined : task;
}

export function currentTask(kickoff: Kickoff): CurrentTask | undefined {
  const { kind } = kickoff.phase;
  return kind === 'running' || kind === 'waiting' ? lastKnownTask(kickoff) : undefined;
}
