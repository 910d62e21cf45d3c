import type { Deployment } from '#core/kickoff/deployment';
import { endTime, isSettled, type Kickoff, type Phase } from '#core/kickoff/kickoff';
import { shortId } from '#core/kickoff/kickoffId';
import { waitsForUser, type Trouble } from '#core/kickoff/trouble';
import { clean } from '#present/cleanText';
import { agentDetails, phaseNote, tokensText } from '#present/details';
import { interruptedIn, nameOf, phaseText, progressText, spokenList } from '#present/names';
import { ago, elapsed, startAndEnd, type FormatDate } from '#present/times';
import { buttonContext } from '#present/troubleButton';
import { troubleDetails, troubleInRow, troubleText } from '#present/troubleText';
import { words, type Translate } from '#present/words/words';
import type { EtaText } from './etaText';
import { reasonLine, withoutTraceback } from './reasonLine';

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
  /** The description and the facts that only the icon, the badge, or the deployment's row shows, without reason and title. */
  readonly whole: string;
}

const icons = {
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
const shortStates: Partial<Record<Phase['kind'], string>> = { waiting: words.waitingInRow, missing: words.missingInRow };

/** The maximum number of characters of a title as a name, and the number to which longer ones are cut, so that duration and age fit. */
const longestName = { whole: 18, cut: 16 };
/** The maximum number of characters of a description, and of the parts that must leave room for later parts. */
const longest = 120;
const longestTitle = 60;
const longestReason = 80;
/** The maximum number of characters of a reason or title in a tooltip. */
const longestTold = 400;
const longestTitleTold = 200;

interface RowContext {
  readonly trouble?: Trouble | undefined;
  readonly now: number;
  readonly t: Translate;
  readonly eta?: EtaText;
  readonly stall?: string | undefined;
  /** The time when the last response counts as outdated. */
  readonly staleAt?: number;
  /** The problem of the deployment or its host that only the deployment's row shows. */
  readonly blocked?: Trouble | undefined;
  /** A text about the user's last command, if the status doesn't show its effect yet. */
  readonly note?: string | undefined;
}

/** Returns the look of a run's row. The title and the failure's reason come last, because a narrow side bar cuts the end. */
export function kickoffRow(kickoff: Kickoff, context: RowContext): RowWithTooltip {
  const { trouble, now, t, staleAt = Infinity, blocked } = context;
  const isStale = now >= staleAt;
  const whole = nameOf(kickoff, longestName.whole);
  const label = whole.endsWith('…') ? nameOf(kickoff, longestName.cut) : whole;
  const state = phaseText(kickoff, t);
  const facts = [
    context.note ?? '',
    ...(isStale && kickoff.checkedAt !== undefined ? [t(words.lastUpdated, { at: kickoff.checkedAt, now })] : []),
    ...factsOf(kickoff, trouble ? { trouble, now, t } : isStale ? { stall: context.stall, now, t } : context),
  ].filter((part) => part !== '');
  const unsaid = [...(kickoff.isUnread ? [t(words.unread)] : []), ...(facts.includes(state) ? [] : [state])];
  const short = shortStates[kickoff.phase.kind];
  const inRow = short === undefined ? facts : facts.map((fact) => (fact === state ? t(short) : fact));
  const told = (one: Trouble | undefined): readonly string[] => (one ? [troubleText(one, now, t)] : []);
  const reason = about(kickoff);
  return {
    label,
    description: cutDescription(
      [
        ...(trouble ? [troubleInRow(trouble, now, t)] : []),
        ...inRow,
        ...(clean(kickoff.label ?? '') !== '' || label === shortId(kickoff.id) ? [] : [shortId(kickoff.id)]),
        ...titleBesideInput(kickoff),
      ].join(' · '),
    ),
    whole: [...unsaid, ...told(trouble), ...told(blocked), ...facts.filter((fact) => fact !== reason)].join(' · '),
    icon: iconOf(kickoff, context, isStale),
    context: contextOf(kickoff, trouble),
    ariaLabel: spokenList([label, ...unsaid, ...told(trouble), ...facts, t(words.reportId, kickoff.id)], t),
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
  const { phase, title = '', checkedAt } = kickoff;
  const name = nameOf(kickoff, longestTitleTold);
  const told = clean(phase.kind === 'failed' ? withoutTraceback(phase.reason ?? '') : title, longestTold);
  const [tokens, note] = [tokensText(kickoff, t), phaseNote(kickoff, t)];
  return [
    t(words.runAndFacts, name, whole),
    ...(told === '' || told === name ? [] : [told]),
    ...troubleDetails(trouble, formatDate, t),
    ...agentDetails(kickoff, t),
    ...(tokens === undefined ? [] : [tokens]),
    ...(note === undefined ? [] : [note]),
    t(words.reportId, kickoff.id),
    ...(deployment ? [t(words.reportDeployment, clean(deployment.label), deployment.url)] : []),
    ...startAndEnd(kickoff, formatDate, t),
    ...(checkedAt === undefined || isSettled(phase) ? [] : [t(words.checkedAt, formatDate(checkedAt))]),
  ];
}

/** Returns the facts that a row shows, most important first. Most statuses have no text here, because the icon shows the status. */
function factsOf(kickoff: Kickoff, { trouble, now, t, eta = {}, stall }: RowContext): readonly string[] {
  const { phase, progress, checkedAt } = kickoff;
  const muted = kickoff.isMuted ? t(words.muted) : '';
  const state = phaseText(kickoff, t);
  if (checkedAt === undefined) return [state, muted];
  // While polling waits for the user, the run may be finished, so its time stops at the last response.
  const time = elapsed(kickoff, trouble && waitsForUser(trouble.kind) ? checkedAt : now, t) ?? '';
  const ended = endTime(kickoff);
  const end = stall ?? eta.row ?? '';
  const isLeft = stall === undefined && eta.isLeft === true;
  switch (phase.kind) {
    case 'missing':
      return [state, muted];
    case 'queued':
      return [state, time, end, muted];
    case 'running':
    case 'waiting':
      return [
        phase.kind === 'waiting' || phase.stateText !== undefined ? state : '',
        progressText(progress, t) ?? '',
        time,
        isLeft ? end : '',
        clean(progress.current ?? ''),
        isLeft ? '' : end,
        muted,
      ];
    case 'succeeded':
    case 'failed':
    case 'stopped':
      return [time, ended === undefined ? '' : ago(ended, now, t), about(kickoff), interruptedIn(kickoff, t), muted];
  }
}

function about(kickoff: Kickoff): string {
  const { phase, label = '', title = '' } = kickoff;
  if (phase.kind === 'failed') return clean(reasonLine(phase.reason ?? ''), longestReason);
  return clean(label) === '' ? '' : clean(title, longestTitle);
}

/** Returns the title of the output of a run that has the name of an input. */
function titleBesideInput({ phase, label = '', inputLabel = '', title = '' }: Kickoff): readonly string[] {
  const hasInputName = clean(label) === '' && clean(inputLabel) !== '';
  return hasInputName && phase.kind === 'succeeded' && clean(title) !== '' ? [clean(title, longestTitle)] : [];
}

/** The icon of a running run spins only if the last response is recent and no problem stops polling. Its color shows that the run is slow. */
function iconOf({ phase }: Kickoff, { trouble, blocked, stall, eta }: RowContext, isStale: boolean): Row['icon'] {
  if (trouble) return warningIcon;
  if (phase.kind !== 'running') return icons[phase.kind];
  if (isStale || blocked) return { id: 'sync-ignored' };
  return stall === undefined && !eta?.isLate ? icons.running : { ...icons.running, color: 'charts.yellow' };
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
    ...(kickoff.isFlow ? ['flow'] : []),
    ...(kickoff.isUnread ? ['unread'] : []),
    ...(kickoff.isMuted ? ['muted'] : isSettled(phase) ? [] : ['audible']),
  ].join(' ');
}
