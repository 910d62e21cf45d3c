import type { Answer } from './kickoff';
import type { Language } from './language';
import { mostSeen, outputMarkOf, placeOf, placesInList } from './taskPlaces';

/** A task that has ended; its place in the run counts from 1. */
export interface TaskSeen {
  readonly position: number;
  /** Empty while nobody knows it. */
  readonly name: string;
  readonly agent?: string;
  readonly executionSeconds?: number;
  readonly hasOutput: boolean;
  readonly language?: Language;
  /** What tells its output from another's. */
  readonly outputMark?: string;
  /** It ended between two answers and no answer showed it: its name is at most that of what was under way there. */
  readonly isPassed?: boolean;
  /** When it was done: halfway between the answer that showed it first and the one before; undefined when nobody watched. */
  readonly seenAt?: number;
}

/** What the store writes for the tasks of one answer. */
export interface Collected {
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
export function collected(seen: readonly TaskSeen[], answer: Answer): Collected {
  const outputs: { position: number; output: string }[] = [];
  const listed = answer.hasAllTasks ? placesInList(seen, answer.tasks) : [];
  const tasks = new Map(seen.map((one) => [one.position, one]));

  answer.tasks.forEach((task, index) => {
    const position = listed[index] ?? placeOf(inOrder(tasks), task, answer.progress.completed);
    const before = tasks.get(position);
    if (!before && tasks.size >= mostSeen) return;
    const after = filled(before, task, position);
    // What is kept is not written again with each answer: it may be large.
    const isKept = before?.hasOutput && before.outputMark === after.outputMark;
    if (task.output !== undefined && task.output !== '' && !isKept) outputs.push({ position, output: task.output });
    if (!before || !sameTask(before, after)) tasks.set(position, after);
  });
  const isSame = tasks.size === seen.length && seen.every((one) => tasks.get(one.position) === one);
  return { tasks: isSame ? seen : inOrder(tasks), outputs };
}

function inOrder(tasks: ReadonlyMap<number, TaskSeen>): readonly TaskSeen[] {
  return [...tasks.values()].sort((a, b) => a.position - b.position);
}

/** A task with what an answer tells of it; what it does not tell stays. */
function filled(before: TaskSeen | undefined, task: Answer['tasks'][number], position: number): TaskSeen {
  const { name = '', agent, executionSeconds, language } = task;
  const outputMark = outputMarkOf(task);
  const { isPassed: _, ...known } = before ?? { name: '', hasOutput: false };
  return {
    ...known,
    position,
    name: name || known.name,
    ...(agent !== undefined && { agent }),
    ...(executionSeconds !== undefined && { executionSeconds }),
    ...(outputMark !== undefined && { hasOutput: true, outputMark, ...(language && { language }) }),
  };
}

function sameTask(one: TaskSeen, other: TaskSeen): boolean {
  return (
    one.name === other.name &&
    one.agent === other.agent &&
    one.executionSeconds === other.executionSeconds &&
    one.hasOutput === other.hasOutput &&
    one.outputMark === other.outputMark &&
    one.language === other.language &&
    one.isPassed === other.isPassed
  );
}
