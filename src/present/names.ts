import type { Kickoff, Progress } from '#core/kickoff/kickoff';
import { shortId } from '#core/kickoff/kickoffId';
import { interruptedTask } from '#core/kickoff/tasks';
import { words, type Translate } from '#present/words/words';
import { clean, defuse } from './cleanText';

const maxListedNameLength = 40;

const stepTexts = new Map<string, string>([
  [words.tasksFinished, words.stepsFinished],
  [words.spokenTask, words.spokenStep],
  [words.taskNumber, words.stepNumber],
  [words.taskNumbers, words.stepNumbers],
  [words.reportTasks, words.reportSteps],
  [words.timeline, words.stepTimeline],
]);

/** Returns `t`, with texts about steps in place of texts about tasks for a flow, because AMP reports the steps of a flow as its tasks. */
export function withSteps({ isFlow }: Kickoff, t: Translate): Translate {
  return isFlow ? (text, ...values) => t(stepTexts.get(text) ?? text, ...values) : t;
}

/** Returns a run's label, else an input, the output's title, or the short ID. A failed run's title doesn't count: it is from a task. */
export function nameOf({ label = '', title = '', inputLabel = '', phase, id }: Kickoff, maxLengthWithoutLabel = 60): string {
  const outputTitle = phase.kind === 'failed' ? '' : clean(title, maxLengthWithoutLabel);
  return clean(label) || clean(inputLabel, maxLengthWithoutLabel) || outputTitle || shortId(id);
}

/** Returns a run's label, else an input or the short ID. Excludes titles, because a new name would open a run's documents a second time. */
export function lastingName({ label = '', inputLabel = '', id }: Kickoff): string {
  return clean(label) || clean(inputLabel) || shortId(id);
}

/** Returns `2/3`, or a count if the total is unknown, as for a flow. Returns `undefined` if the progress is unknown. */
export function progressText({ completed, total }: Progress, t: Translate): string | undefined {
  if (completed === undefined) return undefined;
  // Passes a text, because `t` would write out all digits of a huge number from the server.
  return total === undefined ? t(words.tasksFinished, `${completed}`) : `${completed}/${total}`;
}

/** Returns the task in which a run failed or was stopped, such as `write (2 of 3)`. Undefined if the task is unknown. */
export function interruptedTaskText(kickoff: Kickoff, t: Translate): string | undefined {
  const { name = '', position = 0 } = interruptedTask(kickoff) ?? {};
  const { total = 0 } = kickoff.progress;
  if (clean(name) === '') return undefined;
  return position <= total ? t(words.taskOfAll, clean(name), `${position}`, `${total}`) : clean(name);
}

/** Returns a text such as `failed in write (2 of 3)`. Empty if the task is unknown. */
export function interruptionText(kickoff: Kickoff, t: Translate): string {
  const task = interruptedTaskText(kickoff, t);
  return task === undefined ? '' : t(kickoff.phase.kind === 'failed' ? words.failedIn : words.stoppedIn, task);
}

/** Returns the text for a run's status, or AMP's own word for a status that the extension doesn't know. */
export function phaseText({ phase, checkedAt }: Kickoff, t: Translate): string {
  if (checkedAt === undefined) return t(words.notCheckedYet);
  return phase.kind === 'running' && phase.stateText !== undefined ? clean(phase.stateText) : t(words[phase.kind]);
}

export function spokenList(facts: readonly string[], t: Translate): string {
  const [first = '', ...others] = facts;
  return others.reduce((text, fact) => t(words.spokenList, text, fact), first);
}

/** Returns the facts that aren't empty, false, or undefined. */
export function nonEmpty(facts: readonly (string | false | undefined)[]): readonly string[] {
  return facts.filter((fact): fact is string => typeof fact === 'string' && fact !== '');
}

/** Returns the first `maxNames` different names, cleaned for notifications, then a text with the number of others. */
export function firstUniqueNames(names: readonly string[], maxNames: number, t: Translate): readonly string[] {
  const uniqueNames = [...new Set(names.map((name) => defuse(name, maxListedNameLength) || '""'))];
  const otherCount = uniqueNames.length - maxNames;
  return otherCount > 0 ? [...uniqueNames.slice(0, maxNames), t(words.moreNames, otherCount)] : uniqueNames;
}
