import { isSettled, type Kickoff } from '../core/kickoff';
import type { Trouble } from '../core/trouble';
import { clean, plain } from './clean';
import { nameOf, phaseText, progressText } from './naming';
import { troubleText } from './troubleText';
import { words, type Translate } from './words';

/** What the status bar shows; undefined when it has nothing to say. */
export interface StatusBarLook {
  readonly text: string;
  /** Shown as text: there is server text in it. */
  readonly tooltip: string;
  readonly spoken: string;
}

/** Progress of the one run that goes on, or how many do; a missing run counts in neither. */
export function statusBarLook(
  kickoffs: readonly Kickoff[],
  troubleOf: (kickoff: Kickoff) => Trouble | undefined,
  t: Translate,
): StatusBarLook | undefined {
  const open = kickoffs.filter(({ phase }) => !isSettled(phase) && phase.kind !== 'missing');
  const [only] = open;
  if (!only) return undefined;

  const says = (kickoff: Kickoff): string => oneRun(kickoff, troubleOf(kickoff), t);
  const text = open.length === 1 ? says(only) : t(words.kickoffs, open.length);
  const icon = iconOf(open, troubleOf);
  return {
    text: `${icon} ${plain(text)}`,
    tooltip: [...open.slice(0, 10).map((kickoff) => `${nameOf(kickoff)}: ${says(kickoff)}`), t(words.clickToShow)].join('\n'),
    spoken: `${t(words.statusBarName)}: ${clean(text)}`,
  };
}

/** It turns only while some run is heard to run. */
function iconOf(open: readonly Kickoff[], troubleOf: (kickoff: Kickoff) => Trouble | undefined): string {
  const heard = open.filter((kickoff) => !troubleOf(kickoff));
  if (heard.some(({ phase }) => phase.kind === 'running')) return '$(loading~spin)';
  if (heard.length < open.length) return '$(warning)';
  return heard.some(({ phase }) => phase.kind === 'waiting') ? '$(person)' : '$(clock)';
}

/** What stands there while nothing runs, for those who want it always. */
export function idleStatusBarLook(t: Translate): StatusBarLook {
  return { text: `$(rocket) ${t(words.idle)}`, tooltip: t(words.clickToShow), spoken: t(words.statusBarName) };
}

function oneRun(kickoff: Kickoff, trouble: Trouble | undefined, t: Translate): string {
  if (trouble) return troubleText(trouble, t);
  const { progress } = kickoff;
  const known = [progressText(progress) ?? '', clean(progress.current ?? '', 40)].filter((part) => part !== '').join(' ');
  return known === '' ? phaseText(kickoff, t) : known;
}
