import type { Deployment } from '#core/kickoff/deployment';
import { isSettled, type Answer, type Kickoff, type Phase } from '#core/kickoff/kickoff';
import type { Stall } from '#core/kickoff/stall';
import type { Trouble } from '#core/kickoff/trouble';
import { clean, uncoloured } from '#present/cleanText';
import { agentDetails, phaseNote, tokensText } from '#present/details';
import { escapeMarkdown, fenced } from '#present/markdown/safeMarkdown';
import { nameOf, progressText } from '#present/names';
import { stallText } from '#present/rows/stallText';
import { numberedTask, taskRows, type TaskRow } from '#present/rows/taskRow';
import { duration, elapsed, startAndEnd, type FormatDate } from '#present/times';
import { troubleText } from '#present/troubleText';
import { documentWords } from '#present/words/documentWords';
import { words, type Translate } from '#present/words/words';
import { failureHint } from './failureHints';
import { longestInReport, reportOutput } from './reportOutput';
import { timeline } from './timeline';

/** With more tasks than that their picture stands with them: above it would push what they led to off the first screen. */
const mostAbove = 8;

/** Characters that a report shows of all its tasks together. */
const longestOfTasks = 1_000_000;

/** Everything that a report tells of one run. */
export interface ReportParts {
  readonly kickoff: Kickoff;
  readonly deployment: Deployment | undefined;
  readonly trouble: Trouble | undefined;
  readonly stall?: Stall | undefined;
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
    `# ${escapeMarkdown(nameOf(kickoff))}`,
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
function facts({ kickoff, deployment, trouble, stall, now, formatDate }: ReportParts, t: Translate): string {
  const isOpen = !isSettled(kickoff.phase);
  const { progress } = kickoff;
  const time = elapsed(kickoff, now);
  const state = [statusText(kickoff, t), ...(trouble ? [troubleText(trouble, now, t)] : [])].join(' · ');
  const more = [
    ...(isOpen ? [progressText(progress), clean(progress.current ?? '')] : []),
    time && (isOpen ? t(documentWords.timeSoFar, time) : time),
    stallText(stall, t),
    tokensText(kickoff, t),
  ];
  const which = [deployment && t(words.reportDeployment, clean(deployment.label), deployment.url), t(words.reportId, kickoff.id)];
  const about = agentDetails(kickoff, t).map((text) => escapeAll([text]));
  const times = escapeAll(startAndEnd(kickoff, formatDate, t));
  const lines = [[`**${escapeMarkdown(state)}**`, ...escapeAll(more)], ...(times.length > 0 ? [times] : []), ...about, escapeAll(which)];
  return lines.map((line) => line.join(' · ')).join('  \n');
}

const statuses = {
  queued: documentWords.reportQueued,
  running: documentWords.reportRunning,
  waiting: documentWords.reportWaiting,
  missing: documentWords.reportMissing,
  succeeded: documentWords.reportSucceeded,
  failed: documentWords.reportFailed,
  stopped: documentWords.reportStopped,
} as const satisfies Record<Phase['kind'], string>;

/** Returns the status as the first words of the report: AMP's own word if it isn't a known one. */
function statusText({ phase, checkedAt }: Kickoff, t: Translate): string {
  if (checkedAt === undefined) return t(documentWords.reportNotCheckedYet);
  return phase.kind === 'running' && phase.stateText !== undefined ? clean(phase.stateText) : t(statuses[phase.kind]);
}

function escapeAll(parts: readonly (string | undefined)[]): readonly string[] {
  return parts.flatMap((part) => (part === undefined || part === '' ? [] : [escapeMarkdown(part)]));
}

function note(kickoff: Kickoff, t: Translate): readonly string[] {
  const says = phaseNote(kickoff, t);
  return says === undefined ? [] : [escapeMarkdown(says)];
}

function reason({ phase }: Kickoff, t: Translate): readonly string[] {
  if (phase.kind !== 'failed' || phase.reason === undefined) return [];
  const known = failureHint(phase.reason, t);
  return [
    `## ${t(documentWords.reportReason)}`,
    fenced(uncoloured(phase.reason), 'text'),
    ...(known === undefined ? [] : [escapeMarkdown(known)]),
  ];
}

/** What a failed run's last task put out stands with that task, and is no output of the run. */
function output({ kickoff: { phase, output: language }, output: text, taskOutputs }: ReportParts, t: Translate): readonly string[] {
  const isFailed = phase.kind === 'failed';
  if (text && !(isFailed && [...taskOutputs.values()].includes(text.text)))
    return [`## ${t(documentWords.reportOutput)}`, reportOutput(text.text, t)];
  if (isFailed || !isSettled(phase)) return [];
  return [
    `## ${t(documentWords.reportOutput)}`,
    `*${t(language === undefined ? documentWords.reportNoOutput : documentWords.answerLost)}*`,
  ];
}

function tasks({ kickoff, taskOutputs }: ReportParts, picture: readonly string[], t: Translate): readonly string[] {
  if (kickoff.tasks.length === 0) return [];
  let left = longestOfTasks;
  const each = taskRows(kickoff.tasks).map((task) => {
    const text = taskOutputs.get(task.position);
    const shown = text === undefined ? `*${t(documentWords.reportNoTaskOutput)}*` : reportOutput(text, t, Math.min(left, longestInReport));
    left -= shown.length;
    return taskPart(task, shown, t);
  });
  return [`## ${t(documentWords.reportTasks)}`, ...part('picture', picture), ...each];
}

/** By its id the preview knows a task again when the report is drawn anew, and leaves it unfolded; no heading of a server can bear one like it. */
function taskPart(task: TaskRow, shown: string, t: Translate): string {
  const title = [
    numberedTask(task, t),
    clean(task.agent ?? ''),
    task.executionSeconds === undefined ? '' : duration(task.executionSeconds),
  ];
  return [`<details id="task:${task.position}"><summary>${escapeAll(title).join(' · ')}</summary>`, shown, '</details>'].join('\n\n');
}
