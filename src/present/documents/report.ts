import type { Deployment } from '#core/kickoff/deployment';
import { canonicalPageUrl, deploymentPageUrl } from '#core/kickoff/deploymentUrl';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { Stall } from '#core/kickoff/stall';
import type { Trouble } from '#core/kickoff/trouble';
import { jsonForReport } from '#core/lib/json';
import { withoutColors } from '#core/output/content';
import type { Inputs } from '#core/starts/attempt';
import { clean } from '#present/cleanText';
import { phaseExplanation, runDetails, tokensText } from '#present/details';
import { codeBlock, codeFence, escapeMarkdown, link, linkAddresses } from '#present/markdown/escapeMarkdown';
import { interruptionText, lastingName, nonEmpty, phaseText, progressText, withSteps } from '#present/names';
import { stallText } from '#present/rows/etaText';
import { numberedTaskName, groupFinishedTasks, type FinishedTaskOrGroup } from '#present/rows/taskRow';
import { durationText, runDurationText, startAndEndLines } from '#present/times';
import { troubleText } from '#present/troubleText';
import { documentWords } from '#present/words/documentWords';
import { words, type Translate } from '#present/words/words';
import { documentName } from './documentName';
import { failureHint } from './failureHints';
import type { RunOutputs } from './reportOutput';
import { timeline } from './timeline';

/** The maximum number of tasks whose timeline comes before the output. A longer timeline would push the output off the first screen. */
const maxTasksAbove = 8;

/** The maximum total length of all inputs' names and values, in characters. */
const maxInputsLength = 300_000;

export interface ReportParts {
  readonly kickoff: Kickoff;
  /** The run whose state this run continues, if it is tracked. */
  readonly continuedRun?: Kickoff | undefined;
  readonly deployment: Deployment | undefined;
  readonly trouble: Trouble | undefined;
  readonly stall?: Stall | undefined;
  readonly outputs: RunOutputs;
  readonly inputs?: Inputs | undefined;
  readonly now: number;
}

export function report(parts: ReportParts, translate: Translate): string {
  const { kickoff } = parts;
  const t = withSteps(kickoff, translate);
  const timelinePart = nonEmpty([timeline(kickoff, parts.now, t)]);
  const [timelineAbove, timelineBelow] = kickoff.tasks.length <= maxTasksAbove ? [timelinePart, []] : [[], timelinePart];
  return [
    `# ${escapeMarkdown(lastingName(kickoff))}`,
    factsText(parts, t),
    ...div('inputs', inputsPart(parts, t)),
    ...div('above', [...explanationPart(parts, t), ...reasonPart(kickoff, t), ...timelineAbove, ...outputPart(parts, t)]),
    ...tasksPart(parts, timelineBelow, t),
    reportStyle,
    '',
  ].join('\n\n');
}

/** Wraps content, even if it is empty. The preview compares elements in order, so a new element would move the scroll position. */
function div(name: string, content: readonly string[]): readonly string[] {
  return [`<div id="report:${name}">`, ...content, '</div>'];
}

function factsText({ kickoff, continuedRun, deployment, trouble, stall, now }: ReportParts, t: Translate): string {
  const isActive = !isSettled(kickoff.phase);
  const { progress, continues } = kickoff;
  const duration = runDurationText(kickoff, now, t);
  const statusAndProblem = nonEmpty([statusText(kickoff, t), trouble && troubleText(trouble, now, t)]).join(' · ');
  const summaryFacts = nonEmpty([
    isActive && progressText(progress, t),
    isActive && clean(progress.current ?? ''),
    duration && (isActive ? t(documentWords.timeSoFar, duration) : duration),
    stallText(stall, t),
    tokensText(kickoff, t),
  ]);
  const identityFacts = nonEmpty([
    continues && t(documentWords.reportContinues, continuedRun ? reportLink(continuedRun, t) : escapeMarkdown(continues)),
    deployment && t(words.reportDeployment, escapeMarkdown(clean(deployment.label)), asCode(deployment.url)),
    escapeMarkdown(t(words.reportId, kickoff.id)),
  ]);
  // Makes the links here, because links that the preview makes would contain the escapes.
  const withLinks = (texts: readonly string[]) => texts.map((text) => linkAddresses(text));
  const firstLine = [`**${escapeMarkdown(statusAndProblem)}**`, ...withLinks(summaryFacts)].join(' · ');
  const timesText = withLinks(startAndEndLines(kickoff, t)).join(' · ');
  return nonEmpty([firstLine, timesText, ...withLinks(runDetails(kickoff, trouble, t)), identityFacts.join(' · ')]).join('  \n');
}

/** Returns a link from a report to the report of another run of the same deployment. */
function reportLink(kickoff: Kickoff, t: Translate): string {
  const target = [kickoff.id, documentName(kickoff, 'report')].map(encodeURIComponent).join('/');
  return link(`../${target}`, escapeMarkdown(t(words.nameAndId, lastingName(kickoff), kickoff.id)));
}

function statusText(kickoff: Kickoff, t: Translate): string {
  const text = interruptionText(kickoff, t) || phaseText(kickoff, t);
  return text.replace(/^./u, (first) => first.toUpperCase());
}

/** Returns a deployment's URL as code, so that the preview makes no link. In a browser, this URL would only show HTTP 404. */
function asCode(url: string): string {
  return `\`${url.replaceAll('`', '%60')}\``;
}

/** Returns a section's heading, which is at most as large as the headings in an output. */
function heading(title: string): string {
  return `<h2 class="kickoffs-section">${escapeMarkdown(title)}</h2>`;
}

