import type { Answer, FinishedTask } from './kickoff';
import { startsWithHashed, outputHash } from './outputHash';

type ReportedTask = Answer['tasks'][number];

/** The largest count of completed tasks that is accepted. A hostile server could send any number. */
export const maxCompletedTasks = 100_000;

/** The maximum number of tasks stored for a run. A hostile server could send new tasks with each response. */
export const maxStoredTasks = 2_000;

/** The maximum number of comparisons with stored tasks of the same name for one list, because each may hash a large output. */
const maxComparisons = 100;

/** Returns the position of a task that AMP sent alone: usually the count of completed tasks. A repeated task keeps its position. */
export function positionOf(storedTasks: readonly FinishedTask[], reported: ReportedTask, completed: number | undefined): number {
  const last = storedTasks.findLast(({ isUnseen }) => !isUnseen);
  const isCountBehind = completed === undefined || completed <= (last?.position ?? 0);
  const isRepeat = last !== undefined && canMatch(last, reported) && (last.name === (reported.name ?? '') || hasSameOutput(last, reported));
  if (isRepeat && (isCountBehind || hasSameOutput(last, reported))) return last.position;

  const nextPosition = (storedTasks.at(-1)?.position ?? 0) + 1;
  if (completed === undefined || completed < 1 || completed > maxCompletedTasks) return nextPosition;
  const taskAtCount = storedTasks.find(({ position }) => position === completed);
  if (!taskAtCount || canMatch(taskAtCount, reported)) return completed;
  return storedTasks.find((one) => hasSameOutput(one, reported) && canMatch(one, reported))?.position ?? nextPosition;
}

/** Returns the positions of a full list of tasks. Matches stored tasks by output and name, then by either, then by position. */
export function positionsInList(storedTasks: readonly FinishedTask[], reportedTasks: readonly ReportedTask[]): readonly number[] {
  const unmatched = new Map(storedTasks.map((one) => [one.position, one]));
  const byOutput = Map.groupBy(storedTasks, ({ outputHash }) => outputHash ?? '');
  const byName = Map.groupBy(storedTasks, ({ name }) => name);
  const positions = new Map<number, number>();
  const unmatchedOf = (tasks: readonly FinishedTask[] = []) => tasks.filter(({ position }) => unmatched.has(position));
  const sameOutputTasks = (reported: ReportedTask) => unmatchedOf(byOutput.get(outputHashOf(reported) ?? 'none'));
  const assign = (index: number, match: FinishedTask | undefined): void => {
    if (match && unmatched.delete(match.position)) positions.set(index, match.position);
  };

  for (const [index, reported] of reportedTasks.entries()) {
    const match = sameOutputTasks(reported).find(({ name }) => name === (reported.name ?? ''));
    assign(index, match);
  }

  let comparisonCount = 0;
  for (const [index, reported] of reportedTasks.entries()) {
    const { name = '' } = reported;
    if (positions.has(index) || isBlank(reported)) continue;
    const sameNameTasks = name === '' ? [] : unmatchedOf(byName.get(name));
    const atPosition = unmatched.get(index + 1);
    const match =
      sameOutputTasks(reported).find((one) => one.name === '' || name === '') ??
      sameNameTasks.find((one) => comparisonCount++ < maxComparisons && canMatch(one, reported)) ??
      (atPosition && canMatch(atPosition, reported) ? atPosition : undefined);
    assign(index, match);
  }

  const usedPositions = new Set(storedTasks.map(({ position }) => position));
  let lastPosition = 0;
  return reportedTasks.map((reported, index) => {
    // A task without name and output matches any stored task that has no match yet.
    if (isBlank(reported)) assign(index, unmatched.get(index + 1) ?? unmatched.values().next().value);
    const position = positions.get(index);
    if (position !== undefined) return position;
    lastPosition = Math.max(lastPosition, index) + 1;
    while (usedPositions.has(lastPosition)) lastPosition++;
    return lastPosition;
  });
}

/** Whether a reported task can be this stored task. If the names are equal, the output may have grown at its end. */
function canMatch(stored: FinishedTask, reported: ReportedTask): boolean {
  const { name = '', output = '' } = reported;
  if (stored.isUnseen) return true;
  if (stored.name !== '' && name !== '' && stored.name !== name) return false;
  if (stored.outputHash === undefined || output === '' || hasSameOutput(stored, reported)) return true;
  return name !== '' && stored.name === name && startsWithHashed(stored.outputHash, output);
}

function isBlank(reported: ReportedTask): boolean {
  return (reported.name ?? '') === '' && outputHashOf(reported) === undefined;
}

function hasSameOutput({ outputHash }: FinishedTask, reported: ReportedTask): boolean {
  return outputHash !== undefined && outputHash === outputHashOf(reported);
}

const hashCache = new WeakMap<ReportedTask, string>();

export function outputHashOf(reported: ReportedTask): string | undefined {
  if (reported.output === undefined || reported.output === '') return undefined;
  const hash = hashCache.get(reported) ?? outputHash(reported.output);
  hashCache.set(reported, hash);
  return hash;
}
