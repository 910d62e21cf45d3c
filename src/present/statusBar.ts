import { isSettled, type Kickoff, type KickoffRef } from '../core/kickoff';
import { waitsForUser, type Trouble } from '../core/trouble';
import { clean, plain } from './clean';
import { nameOf, phaseText, progressText } from './naming';
import { momentText } from './times';
import { buttonTitle, commandFor, type TroubleCommand } from './troubleButton';
import { troubleText } from './troubleText';
import { words, type Translate } from './words';

/** One line of the tooltip. */
export interface TooltipLine {
  /** Server text is among it: it is shown as text. */
  readonly says: string;
  /** The one thing to do about the trouble that the line tells of. */
  readonly button?: { readonly title: string; readonly command: TroubleCommand; readonly about: KickoffRef };
}

/** What the status bar shows; undefined when it has nothing to say. */
export interface StatusBarLook {
  readonly text: string;
  readonly tooltip: readonly TooltipLine[];
  readonly spoken: string;
}

/** What is known of the runs beside themselves. */
export interface Outlook {
  readonly troubleOf: (kickoff: Kickoff) => Trouble | undefined;
  /** From when on what was last heard of a run is old. */
  readonly staleAt: (kickoff: Kickoff) => number;
  readonly now: number;
}

interface Run {
  readonly kickoff: Kickoff;
  readonly trouble: Trouble | undefined;
  readonly isStale: boolean;
  readonly now: number;
}

const mostLines = 10;

/** Progress of the one run that goes on, or how many do; a missing run counts in neither. */
export function statusBarLook(kickoffs: readonly Kickoff[], outlook: Outlook, t: Translate): StatusBarLook | undefined {
  const open = openOnes(kickoffs).map((kickoff) => runOf(kickoff, outlook));
  const [only] = open;
  if (!only) return undefined;

  const worst = worstOf(open);
  const text = open.length === 1 ? doings(only, t) : t(words.kickoffs, open.length);
  const unseen = open.length === 1 ? lastHeard(only, t) : worst?.trouble ? [troubleText(worst.trouble, t)] : [];
  return {
    text: `${iconOf(open)} ${plain(text)}`,
    tooltip: [...listed(open, worst, t), { says: t(words.clickToShow) }],
    spoken: `${t(words.statusBarName)}: ${[clean(text), ...unseen].join(', ')}`,
  };
}

/** What stands there while nothing runs, for those who want it always. */
export function idleStatusBarLook(t: Translate): StatusBarLook {
  return { text: `$(rocket) ${t(words.idle)}`, tooltip: [{ says: t(words.clickToShow) }], spoken: t(words.statusBarName) };
}

/** When what is shown changes next by the time alone; `Infinity`: never. */
export function statusBarMovesAt(kickoffs: readonly Kickoff[], { staleAt, now }: Pick<Outlook, 'staleAt' | 'now'>): number {
  return openOnes(kickoffs).reduce((first, kickoff) => {
    const at = staleAt(kickoff);
    return at > now && at < first ? at : first;
  }, Infinity);
}

function openOnes(kickoffs: readonly Kickoff[]): readonly Kickoff[] {
  return kickoffs.filter(({ phase }) => !isSettled(phase) && phase.kind !== 'missing');
}

function runOf(kickoff: Kickoff, { troubleOf, staleAt, now }: Outlook): Run {
  return { kickoff, trouble: troubleOf(kickoff), isStale: now >= staleAt(kickoff), now };
}

/** The trouble that no time heals; else the first one. */
function worstOf(open: readonly Run[]): Run | undefined {
  return open.find(({ trouble }) => trouble && waitsForUser(trouble.kind)) ?? open.find(({ trouble }) => trouble);
}

/** The worst first, with its button. */
function listed(open: readonly Run[], worst: Run | undefined, t: Translate): readonly TooltipLine[] {
  const others = open.filter((run) => run !== worst).slice(0, worst ? mostLines - 1 : mostLines);
  return [...(worst ? [worst] : []), ...others].map((run) => {
    const { kickoff, trouble } = run;
    const says = `${nameOf(kickoff)}: ${[doings(run, t), ...lastHeard(run, t)].join(' · ')}`;
    if (run !== worst || !trouble) return { says };
    const command = commandFor(trouble.kind);
    return { says, button: { title: buttonTitle(command, t), command, about: { deployment: kickoff.deployment, id: kickoff.id } } };
  });
}

/** It turns only while some run is heard to run. */
function iconOf(open: readonly Run[]): string {
  const healthy = open.filter(({ trouble }) => !trouble);
  const heard = healthy.filter(({ isStale }) => !isStale);
  const isSome = (runs: readonly Run[], kind: string): boolean => runs.some(({ kickoff }) => kickoff.phase.kind === kind);
  if (isSome(heard, 'running')) return '$(loading~spin)';
  if (healthy.length < open.length) return '$(warning)';
  if (isSome(healthy, 'running')) return '$(history)';
  return isSome(healthy, 'waiting') ? '$(person)' : '$(clock)';
}

function doings({ kickoff, trouble }: Run, t: Translate): string {
  if (trouble) return troubleText(trouble, t);
  const { progress } = kickoff;
  const known = [progressText(progress) ?? '', clean(progress.current ?? '', 40)].filter((part) => part !== '').join(' ');
  return known === '' ? phaseText(kickoff, t) : known;
}

function lastHeard({ kickoff: { checkedAt }, isStale, now }: Run, t: Translate): readonly string[] {
  return isStale && checkedAt !== undefined ? [t(words.lastHeard, momentText(checkedAt, now))] : [];
}
