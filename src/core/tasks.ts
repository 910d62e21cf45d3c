import type { Answer } from './kickoff';

/** A task that was seen to end; its place in the run counts from 1. */
export interface TaskSeen {
  readonly position: number;
  readonly name: string;
  readonly agent?: string;
  readonly executionSeconds?: number;
  readonly hasOutput: boolean;
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
 * nothing seen is ever dropped or overwritten by another task. Gives the same list back when there is nothing to add.
 */
export function collected(seen: readonly TaskSeen[], answer: Answer): Collected {
  const outputs: { position: number; output: string }[] = [];
  const listed = answer.hasAllTasks
    ? placesInList(
        seen,
        answer.tasks.map(({ name = '' }) => name),
      )
    : [];
  let tasks = seen;

  answer.tasks.forEach((task, index) => {
    const name = task.name ?? '';
    const position = listed[index] ?? placeOf(tasks, name, answer.progress.completed);
    const before = tasks.find((one) => one.position === position);
    const hasOutput = task.output !== undefined && task.output !== '';
    if (hasOutput) outputs.push({ position, output: task.output });

    const after: TaskSeen = {
      ...before,
      position,
      name: name || (before?.name ?? ''),
      ...(task.agent !== undefined && { agent: task.agent }),
      ...(task.executionSeconds !== undefined && { executionSeconds: task.executionSeconds }),
      hasOutput: hasOutput || before?.hasOutput === true,
    };
    if (!before || !sameTask(before, after))
      tasks = [...tasks.filter((one) => one !== before), after].sort((a, b) => a.position - b.position);
  });
  return { tasks, outputs };
}

/** Puts down when those tasks were done that were not seen before. */
export function seenAt(before: readonly TaskSeen[], tasks: readonly TaskSeen[], at: number): readonly TaskSeen[] {
  const known = new Set(before.map(({ position }) => position));
  return tasks === before ? tasks : tasks.map((task) => (known.has(task.position) ? task : { ...task, seenAt: at }));
}

/** Where the tasks of a whole list belong: each at its index, but never over another task. */
function placesInList(seen: readonly TaskSeen[], names: readonly string[]): readonly number[] {
  const left = new Map(seen.map(({ position, name }) => [position, name]));
  const fitting = names.map((name, index) => {
    const there = left.get(index + 1);
    if (there && name && there !== name) return undefined;
    left.delete(index + 1);
    return index + 1;
  });
  let last = Math.max(names.length, seen.at(-1)?.position ?? 0);
  return fitting.map((fits, index) => {
    const place = fits ?? [...left].find(([, name]) => name === names[index])?.[0] ?? ++last;
    left.delete(place);
    return place;
  });
}

/** A count beyond is nonsense, and places near the limit of exact numbers would fall together. */
const mostTasks = 100_000;

/** Where the last executed task belongs: at the count of completed tasks, but never over another task. */
function placeOf(seen: readonly TaskSeen[], name: string, completed: number | undefined): number {
  const last = seen.at(-1);
  const next = (last?.position ?? 0) + 1;
  if (last?.name === name && (completed === undefined || completed <= last.position)) return last.position;
  if (completed === undefined || completed < 1 || completed > mostTasks) return next;

  const there = seen.find(({ position }) => position === completed);
  return !there || there.name === name ? completed : next;
}

function sameTask(one: TaskSeen, other: TaskSeen): boolean {
  return (
    one.name === other.name &&
    one.agent === other.agent &&
    one.executionSeconds === other.executionSeconds &&
    one.hasOutput === other.hasOutput
  );
}