function explanationPart({ kickoff, deployment }: ReportParts, t: Translate): readonly string[] {
  const text = phaseExplanation(kickoff, t);
  if (text === undefined) return [];
  const pageUrl = kickoff.phase.kind === 'waiting' && deployment ? deploymentPageUrl(deployment) : undefined;
  const linkTarget = pageUrl === undefined ? undefined : canonicalPageUrl(pageUrl);
  return [escapeMarkdown(text) + (linkTarget === undefined ? '' : ` ${link(linkTarget, escapeMarkdown(t(words.openInBrowser)))}`)];
}

function reasonPart({ phase }: Kickoff, t: Translate): readonly string[] {
  if (phase.kind !== 'failed' || phase.reason === undefined) return [];
  const hint = failureHint(phase.reason, t);
  return nonEmpty([heading(t(documentWords.reportReason)), codeFence(withoutColors(phase.reason), 'text'), hint && escapeMarkdown(hint)]);
}

function outputPart({ kickoff: { phase, output: format }, outputs }: ReportParts, t: Translate): readonly string[] {
  if (outputs.output !== undefined) return [heading(t(documentWords.reportOutput)), outputs.output];
  if (phase.kind === 'failed' || !isSettled(phase)) return [];
  return [heading(t(documentWords.reportOutput)), `*${t(format === undefined ? documentWords.reportNoOutput : documentWords.answerLost)}*`];
}

function tasksPart({ kickoff, outputs }: ReportParts, timelinePart: readonly string[], t: Translate): readonly string[] {
  if (kickoff.tasks.length === 0) return [];
  const taskParts = groupFinishedTasks(kickoff.tasks).map((task) =>
    taskPart(task, outputs.taskOutputs.get(task.position) ?? `*${t(documentWords.reportNoTaskOutput)}*`, t),
  );
  return [heading(t(words.reportTasks)), ...div('picture', timelinePart), ...taskParts];
}

/** Returns a task as a folded section. Its ID, which no heading can have, lets the preview keep the section open after an update. */
function taskPart(task: FinishedTaskOrGroup, output: string, t: Translate): string {
  const { agent = '', executionSeconds } = task;
  const facts = nonEmpty([numberedTaskName(task, t), clean(agent), executionSeconds !== undefined && durationText(executionSeconds, t)]);
  const summary = escapeMarkdown(facts.join(' · '));
  return [`<details id="task:${task.position}"><summary>${summary}</summary>`, output, '</details>'].join('\n\n');
}

function inputsPart({ inputs = {} }: ReportParts, t: Translate): readonly string[] {
  const entries = Object.entries(inputs);
  if (entries.length === 0) return [];
  const shownParts: string[] = [];
  let lengthLeft = maxInputsLength;
  for (const [name, value] of entries) {
    const valueText = exactText(value);
    if (lengthLeft > 0) shownParts.push(...inputPart(name, value, valueText.slice(0, lengthLeft), t));
    lengthLeft -= name.length + valueText.length;
  }
  if (lengthLeft < 0) shownParts.push(`<p><em>${escapeMarkdown(t(documentWords.reportInputsCut))}</em></p>`);
  const summary = `<summary>${escapeMarkdown(t(documentWords.reportInputs))}</summary>`;
  // The ID lets the preview keep the section open after an update, like the sections of tasks.
  return [`<details id="inputs:values">${summary}`, ...shownParts, '</details>'];
}

/** Returns an input as a paragraph. A long, structured, or unusual value is a code block, which keeps spaces and invisible characters. */
function inputPart(name: string, value: unknown, shownText: string, t: Translate): readonly string[] {
  const titleHtml = `<strong>${escapeMarkdown(clean(name) || '""')}</strong>`;
  const isStructured = typeof value === 'object' && value !== null;
  if (isStructured || clean(shownText) !== shownText)
    return [`<p>${titleHtml}</p>`, codeBlock(shownText, isNonEmptyText(value) ? 'text' : 'json')];
  const valueHtml = escapeMarkdown(shownText);
  return [`<p>${t(words.runAndFacts, titleHtml, isNonEmptyText(value) ? valueHtml : `<code>${valueHtml}</code>`)}</p>`];
}

/** Returns a text unchanged, and any other value as JSON. An empty text would be invisible, so it is JSON, too. */
function exactText(value: unknown): string {
  return isNonEmptyText(value) ? value : jsonForReport(JSON.stringify(value));
}

function isNonEmptyText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The style sheet, part of each report because previews over Remote-SSH load no other. Clips formulas that would cover the report. */
const reportStyle = `<style>
.kickoffs-section { margin: 24px 0 8px; padding: 0 0 4px; font-size: 1em; font-weight: 600; opacity: 0.75; }
.kickoffs-output { overflow-y: clip; }
.kickoffs-output h3 { font-size: 1.6em; }
.kickoffs-output h4 { font-size: 1.3em; }
.kickoffs-output h5 { font-size: 1.1em; }
.kickoffs-output h6 { font-size: 1em; }
.kickoffs-output :is(td, th) > p { margin: 0; }
.kickoffs-output code { white-space: pre-wrap; }
.kickoffs-text { margin: 0 0 16px; padding: 0 !important; border: none; background: none; font: inherit; tab-size: 4; unicode-bidi: plaintext; white-space: pre-wrap; overflow-wrap: break-word; }
.kickoffs-wrap pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.kickoffs-wide { overflow-x: auto; }
.kickoffs-wide td { vertical-align: top; }
.kickoffs-rtl :is(ul, ol) { padding-right: 40px; padding-left: 0; }
</style>`;
