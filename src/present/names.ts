import type { Kickoff, Progress } from '#core/kickoff/kickoff';
import { shortId } from '#core/kickoff/kickoffId';
import { words, type Translate } from '#present/words/words';
import { clean } from './cleanText';

/** Returns the name of a run: its label, else its short ID. */
export function nameOf(kickoff: Kickoff): string {
  return clean(kickoff.label ?? '') || shortId(kickoff.id);
}

/** Returns the progress as `2/3`, or as a count for a flow, which has no total. Returns `undefined` if the progress is unknown. */
export function progressText({ completed, total }: Progress, t: Translate): string | undefined {
  if (completed === undefined) return undefined;
  // A text, because `t` writes out all digits of a number, and the number is the server's.
  return total === undefined ? t(words.completed, `${completed}`) : `${completed}/${total}`;
}

/** Returns the status of a run in words: AMP's own word if it isn't a known one. */
export function phaseText({ phase, checkedAt }: Kickoff, t: Translate): string {
  if (checkedAt === undefined) return t(words.notCheckedYet);
  return phase.kind === 'running' && phase.stateText !== undefined ? clean(phase.stateText) : t(words[phase.kind]);
}

/** Joins facts into one text for screen readers. Returns an empty text for none. */
export function spokenList(facts: readonly string[], t: Translate): string {
  const [first = '', ...others] = facts;
  return others.reduce((text, fact) => t(words.spokenList, text, fact), first);
}
