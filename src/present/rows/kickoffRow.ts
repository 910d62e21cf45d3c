import type { Deployment } from '#core/kickoff/deployment';
import { endTime, isSettled, type Kickoff, type Phase } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import { clean } from '#present/cleanText';
import { agentDetails, phaseNote, tokensText } from '#present/details';
import { interruptedText, nameOf, phaseText, progressText, spokenList } from '#present/names';
import { ago, elapsed, startAndEnd, type FormatDate } from '#present/times';
import { buttonContext } from '#present/troubleButton';
import { troubleDetails, troubleInRow, troubleText } from '#present/troubleText';
import { words, type Translate } from '#present/words/words';
import { reasonLine } from './reasonLine';

export interface Row {
  readonly label: string;
  /** The text after the label. The most important fact comes first, because a narrow side bar cuts the end. */
  readonly description: string;
  /** A product icon and a theme color. */
  readonly icon: { readonly id: string; readonly color?: string };
  /** Words that the `when` clauses of the manifest's menus test. */
  readonly context: string;
  readonly ariaLabel: string;
}

export interface RowWithTooltip extends Row {
  /** The full description. Includes facts that only the icon, the badge, or the deployment's row shows. */
  readonly whole: string;
}

const icons = {
  queued: { id: 'clock' },
  running: { id: 'loading~spin' },
  waiting: { id: 'person', color: 'charts.yellow' },
  missing: { id: 'question' },
  succeeded: { id: 'pass', color: 'testing.iconPassed' },
  failed: { id: 'error', color: 'testing.iconFailed' },
  stopped: { id: 'circle-slash' },
} as const satisfies Record<Phase['kind'], Row['icon']>;

export const warningIcon = { id: 'warning', color: 'problemsWarningIcon.foreground' } as const;

/** Short texts of statuses whose full text is too long for a row of default width. */
const shortStates: Partial<Record<Phase['kind'], string>> = { waiting: words.waitingInRow, missing: words.missingInRow };

/** The maximum number of characters of a description, and of the parts that must leave room for later parts. */
const longest = 120;
const longestTitle = 60;
const longestReason = 80;

interface RowContext {
  readonly trouble?: Trouble | undefined;
  readonly now: number;
  readonly t: Translate;
  readonly end?: string | undefined;
  /** Whether `end` comes before the task and the elapsed time, which may be cut. */
  readonly isEndFirst?: boolean;
  readonly stall?: string | undefined;
  /** The time when the last response counts as outdated. */
  readonly staleAt?: number;
  /** The problem of the deployment or its host, which the deployment's row shows. */
  readonly blocked?: Trouble | undefined;
}

/** Returns the look of a run's row. A problem of the run comes first in the description. */
export function kickoffRow(kickoff: Kickoff, context: RowContext): RowWithTooltip {
  const { trouble, now, t, staleAt = Infinity, blocked } = context;
  const isStale = now >= staleAt;
  const label = nameOf(kickoff);
  const state = phaseText(kickoff, t);
  const facts = [
    ...(isStale && kickoff.checkedAt !== undefined ? [t(words.lastUpdated, { at: kickoff.checkedAt, now })] : []),
    ...factsOf(kickoff, trouble ? { trouble, now, t } : isStale ? { stall: context.stall, now, t } : context),
  ].filter((part) => part !== '');
  const unsaid = [...(kickoff.isUnread ? [t(words.unread)] : []), ...(facts.includes(state) ? [] : [state])];
  const short = shortStates[kickoff.phase.kind];
  const inRow = short === undefined ? facts : facts.map((fact) => (fact === state ? t(short) : fact));
  const whole = (...troubles: readonly (Trouble | undefined)[]): string[] => [
    ...unsaid,
    ...troubles.flatMap((one) => (one ? [troubleText(one, now, t)] : [])),
    ...facts,
  ];
  return {
    label,
    description: cutDescription([...(trouble ? [troubleInRow(trouble, now, t)] : []), ...inRow].join(' · ')),
    whole: whole(trouble, blocked).join(' · '),
    icon: iconOf(kickoff, trouble, { isStale, isBlocked: blocked !== undefined }),
    context: contextOf(kickoff, trouble),
    ariaLabel: spokenList([label, ...whole(trouble)], t),
  };
}

interface TooltipContext {
  /** The problem of the run, or of its deployment or host. */
  readonly trouble?: Trouble | undefined;
  readonly deployment?: Deployment | undefined;
  readonly formatDate: FormatDate;
  readonly t: Translate;
}

