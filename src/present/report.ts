import type { Deployment } from '../core/deployment';
import { isSettled, type Answer, type Kickoff } from '../core/kickoff';
import type { Standstill } from '../core/standstill';
import type { Trouble } from '../core/trouble';
import { clean, uncoloured } from './clean';
import { doing, phaseNote, tokensText } from './doing';
import { escaped, fenced } from './harmless';
import { hint } from './hints';
import { nameOf, phaseText, progressText } from './naming';
import { longestInReport, rendered } from './rendered';
import { standstillText } from './standstillText';
import { numberedTask, taskRows, type TaskRow } from './taskLook';
import { timeline } from './timeline';
import { duration, elapsed, startAndEnd, type FormatDate } from './times';
import { troubleText } from './troubleText';
import { words, type Translate } from './words';
import { wordsRead } from './wordsRead';

/** With more tasks than that their picture stands with them: above it would push what they led to off the first screen. */
const mostAbove = 8;

/** Characters that a report shows of all its tasks together. */
const longestOfTasks = 1_000_000;

/** Everything that a report tells of one run. */
export interface ReportParts {
  readonly kickoff: Kickoff;
  readonly deployment: Deployment | undefined;
  readonly trouble: Trouble | undefined;
  readonly standstill?: Standstill | undefined;
  readonly output: Answer['output'];
  readonly taskOutputs: ReadonlyMap<number, string>;
  readonly now: number;
  readonly formatDate: FormatDate;
}

/** The whole-run document, as Markdown: the reason of a failure first, then its tasks in time, then the output, then each task. */
export function report(parts: ReportParts, t: Translate): string {
  const { kickoff } = parts;
  const picture = [timeline(kickoff, parts.now, t) ?? []].flat();
  const isAbove = kickoff.tasks.length <= mostAbove;
  return [
    `# ${escaped(nameOf(kickoff))}`,
    facts(parts, t),
    ...part('above', [...note(kickoff, t), ...reason(kickoff, t), ...(isAbove ? picture : []), ...output(parts, t)]),
    ...tasks(parts, isAbove ? [] : picture, t),
    '',
  ].join('\n\n');
}

/**
 * What comes and goes while a run goes on stands in a part of its own, that is there when it is empty too: the preview compares
 * the elements of two reports one after the other, and would move all that stand behind one that is new, and lose the reader's place.
 */
function part(name: string, content: readonly string[]): readonly string[] {
  return [`<div id="report:${name}">`, ...content, '</div>'];
}

/** How it is, what it is about while it goes on, and which it is. */
function facts({ kickoff, deployment, trouble, standstill, now, formatDate }: ReportParts, t: Translate): string {
  const isOpen = !isSettled(kickoff.phase);
  const { progress } = kickoff;
  const time = elapsed(kickoff, now);
  const state = [phaseText(kickoff, t), ...(trouble ? [troubleText(trouble, now, t)] : [])].join(' · ');
  const more = [
    ...(isOpen ? [progressText(progress), clean(progress.current ?? '')] : []),
    time && (isOpen ? t(wordsRead.timeSoFar, time) : time),
    standstillText(standstill, t),
    tokensText(kickoff, t),
  ];
  const which = [
    deployment && `${t(words.reportDeployment)}: ${clean(deployment.label)} (${deployment.url})`,
    `${t(words.reportId)}: ${kickoff.id}`,
  ];
  const about = doing(kickoff, t).map(([name, text]) => told([`${name}: ${text}`]));
  const times = told(startAndEnd(kickoff, formatDate, t));
  const lines = [[`**${escaped(state)}**`, ...told(more)], ...(times.length > 0 ? [times] : []), ...about, told(which)];
  return lines.map((line) => line.join(' · ')).join('  \n');
}

function told(parts: readonly (string | undefined)[]): readonly string[] {
  return parts.flatMap((part) => (part === undefined || part === '' ? [] : [escaped(part)]));
}

function note(kickoff: Kickoff, t: Translate): readonly string[] {
  const says = phaseNote(kickoff, t);
  return says === undefined ? [] : [escaped(says)];
}

function reason({ phase }: Kickoff, t: Translate): readonly string[] {
  if (phase.kind !== 'failed' || phase.reason === undefined) return [];
  const known = hint(phase.reason, t);
  return [`## ${t(wordsRead.reportReason)}`, fenced(uncoloured(phase.reason), 'text'), ...(known === undefined ? [] : [escaped(known)])];
}

/** What a failed run's last task put out stands with that task, and is no output of the run. */
function output({ kickoff: { phase, output: language }, output: text, taskOutputs }: ReportParts, t: Translate): readonly string[] {
  const isFailed = phase.kind === 'failed';
  if (text && !(isFailed && [...taskOutputs.values()].includes(text.text)))
    return [`## ${t(wordsRead.reportOutput)}`, rendered(text.text, t)];
  if (isFailed || !isSettled(phase)) return [];
  return [`## ${t(wordsRead.reportOutput)}`, `*${t(language === undefined ? wordsRead.reportNoOutput : wordsRead.answerLost)}*`];
}

function tasks({ kickoff, taskOutputs }: ReportParts, picture: readonly string[], t: Translate): readonly string[] {
  if (kickoff.tasks.length === 0) return [];
  let left = longestOfTasks;
  const each = taskRows(kickoff.tasks).map((task) => {
    const text = taskOutputs.get(task.position);
    const shown = text === undefined ? `*${t(wordsRead.reportNoTaskOutput)}*` : rendered(text, t, Math.min(left, longestInReport));
    left -= shown.length;
    return taskPart(task, shown, t);
  });
  return [`## ${t(wordsRead.reportTasks)}`, ...part('picture', picture), ...each];
}

/** By its id the preview knows a task again when the report is drawn anew, and leaves it unfolded; no heading of a server can bear one like it. */
function taskPart(task: TaskRow, shown: string, t: Translate): string {
  const title = [
    numberedTask(task, t),
    clean(task.agent ?? ''),
    task.executionSeconds === undefined ? '' : duration(task.executionSeconds),
  ];
  return [`<details id="task:${task.position}"><summary>${told(title).join(' · ')}</summary>`, shown, '</details>'].join('\n\n');
}
