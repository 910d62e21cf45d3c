import type { Answer, Kickoff, Progress } from './kickoff';
import { mostSeen, mostTasks } from './taskPlaces';
import { collected, type TaskSeen } from './tasks';

/** A list of rows without an output, however long, is no help; half of the room there is stays for what is shown. */
const mostPassed = mostSeen / 2;

/** The tasks of a run after an answer: those it shows, and those it tells to be over without showing them. `at` is when they ended, if watched. */
export function tasksAfter({ tasks, progress }: Kickoff, answer: Answer, at: number | undefined): readonly TaskSeen[] {
  const after = withPassed(collected(tasks, answer).tasks, progress, answer.progress);
  return at === undefined ? after : seenAt(tasks, after, { at, completed: answer.progress.completed });
}

/** The count may go on by more than one between two answers, and some deployments show no task before the end. */
function withPassed(tasks: readonly TaskSeen[], before: Progress, { completed = 0 }: Progress): readonly TaskSeen[] {
  if (completed > mostTasks) return tasks;
  const known = new Set(tasks.map(({ position }) => position));
  const positions = Array.from({ length: Math.min(Math.max(0, completed), mostPassed) }, (_, index) => completed - index);
  const room = mostPassed - tasks.length;
  const unseen = positions.filter((position) => !known.has(position)).slice(0, Math.max(0, room));
  const passed = unseen.map((position) => passedAt(position, before));
  return passed.length === 0 ? tasks : [...tasks, ...passed].sort((a, b) => a.position - b.position);
}

/** What was under way at that place gave it its name. */
function passedAt(position: number, { completed, current = '', agent }: Progress): TaskSeen {
  const isNamed = completed !== undefined && position === completed + 1 && current !== '';
  const known = isNamed ? { name: current, ...(agent !== undefined && { agent }) } : { name: '' };
  return { position, ...known, hasOutput: false, isPassed: true };
}

/** Puts down when those tasks were done that were not known before; of several that passed, only the last is known to have ended just now. */
function seenAt(
  before: readonly TaskSeen[],
  tasks: readonly TaskSeen[],
  { at, completed }: { readonly at: number; readonly completed: number | undefined },
): readonly TaskSeen[] {
  const known = new Set(before.map(({ position }) => position));
  const isTimed = ({ position, isPassed }: TaskSeen): boolean => !known.has(position) && (!isPassed || position === completed);
  return tasks === before ? tasks : tasks.map((task) => (isTimed(task) ? { ...task, seenAt: at } : task));
}