/** Contains the facts that don't fit in the row. The lines contain server text, so callers must show them as plain text. */
export function kickoffTooltip(
  kickoff: Kickoff,
  { whole }: RowWithTooltip,
  { trouble, deployment, formatDate, t }: TooltipContext,
): readonly string[] {
  const about = clean((kickoff.phase.kind === 'failed' ? kickoff.phase.reason : kickoff.title) ?? '', 400);
  const [tokens, note] = [tokensText(kickoff, t), phaseNote(kickoff, t)];
  return [
    t(words.runAndFacts, nameOf(kickoff), whole),
    ...(whole.includes(about) ? [] : [about]),
    ...troubleDetails(trouble, formatDate, t),
    ...agentDetails(kickoff, t),
    ...(tokens === undefined ? [] : [tokens]),
    ...(note === undefined ? [] : [note]),
    t(words.reportId, kickoff.id),
    ...(deployment ? [t(words.reportDeployment, clean(deployment.label), deployment.url)] : []),
    ...startAndEnd(kickoff, formatDate, t),
    ...(kickoff.checkedAt === undefined ? [] : [t(words.checkedAt, formatDate(kickoff.checkedAt))]),
  ];
}

/** Returns the facts that a row shows, most important first. Most statuses have no text here, because the icon shows the status. */
function factsOf(kickoff: Kickoff, { trouble, now, t, end = '', isEndFirst = false, stall }: RowContext): readonly string[] {
  const { phase, progress } = kickoff;
  const muted = kickoff.isMuted ? t(words.muted) : '';
  const state = phaseText(kickoff, t);
  if (kickoff.checkedAt === undefined) return [trouble ? '' : state, muted];
  const time = elapsed(kickoff, now, t) ?? '';
  const ended = endTime(kickoff);
  const first = stall ?? (isEndFirst ? end : '');
  switch (phase.kind) {
    case 'missing':
      return [state, muted];
    case 'queued':
      return [time, muted, end];
    case 'running':
    case 'waiting':
      return [
        phase.kind === 'waiting' || phase.stateText !== undefined ? state : '',
        progressText(progress, t) ?? '',
        first,
        muted,
        clean(progress.current ?? ''),
        time,
        first === '' ? end : '',
      ];
    case 'succeeded':
    case 'failed':
    case 'stopped':
      return [about(kickoff), muted, interruptedIn(kickoff, t), time, ended === undefined ? '' : ago(ended, now, t)];
  }
}

function interruptedIn(kickoff: Kickoff, t: Translate): string {
  const task = interruptedText(kickoff, t);
  return task === undefined ? '' : t(kickoff.phase.kind === 'failed' ? words.failedIn : words.stoppedIn, task);
}

function about({ phase, title = '' }: Kickoff): string {
  if (phase.kind === 'failed') return clean(reasonLine(phase.reason ?? ''), longestReason);
  return phase.kind === 'succeeded' ? clean(title, longestTitle) : '';
}

/** The icon of a running run spins only if the last response is recent and no problem stops polling. */
function iconOf({ phase }: Kickoff, trouble: Trouble | undefined, { isStale, isBlocked }: Record<'isStale' | 'isBlocked', boolean>) {
  if (trouble) return warningIcon;
  if (phase.kind !== 'running') return icons[phase.kind];
  if (isStale) return { id: 'sync-ignored' };
  return isBlocked ? { id: 'loading' } : icons.running;
}

export function cutDescription(text: string): string {
  return text.length > longest ? clean(text, longest) : text;
}

function contextOf(kickoff: Kickoff, trouble: Trouble | undefined): string {
  const { phase, checkedAt, output } = kickoff;
  return [
    'kickoff',
    phase.kind,
    isSettled(phase) ? 'settled' : 'open',
    ...(checkedAt === undefined ? [] : ['checked']),
    ...(output === undefined ? [] : ['hasOutput']),
    ...(output === undefined || trouble ? buttonContext(trouble) : ['button-openOutput']),
    ...(phase.kind === 'waiting' && !trouble ? ['button-openInBrowser'] : []),
    ...(phase.kind === 'failed' && phase.reason !== undefined ? ['hasReason'] : []),
    ...(kickoff.isUnread ? ['unread'] : []),
    ...(kickoff.isMuted ? ['muted'] : isSettled(phase) ? [] : ['audible']),
  ].join(' ');
}
