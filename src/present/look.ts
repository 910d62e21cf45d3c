import type { Deployment } from '../core/deployment';
import { isSettled, type Kickoff, type Phase } from '../core/kickoff';
import type { Trouble } from '../core/trouble';
import { clean } from './clean';
import { doing, phaseNote, tokensText } from './doing';
import { nameOf, phaseText, progressText } from './naming';
import { ago, elapsed, momentText, startAndEnd, type FormatDate } from './times';
import { commandFor } from './troubleButton';
import { troubleInRow, troubleText } from './troubleText';
import { words, type Translate } from './words';

/** How a row looks, as plain data. */
export interface Look {
  readonly label: string;
  readonly description: string;
  /** All that the description has no room for, and what it says; where that is more. */
  readonly whole?: string;
  /** A product icon and, for those who see it, a theme colour. */
  readonly icon: { readonly id: string; readonly color?: string };
  /** Words by which the manifest's menus decide. */
  readonly context: string;
  /** One sentence for those who listen. */
  readonly spoken: string;
}

const icons = {
  queued: { id: 'clock' },
  running: { id: 'loading~spin' },
  waiting: { id: 'person', color: 'charts.yellow' },
  missing: { id: 'question' },
  succeeded: { id: 'pass', color: 'testing.iconPassed' },
  failed: { id: 'error', color: 'testing.iconFailed' },
  stopped: { id: 'circle-slash' },
} as const satisfies Record<Phase['kind'], Look['icon']>;

/** What is known of a run beside itself. */
interface Outlook {
  /** When it will end, in words. */
  readonly end?: string | undefined;
  /** That it perhaps hangs, in words. */
  readonly hangs?: string | undefined;
  /** From when on what was last heard of it is old. */
  readonly staleAt?: number;
}

/** How a run's row looks. */
export function kickoffLook(
  kickoff: Kickoff,
  trouble: Trouble | undefined,
  now: number,
  t: Translate,
  { end, hangs, staleAt = Infinity }: Outlook = {},
): Look {
  const label = nameOf(kickoff);
  const oldAnswer = now >= staleAt ? kickoff.checkedAt : undefined;
  const parts = [
    ...(oldAnswer === undefined ? [] : [t(words.lastHeard, momentText(oldAnswer, now))]),
    ...(hangs === undefined || trouble ? [] : [hangs]),
    ...doings(kickoff, trouble, now, t),
    ...(end === undefined || hangs !== undefined || trouble ? [] : [end]),
  ];
  const whole = [...(trouble ? [troubleText(trouble, now, t)] : []), ...parts];
  const isStateSaid = parts.includes(phaseText(kickoff, t));
  return {
    label,
    description: [...(trouble ? [troubleInRow(trouble, now, t)] : []), ...parts].join(' · '),
    ...(trouble && { whole: whole.join(' · ') }),
    icon: iconOf(kickoff, trouble, oldAnswer !== undefined),
    context: contextOf(kickoff, trouble),
    spoken: t(words.spokenKickoff, label, [...(isStateSaid ? [] : [phaseText(kickoff, t)]), ...whole].join(', ')),
  };
}

/** How a deployment's row looks. */
export function deploymentLook(
  deployment: Deployment,
  kickoffs: readonly Kickoff[],
  known: Trouble | undefined,
  now: number,
  t: Translate,
): Look {
  const active = kickoffs.filter(({ phase }) => !isSettled(phase));
  const open = active.filter(({ phase }) => phase.kind !== 'missing').length;
  // Without an active run nothing is retried, so the problem may be over.
  const isOver = active.length === 0 && known?.retryAt !== undefined && known.retryAt <= now;
  const trouble = isOver ? undefined : known;
  const label = clean(deployment.label);
  const description = trouble ? troubleInRow(trouble, now, t) : open > 0 ? t(words.openRuns, open) : '';
  const said = trouble ? troubleText(trouble, now, t) : description;
  return {
    label,
    description,
    icon: trouble ? { id: 'warning', color: 'problemsWarningIcon.foreground' } : { id: 'rocket' },
    context: ['deployment', ...buttonOf(trouble)].join(' '),
    spoken: said === '' ? label : t(words.spokenKickoff, label, said),
  };
}

/** The lines of a run's tooltip: all that the row had no room for. Server text is among them, so they are to be shown as text. */
export function kickoffTooltip(
  kickoff: Kickoff,
  { description, whole = description }: Look,
  deployment: Deployment | undefined,
  formatDate: FormatDate,
  t: Translate,
): readonly string[] {
  const reason = kickoff.phase.kind === 'failed' ? kickoff.phase.reason : undefined;
  const [tokens, note] = [tokensText(kickoff, t), phaseNote(kickoff, t)];
  return [
    `${nameOf(kickoff)}: ${whole}`,
    ...(reason === undefined ? [] : [clean(reason, 400)]),
    ...doing(kickoff, t).map(([name, text]) => `${name}: ${text}`),
    ...(tokens === undefined ? [] : [tokens]),
    ...(note === undefined ? [] : [note]),
    `${t(words.reportId)}: ${kickoff.id}`,
    ...(deployment ? [`${t(words.reportDeployment)}: ${clean(deployment.label)} (${deployment.url})`] : []),
    ...startAndEnd(kickoff, formatDate, t),
    ...(kickoff.checkedAt === undefined ? [] : [t(words.checkedAt, formatDate(kickoff.checkedAt))]),
  ];
}

/** What a run does or did: its progress and task while it runs, its state and duration otherwise. */
function doings(kickoff: Kickoff, trouble: Trouble | undefined, now: number, t: Translate): readonly string[] {
  const { phase, progress } = kickoff;
  if (trouble && kickoff.checkedAt === undefined) return [];
  const running = [progressText(progress) ?? '', clean(progress.current ?? '')].filter((part) => part !== '');
  const isPlainRun = phase.kind === 'running' && phase.stateText === undefined && running.length > 0;
  const time = phase.kind === 'missing' ? undefined : elapsed(kickoff, now);
  const finished = kickoff.finishedAt === undefined ? undefined : ago(kickoff.finishedAt, now, t);
  return [
    ...(kickoff.isUnread ? [t(words.unread)] : []),
    ...(isPlainRun ? [] : [phaseText(kickoff, t)]),
    ...(phase.kind === 'running' || phase.kind === 'waiting' ? running : []),
    ...[time, finished].filter((part) => part !== undefined),
  ];
}

/** It turns only while the run is heard. */
function iconOf({ phase }: Kickoff, trouble: Trouble | undefined, isStale: boolean): Look['icon'] {
  if (trouble) return { id: 'warning', color: 'problemsWarningIcon.foreground' };
  return isStale && phase.kind === 'running' ? { id: 'history' } : icons[phase.kind];
}

/** The word that puts the one button of a trouble beside its row. */
function buttonOf(trouble: Trouble | undefined): readonly string[] {
  return trouble ? [`button-${commandFor(trouble.kind)}`] : [];
}

function contextOf(kickoff: Kickoff, trouble: Trouble | undefined): string {
  const { phase, checkedAt, output } = kickoff;
  return [
    'kickoff',
    phase.kind,
    isSettled(phase) ? 'settled' : 'open',
    ...(checkedAt === undefined ? [] : ['heard']),
    ...(output === undefined ? [] : ['hasOutput']),
    ...(output === undefined || trouble ? buttonOf(trouble) : ['button-openOutput']),
    ...(kickoff.isUnread ? ['unread'] : []),
    ...(kickoff.isMuted ? ['muted'] : isSettled(phase) ? [] : ['audible']),
  ].join(' ');
}
