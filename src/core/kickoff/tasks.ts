import type { Answer, Kickoff, Progress, TaskSeen } from './kickoff';
import { maxKeptTasks, maxTasks, outputHashOf, positionOf, positionsInList } from './taskMatching';

/** What the store writes for the tasks of one answer. */
export interface MergedTasks {
  readonly tasks: readonly TaskSeen[];
  readonly outputs: readonly { readonly position: number; readonly output: string }[];
}

/**
 * Adds the tasks of an answer to those seen before.
 *
 * The live dialect shows only the last task, so a client that keeps each as it goes by is the only place where all of them exist:
 * nothing seen is ever dropped or overwritten by another task. Gives the same list back when there is nothing to add. A run that
 * has as many tasks as can be kept gets no more; those that it has are still filled.
 */
export function mergeTasks(seen: readonly TaskSeen[], answer: Answer): MergedTasks {
  const outputs: { position: number; output: string }[] = [];
  const listed = answer.hasAllTasks ? positionsInList(seen, answer.tasks) : [];
  const tasks = new Map(seen.map((one) => [one.position, one]));

  answer.tasks.forEach((task, index) => {
    const position = listed[index] ?? positionOf(byPosition(tasks), task, answer.progress.completed);
    const before = tasks.get(position);
    if (!before && tasks.size >= maxKeptTasks) return;
    const after = mergeTask(before, task, position);
    // What is kept is not written again with each answer: it may be large.
    const isKept = before?.hasOutput && before.outputHash === after.outputHash;
    if (task.output !== undefined && task.output !== '' && !isKept) outputs.push({ position, output: task.output });
    if (!before || !sameTask(before, after)) tasks.set(position, after);
  });
  const isSame = tasks.size === seen.length && seen.every((one) => tasks.get(one.position) === one);
  return { tasks: isSame ? seen : byPosition(tasks), outputs };
}

function byPosition(tasks: ReadonlyMap<number, TaskSeen>): readonly TaskSeen[] {
  return [...tasks.values()].sort((a, b) => a.position - b.position);
}

/** A task with what an answer tells of it; what it does not tell stays. */
function mergeTask(before: TaskSeen | undefined, task: Answer['tasks'][number], position: number): TaskSeen {
  const { name = '', agent, executionSeconds, language } = task;
  const outputHash = outputHashOf(task);
  const { isUnseen: _, ...known } = before ?? { name: '', hasOutput: false };
  return {
    ...known,
    position,
    name: name || known.name,
    ...(agent !== undefined && { agent }),
    ...(executionSeconds !== undefined && { executionSeconds }),
    ...(outputHash !== undefined && { hasOutput: true, outputHash, ...(language && { language }) }),
  };
}

function sameTask(one: TaskSeen, other: TaskSeen): boolean {
  return (
    one.name === other.name &&
    one.agent === other.agent &&
    one.executionSeconds === other.executionSeconds &&
    one.hasOutput === other.hasOutput &&
    one.outputHash === other.outputHash &&
    one.language === other.language &&
    one.isUnseen === other.isUnseen
  );
}

/** A list of rows without an output, however long, is no help; half of the room there is stays for what is shown. */
const maxUnseen = maxKeptTasks / 2;

/** The tasks of a run after an answer: those it shows, and those it tells to be over without showing them. `at` is when they ended, if watched. */
export function tasksAfter({ tasks, progress }: Kickoff, answer: Answer, at: number | undefined): readonly TaskSeen[] {
  const after = addUnseenTasks(mergeTasks(tasks, answer).tasks, progress, answer.progress);
  return at === undefined ? after : withSeenAt(tasks, after, { at, completed: answer.progress.completed });
}

/** The count may go on by more than one between two answers, and some deployments show no task before the end. */
function addUnseenTasks(tasks: readonly TaskSeen[], before: Progress, { completed = 0 }: Progress): readonly TaskSeen[] {
  if (completed > maxTasks) return tasks;
  const known = new Set(tasks.map(({ position }) => position));
  const positions = Array.from({ length: Math.min(Math.max(0, completed), maxUnseen) }, (_, index) => completed - index);
  const room = maxUnseen - tasks.length;
  const unseen = positions.filter((position) => !known.has(position)).slice(0, Math.max(0, room));
  const added = unseen.map((position) => unseenTask(position, before));
  return added.length === 0 ? tasks : [...tasks, ...added].sort((a, b) => a.position - b.position);
}

/** What was under way at that place gave it its name. */
function unseenTask(position: number, { completed, current = '', agent }: Progress): TaskSeen {
  const isNamed = completed !== undefined && position === completed + 1 && current !== '';
  const known = isNamed ? { name: current, ...(agent !== undefined && { agent }) } : { name: '' };
  return { position, ...known, hasOutput: false, isUnseen: true };
}

/** Puts down when those tasks were done that were not known before; of several that passed, only the last is known to have ended just now. */
function withSeenAt(
  before: readonly TaskSeen[],
  tasks: readonly TaskSeen[],
  { at, completed }: { readonly at: number; readonly completed: number | undefined },
): readonly TaskSeen[] {
  const known = new Set(before.map(({ position }) => position));
  const isTimed = ({ position, isUnseen }: TaskSeen): boolean => !known.has(position) && (!isUnseen || position === completed);
  return tasks === before ? tasks : tasks.map((task) => (isTimed(task) ? { ...task, seenAt: at } : task));
}

/** The task that a run is at; its place follows on all that are done. */
export interface CurrentTask {
  readonly position: number;
  readonly name: string;
  readonly agent?: string;
}

/** What a run is at, or was at when it ended; undefined when its server does not say. */
export function lastKnownTask({ progress, tasks }: Pick<Kickoff, 'progress' | 'tasks'>): CurrentTask | undefined {
  const { current, completed = 0, agent } = progress;
  if (current === undefined) return undefined;
  return { name: current, position: Math.max(completed, tasks.at(-1)?.position ?? 0) + 1, ...(agent !== undefined && { agent }) };
}

/** What an open run is at; undefined when it is at nothing, or nobody knows. */
export function currentTask(kickoff: Kickoff): CurrentTask | undefined {
  const { kind } = kickoff.phase;
  return kind === 'running' || kind === 'waiting' ? lastKnownTask(kickoff) : undefined;
}
