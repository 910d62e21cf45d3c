import type { Deployment } from '#core/kickoff/deployment';
import { endTime, isSettled, type Kickoff, type Phase } from '#core/kickoff/kickoff';
import { shortId } from '#core/kickoff/kickoffId';
import { waitsForUser, type Trouble } from '#core/kickoff/trouble';
import { hasUnknownResult, inputLabelOf, type StartAttempt } from '#core/starts/attempt';
import { clean } from '#present/cleanText';
import { inputLines, phaseExplanation, runDetails, tokensText } from '#present/details';
import { interruptionText, nameOf, nonEmpty, phaseText, progressText, spokenList, withSteps } from '#present/names';
import { ageText, runDurationText, startAndEndLines } from '#present/times';
import { buttonCommands, rowTroubleText, troubleText } from '#present/troubleText';
import { words, type Translate } from '#present/words/words';
import type { EtaText } from './etaText';
import { reasonLine, withoutTraceback } from './reasonLine';

/** The content of a row in the view. */
export interface Row {
  readonly label: string;
  /** The text after the label. The most important fact comes first, because a narrow side bar cuts the end. */
  readonly description: string;
  /** A product icon and a theme color. */
  readonly icon: { readonly id: string; readonly color?: string };
  /** Words that the `when` clauses of the manifest's menus test. */
  readonly contextValue: string;
  readonly ariaLabel: string;
  /** The tooltip as plain text. Undefined if the row has no tooltip, or creates the tooltip on demand. */
  readonly tooltip?: string;
}

export const phaseIcons = {
  queued: { id: 'circle-outline' },
  running: { id: 'loading~spin' },
  waiting: { id: 'person', color: 'charts.yellow' },
  missing: { id: 'question' },
  succeeded: { id: 'pass', color: 'testing.iconPassed' },
  failed: { id: 'error', color: 'testing.iconFailed' },
  stopped: { id: 'circle-slash' },
} as const satisfies Record<Phase['kind'], Row['icon']>;

export const warningIcon = { id: 'warning', color: 'problemsWarningIcon.foreground' } as const;

/** Short texts of statuses whose full text is too long for a row of default width. */
const shortStatusTexts: Partial<Record<Phase['kind'], string>> = { waiting: words.waitingInRow, missing: words.missingInRow };

/** The maximum length of an input or title that is used as a name. Longer names are cut to `cut`, so that duration and age fit. */
const nameLengths = { max: 18, cut: 16 };
/** The maximum number of characters of a title or reason in a description, so that later parts fit. */
const maxTitleLength = 60;
const maxReasonLength = 80;
const tooltipLimits = { reasonOrTitle: 400, name: 200 };

export interface RowContext {
  readonly now: number;
  readonly t: Translate;
  readonly deployment?: Deployment | undefined;
  readonly trouble?: Trouble | undefined;
  readonly eta?: EtaText;
  readonly stallText?: string | undefined;
  /** The time from which the last response counts as outdated. */
  readonly staleAt?: number;
  /** A problem of the deployment or its host that a run's icon and tooltip show, but not its description. */
  readonly deploymentTrouble?: Trouble | undefined;
  /** A text such as `stopping…`, until the status shows the effect of the user's command. */
  readonly note?: string | undefined;
}

/** Returns a run's row, and a summary for its tooltip. The summary also has facts that only icon, badge, or the deployment's row show. */
export function kickoffRow(kickoff: Kickoff, context: RowContext): Row & { readonly summary: string } {
  const { trouble, note, now, t, staleAt = Infinity, deploymentTrouble, eta, stallText } = context;
  const { label: ownLabel = '', phase, checkedAt, id } = kickoff;
  const isStale = now >= staleAt;
  const name = nameOf(kickoff, nameLengths.max);
  const label = name.endsWith('…') ? nameOf(kickoff, nameLengths.cut) : name;
  const status = phaseText(kickoff, t);
  const facts = nonEmpty([
    note,
    isStale && checkedAt !== undefined && t(words.lastUpdated, { at: checkedAt, now }),
    ...factsOf(kickoff, { ...context, eta: trouble || isStale ? {} : (eta ?? {}), stallText: trouble ? undefined : stallText }),
    kickoff.isMuted && t(words.muted),
  ]);
  const iconFacts = nonEmpty([kickoff.isUnread && t(words.unread), !facts.includes(status) && status]);
  const problem = trouble && troubleText(trouble, now, t);
  const shortStatus = shortStatusTexts[phase.kind];
  const outcome = reasonOrTitle(kickoff);
  const description = nonEmpty([
    trouble && rowTroubleText(trouble, now, t),
    ...facts.map((fact) => (fact === status && shortStatus !== undefined ? t(shortStatus) : fact)),
    clean(ownLabel) === '' && label !== shortId(id) && shortId(id),
    titleBesideInput(kickoff),
  ]);
  return {
    label,
    description: clean(description.join(' · ')),
    // Leaves out the reason or title, which has its own line in the tooltip.
    summary: nonEmpty([
      ...iconFacts,
      problem,
      deploymentTrouble && troubleText(deploymentTrouble, now, t),
      ...facts.filter((fact) => fact !== outcome),
    ]).join(' · '),
    icon: iconOf(kickoff, context, isStale),
    contextValue: contextValueOf(kickoff, trouble),
    ariaLabel: spokenList(nonEmpty([label, ...iconFacts, problem, ...facts, t(words.reportId, id)]), t),
  };
}

