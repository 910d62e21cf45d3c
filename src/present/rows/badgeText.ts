import type { Kickoff } from '#core/kickoff/kickoff';
import { words, type Translate } from '#present/words/words';

/** Counts the runs that are unread or wait for human input. Undefined if there are none. */
export function badgeText(kickoffs: readonly Kickoff[], t: Translate): { readonly value: number; readonly tooltip: string } | undefined {
  const unread = kickoffs.filter(({ isUnread }) => isUnread).length;
  const waiting = kickoffs.filter(({ phase }) => phase.kind === 'waiting').length;
  if (unread + waiting === 0) return undefined;
  if (waiting === 0) return { value: unread, tooltip: t(words.unreadRuns, unread) };
  if (unread === 0) return { value: waiting, tooltip: t(words.waitingRuns, waiting) };
  return { value: unread + waiting, tooltip: t(words.unreadAndWaitingRuns, unread, waiting) };
}
