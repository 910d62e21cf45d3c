import { isSettled, type Kickoff, type KickoffRef, type Phase } from '../core/kickoff';
import { waitsForUser, type Trouble } from '../core/trouble';
import { clean, plain } from './clean';
import { nameOf, phaseText, progressText } from './naming';
import { momentText } from './times';
import { buttonTitle, commandFor, type TroubleCommand } from './troubleButton';
import { troubleMovesAt, troubleText } from './troubleText';
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
  /** When it changes next by the time alone; `Infinity`: never. */
  readonly movesAt: number;
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
}

const mostLines = 10;

/** Progress of the one run that goes on, or how many do; a missing run counts in neither. */
export function statusBarLook(kickoffs: readonly Kickoff[], outlook: Outlook, t: Translate): StatusBarLook | undefined {
  const open = kickoffs
    .filter(({ phase }) => !isSettled(phase) && phase.kind !== 'missing')
    .map((kickoff) => ({ kickoff, trouble: outlook.troubleOf(kickoff) }));
  const [only] = open;
  if (!only) return undefined;

  const worst = worstOf(open);
  const heard = open.find((run) => isHeard(run, outlook));
  const listed = [...(worst ? [worst] : []), ...open.filter((run) => run !== worst)].slice(0, mostLines);
  const text = open.length === 1 ? doings(only, outlook, t) : t(words.kickoffs, open.length);
  const unseen = open.length === 1 ? lastHeard(only, outlook, t) : worst?.trouble ? [troubleText(worst.trouble, outlook.now, t)] : [];
  return {
    text: `${heard ? '$(loading~spin)' : stillIcon(open)} ${plain(text)}`,
    tooltip: [...listed.map((run) => lineOf(run, run === worst, outlook, t)), { says: t(words.clickToShow) }],
    spoken: `${t(words.statusBarName)}: ${[clean(text), ...unseen].join(', ')}`,
    movesAt: [...listed, ...(heard ? [heard] : [])].reduce((first, { kickoff, trouble }) => {
      const at = outlook.staleAt(kickoff);
      return Math.min(first, at > outlook.now ? at : Infinity, trouble ? troubleMovesAt(trouble, outlook.now) : Infinity);
    }, Infinity),
  };
}

/** What stands there while nothing runs, for those who want it always. */
export function idleStatusBarLook(t: Translate): StatusBarLook {
  return {
    text: `$(rocket) ${t(words.idle)}`,
    tooltip: [{ says: t(words.clickToShow) }],
    spoken: t(words.statusBarName),
    movesAt: Infinity,
  };
}

/** It turns while some run is: one is enough, so that not each of thousands is looked at. */
function isHeard({ kickoff, trouble }: Run, { staleAt, now }: Outlook): boolean {
  return kickoff.phase.kind === 'running' && !trouble && now < staleAt(kickoff);
}

/** The trouble that no time heals; else the first one. */
function worstOf(open: readonly Run[]): Run | undefined {
  return open.find(({ trouble }) => trouble && waitsForUser(trouble.kind)) ?? open.find(({ trouble }) => trouble);
}

function lineOf(run: Run, isWorst: boolean, outlook: Outlook, t: Translate): TooltipLine {
  const { kickoff, trouble } = run;
  const says = `${nameOf(kickoff)}: ${[doings(run, outlook, t), ...lastHeard(run, outlook, t)].join(' · ')}`;
  if (!isWorst || !trouble) return { says };
  const command = commandFor(trouble.kind);
  return { says, button: { title: buttonTitle(command, t), command, about: { deployment: kickoff.deployment, id: kickoff.id } } };
}

function stillIcon(open: readonly Run[]): string {
  const isSome = (kind: Phase['kind']): boolean => open.some(({ kickoff, trouble }) => !trouble && kickoff.phase.kind === kind);
  if (open.some(({ trouble }) => trouble)) return '$(warning)';
  if (isSome('running')) return '$(history)';
  return isSome('waiting') ? '$(person)' : '$(clock)';
}

function doings({ kickoff, trouble }: Run, { now }: Outlook, t: Translate): string {
  if (trouble) return troubleText(trouble, now, t);
  const { progress } = kickoff;
  const known = [progressText(progress), clean(progress.current ?? '', 40)].join(' ').trim();
  return known && kickoff.phase.kind !== 'waiting' ? known : phaseText(kickoff, t);
}

function lastHeard({ kickoff }: Run, { staleAt, now }: Outlook, t: Translate): readonly string[] {
  const { checkedAt } = kickoff;
  return checkedAt !== undefined && now >= staleAt(kickoff) ? [t(words.lastHeard, momentText(checkedAt, now))] : [];
}