/** Returns the tooltip's lines, with more facts than the row. They contain server text, so callers must show them as plain text. */
export function kickoffTooltip(kickoff: Kickoff, summary: string, context: RowContext): readonly string[] {
  const { deployment, t, trouble = context.deploymentTrouble, eta } = context;
  const { phase, title = '', checkedAt } = kickoff;
  const name = nameOf(kickoff, tooltipLimits.name);
  const outcome = clean(phase.kind === 'failed' ? withoutTraceback(phase.reason ?? '') : title, tooltipLimits.reasonOrTitle);
  return nonEmpty([
    t(words.runAndFacts, name, summary),
    outcome !== name && outcome,
    ...runDetails(kickoff, trouble, t),
    tokensText(kickoff, t),
    phaseExplanation(kickoff, t),
    t(words.reportId, kickoff.id),
    deployment && t(words.reportDeployment, clean(deployment.label), deployment.url),
    ...startAndEndLines(kickoff, t),
    checkedAt !== undefined && !isSettled(phase) && t(words.checkedAt, { at: checkedAt }),
    eta?.tooltip,
  ]);
}

/** Returns the facts that a row shows, most important first. Omits the status of finished and most running runs: the icon shows it. */
function factsOf(kickoff: Kickoff, { trouble, now, t, eta = {}, stallText }: RowContext): readonly (string | undefined)[] {
  const { phase, progress, checkedAt } = kickoff;
  const status = phaseText(kickoff, t);
  if (checkedAt === undefined || phase.kind === 'missing') return [status];
  // While polling waits for the user, the run may be finished, so its time stops at the last response.
  const duration = runDurationText(kickoff, trouble && waitsForUser(trouble.kind) ? checkedAt : now, t);
  const endedAt = endTime(kickoff);
  const timeLeft = stallText === undefined ? eta.timeLeft : undefined;
  switch (phase.kind) {
    case 'queued':
      return [status, duration, timeLeft, stallText ?? eta.usualTime];
    case 'running':
    case 'waiting': {
      const showsStatus = phase.kind === 'waiting' || phase.stateText !== undefined;
      const task = clean(progress.current ?? '');
      return [
        showsStatus ? status : '',
        progressText(progress, withSteps(kickoff, t)),
        duration,
        timeLeft,
        task,
        stallText ?? eta.usualTime,
      ];
    }
    case 'succeeded':
    case 'failed':
    case 'stopped':
      return [duration, endedAt === undefined ? '' : ageText(endedAt, now, t), reasonOrTitle(kickoff), interruptionText(kickoff, t)];
  }
}

function reasonOrTitle({ phase, label = '', title = '' }: Kickoff): string {
  if (phase.kind === 'failed') return clean(reasonLine(phase.reason ?? ''), maxReasonLength);
  return clean(label) === '' ? '' : clean(title, maxTitleLength);
}

function titleBesideInput({ phase, label = '', inputLabel = '', title = '' }: Kickoff): string {
  const isNamedByInput = clean(label) === '' && clean(inputLabel) !== '';
  return isNamedByInput && phase.kind === 'succeeded' ? clean(title, maxTitleLength) : '';
}

/** Returns a run's icon. It spins for a running run with a recent response and no problem, in yellow if the run is slow. */
function iconOf({ phase }: Kickoff, { trouble, deploymentTrouble, stallText, eta }: RowContext, isStale: boolean): Row['icon'] {
  if (trouble) return warningIcon;
  if (phase.kind !== 'running') return phaseIcons[phase.kind];
  if (isStale || deploymentTrouble) return { id: 'sync-ignored' };
  return stallText === undefined && !eta?.isLate ? phaseIcons.running : { ...phaseIcons.running, color: 'charts.yellow' };
}

function contextValueOf({ phase, checkedAt, output, isFlow, isUnread, isMuted }: Kickoff, trouble: Trouble | undefined): string {
  return nonEmpty([
    'kickoff',
    phase.kind,
    isSettled(phase) ? 'settled' : 'open',
    checkedAt !== undefined && 'checked',
    output !== undefined && 'hasOutput',
    output !== undefined && !trouble && 'button-openOutput',
    trouble && `button-${buttonCommands[trouble.kind]}`,
    phase.kind === 'waiting' && !trouble && 'button-openInBrowser',
    phase.kind === 'failed' && phase.reason !== undefined && 'hasReason',
    isFlow && 'flow',
    isUnread && 'unread',
    isMuted ? 'muted' : !isSettled(phase) && 'audible',
  ]).join(' ');
}

/** Returns the content of the row of a start that AMP hasn't confirmed. */
export function startRow(attempt: StartAttempt, now: number, t: Translate): Row {
  const { inputs = {}, problem, sentAt } = attempt;
  const label = clean(inputLabelOf(inputs) ?? '') || t(words.newRun);
  const isSending = !hasUnknownResult(attempt, now);
  const facts = nonEmpty([t(isSending ? words.starting : words.mayHaveStarted), problem && troubleText(problem, now, t)]);
  const description = facts.join(' · ');
  return {
    label,
    description,
    icon: isSending ? { id: 'loading~spin' } : { id: 'question', color: 'charts.yellow' },
    contextValue: isSending ? 'start sending' : 'start unknown button-openInBrowser',
    ariaLabel: spokenList([label, ...facts], t),
    tooltip: nonEmpty([
      t(words.runAndFacts, label, description),
      t(words.startSent, { at: sentAt }),
      !isSending && t(words.mayHaveStartedNote),
      ...inputLines(inputs, t),
    ]).join('\n'),
  };
}
