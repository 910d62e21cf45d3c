import type { Answer } from './kickoff';
import { isContinued, markOf } from './outputMark';
import type { TaskSeen } from './tasks';

/** A task as an answer tells of it. */
type Told = Answer['tasks'][number];

/** A count beyond is nonsense, and places near the limit of exact numbers would fall together. */
export const mostTasks = 100_000;

/** Tasks of one run that are kept. No crew comes near; each answer could show as many others. */
export const mostSeen = 2_000;

/** How many tasks of the same name are looked at for outputs that have grown: each takes a hash of an output. */
const mostCompared = 100;

/** Where the last executed task belongs: at the count of completed tasks, but never over another task. */
export function placeOf(seen: readonly TaskSeen[], told: Told, completed: number | undefined): number {
  const last = seen.findLast(({ isPassed }) => !isPassed);
  const isBehind = completed === undefined || completed <= (last?.position ?? 0);
  const isLast = last !== undefined && (isSame(last, told) || ((told.name ?? '') === '' && last.name === '' && agrees(last, told)));
  if (isLast && (isBehind || hasSameOutput(last, told))) return last.position;

  const next = (seen.at(-1)?.position ?? 0) + 1;
  if (completed === undefined || completed < 1 || completed > mostTasks) return next;
  const there = seen.find(({ position }) => position === completed);
  if (!there || agrees(there, told)) return completed;
  return seen.find((one) => hasSameOutput(one, told) && agrees(one, told))?.position ?? next;
}

/** Where the tasks of a whole list belong: each at its index, but never over another task; what is surely the same is looked for first. */
export function placesInList(seen: readonly TaskSeen[], list: readonly Told[]): readonly number[] {
  const left = new Map(seen.map((one) => [one.position, one]));
  const places: (number | undefined)[] = list.map(() => undefined);
  const found = (by: (told: Told, index: number) => TaskSeen | undefined): void =>
    list.forEach((told, index) => {
      places[index] ??= by(told, index)?.position;
      left.delete(places[index] ?? 0);
    });
  type Fits = (one: TaskSeen, told: Told) => boolean;
  const there = (fits: Fits) => (told: Told, index: number) => [left.get(index + 1)].find((one) => one !== undefined && fits(one, told));
  const among = (those: (told: Told) => readonly TaskSeen[] | undefined, fits: Fits) => (told: Told) =>
    those(told)?.find((one) => left.has(one.position) && fits(one, told));
  const byOutput = Map.groupBy(seen, ({ outputMark }) => outputMark ?? '');
  const byName = Map.groupBy(seen, ({ name }) => name);
  const ofOutput = (told: Told) => byOutput.get(outputMarkOf(told) ?? 'none');
  let compared = 0;

  found(among(ofOutput, (one, { name = '' }) => one.name === name));
  found(among(ofOutput, (one, { name = '' }) => one.name === '' || name === ''));
  found(there(isSame));
  found(
    among(
      ({ name }) => (name ? byName.get(name) : undefined),
      (one, told) => compared++ < mostCompared && agrees(one, told),
    ),
  );
  found(there((one, told) => agrees(one, told) && !isBlank(told)));
  found(there((_, told) => isBlank(told)));
  found((told) => (isBlank(told) ? left.values().next().value : undefined));
  return withFree(places, new Set(seen.map(({ position }) => position)));
}

/** What has no place yet gets one that no other task has. */
function withFree(places: readonly (number | undefined)[], taken: ReadonlySet<number>): readonly number[] {
  let last = 0;
  return places.map((place, index) => {
    if (place !== undefined) return place;
    last = Math.max(last, index) + 1;
    while (taken.has(last)) last++;
    return last;
  });
}

/** Whether nothing that is known of both speaks against their being the same; of one that only passed nothing is known for sure. */
function agrees(seen: TaskSeen, told: Told): boolean {
  const { name = '', output = '' } = told;
  if (seen.isPassed) return true;
  if (seen.name !== '' && name !== '' && seen.name !== name) return false;
  if (seen.outputMark === undefined || output === '' || hasSameOutput(seen, told)) return true;
  return name !== '' && seen.name === name && isContinued(seen.outputMark, output);
}

/** Whether an answer tells of a task, but not of which. */
function isBlank(told: Told): boolean {
  return (told.name ?? '') === '' && outputMarkOf(told) === undefined;
}

/** Whether something that is known of both says that they are the same. */
function isSame(seen: TaskSeen, told: Told): boolean {
  return agrees(seen, told) && ((seen.name !== '' && seen.name === told.name) || hasSameOutput(seen, told));
}

function hasSameOutput({ outputMark }: TaskSeen, told: Told): boolean {
  return outputMark !== undefined && outputMark === outputMarkOf(told);
}

/** Kept for as long as the answer lives: an output may be large, and each place is compared with it. */
const marks = new WeakMap<Told, string>();

/** What tells the output of a task from others; undefined when there is none. */
export function outputMarkOf(told: Told): string | undefined {
  if (told.output === undefined || told.output === '') return undefined;
  const mark = marks.get(told) ?? markOf(told.output);
  marks.set(told, mark);
  return mark;
}
