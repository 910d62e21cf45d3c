import type { Deployment } from '../core/deployment';
import { isSettled, type Answer, type Kickoff } from '../core/kickoff';
import type { TaskSeen } from '../core/tasks';
import type { Trouble } from '../core/trouble';
import { clean } from './clean';
import { escaped, fenced, harmless } from './harmless';
import { lowered } from './headings';
import { hint } from './hints';
import { nameOf, phaseText, progressText } from './naming';
import { timeline } from './timeline';
import { duration, elapsed } from './times';
import { troubleText } from './troubleText';
import { words, type Translate } from './words';

/** Characters of one output that a report shows: beyond, the preview takes seconds, and the whole is in a tab of its own anyway. */
const longestInReport = 300_000;

/** Everything that a report tells of one run. */
export interface ReportParts {
  readonly kickoff: Kickoff;
  readonly deployment: Deployment | undefined;
  readonly trouble: Trouble | undefined;
  readonly output: Answer['output'];
  readonly taskOutputs: ReadonlyMap<number, string>;
  readonly now: number;
}

/** The whole-run document, as Markdown: the reason of a failure first, then its tasks in time, then the output, then each task. */
export function report(parts: ReportParts, t: Translate): string {
  const { kickoff } = parts;
  const picture = timeline(kickoff, parts.now, t);
  return [
    `# ${escaped(nameOf(kickoff))}`,
    facts(parts, t),
    ...reason(kickoff, t),
    ...(picture === undefined ? [] : [picture]),
    ...output(parts, t),
    ...tasks(parts, t),
    '',
  ].join('\n\n');
}

function facts({ kickoff, deployment, trouble, now }: ReportParts, t: Translate): string {
  const time = elapsed(kickoff, now);
  const progress = isSettled(kickoff.phase) ? [] : [progressText(kickoff.progress) ?? '', clean(kickoff.progress.current ?? '')];
  const state = [phaseText(kickoff, t), ...(trouble ? [troubleText(trouble, t)] : [])];
  const rows: (readonly [string, string | undefined])[] = [
    [t(words.reportState), escaped(state.join(' · '))],
    [t(words.reportProgress), escaped(progress.filter((part) => part !== '').join(' · ')) || undefined],
    [isSettled(kickoff.phase) ? t(words.reportTook) : t(words.reportSoFar), time === undefined ? undefined : escaped(time)],
    [t(words.reportTokens), kickoff.totalTokens?.toLocaleString('en')],
    [t(words.reportDeployment), deployment && escaped(`${clean(deployment.label)} (${deployment.url})`)],
    [t(words.reportId), escaped(kickoff.id)],
  ];
  const known = rows.filter(([, value]) => value !== undefined).map(([name, value]) => `| ${name} | ${value ?? ''} |`);
  return ['| | |', '|---|---|', ...known].join('\n');
}

function reason({ phase }: Kickoff, t: Translate): readonly string[] {
  if (phase.kind !== 'failed' || phase.reason === undefined) return [];
  const known = hint(phase.reason, t);
  return [`## ${t(words.reportReason)}`, fenced(phase.reason, 'text'), ...(known === undefined ? [] : [escaped(known)])];
}

function output({ kickoff, output: text }: ReportParts, t: Translate): readonly string[] {
  if (text) return [`## ${t(words.reportOutput)}`, rendered(text.text, text.language === 'json', t)];
  return kickoff.phase.kind === 'failed' ? [] : [`## ${t(words.reportOutput)}`, `*${t(words.reportNoOutput)}*`];
}

function tasks({ kickoff, taskOutputs }: ReportParts, t: Translate): readonly string[] {
  if (kickoff.tasks.length === 0) return [];
  return [`## ${t(words.reportTasks)}`, ...kickoff.tasks.map((task) => taskPart(task, taskOutputs.get(task.position), t))];
}

function taskPart(task: TaskSeen, text: string | undefined, t: Translate): string {
  const title = [
    `${task.position}. ${clean(task.name)}`,
    clean(task.agent ?? ''),
    task.executionSeconds === undefined ? '' : duration(task.executionSeconds),
  ];
  const summary = escaped(title.filter((part) => part !== '').join(' · '));
  return [
    `<details><summary>${summary}</summary>`,
    text === undefined ? `*${t(words.reportNoTaskOutput)}*` : rendered(text, false, t),
    '</details>',
  ].join('\n\n');
}

/** A server's text as it is meant to be read: JSON as code, a fence around the whole taken off, the rest as Markdown. */
function rendered(whole: string, isJson: boolean, t: Translate): string {
  const text = whole.slice(0, longestInReport);
  return text === whole ? laidOut(text, isJson) : `${laidOut(text, isJson)}\n\n*${t(words.reportCut)}*`;
}

function laidOut(text: string, isJson: boolean): string {
  if (isJson) return fenced(text, 'json');
  const [, language = '', inner] = /^\s*```(\w*)[ \t]*\n([\s\S]*?)\n```\s*$/.exec(text) ?? [];
  if (inner === undefined || inner.includes('\n```')) return lowered(harmless(text));
  return language === '' || language === 'markdown' || language === 'md' ? lowered(harmless(inner)) : fenced(inner, language);
}
