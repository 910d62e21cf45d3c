import type { Kickoff } from './kickoff';

/** What the user wants to be told of ends, and to see of them by itself. */
export interface Wishes {
  readonly notifications: 'all' | 'failures' | 'none';
  readonly openOutputWhenFinished: 'never' | 'output' | 'report';
}

/** More at once would be a heap of tabs that nobody asked for. */
const mostOpened = 3;
const freshMs = 20_000;

/** Whether a run has come to an end with an output to show; that of one that failed is no result. */
export function hasResult({ phase, output }: Kickoff): boolean {
  return phase.kind === 'succeeded' && output !== undefined;
}

/** Its end was seen just now, by whichever window, and nobody has looked at it. */
export function hasJustEnded({ isUnread, finishedAt = -Infinity }: Kickoff, now: number): boolean {
  return isUnread === true && now - finishedAt < freshMs;
}

/** Whether an end is told by a notice. */
export function isTold({ isMuted, phase }: Kickoff, { notifications }: Wishes): boolean {
  if (isMuted === true || notifications === 'none') return false;
  return notifications === 'all' || phase.kind !== 'succeeded';
}

/** Whether an end opens a document, told or not, unless too many come with it. */
export function isOpened({ isMuted }: Kickoff, { openOutputWhenFinished }: Wishes): boolean {
  return isMuted !== true && openOutputWhenFinished !== 'never';
}

/** What opens by itself of the runs that ended together. Where there is no output to show, the report says why. */
export function opened(
  ended: readonly Kickoff[],
  wishes: Wishes,
): readonly { readonly kickoff: Kickoff; readonly what: 'output' | 'report' }[] {
  const some = ended.filter((kickoff) => isOpened(kickoff, wishes));
  if (ended.length > mostOpened) return [];
  return some.map((kickoff) => ({
    kickoff,
    what: hasResult(kickoff) && wishes.openOutputWhenFinished === 'output' ? 'output' : 'report',
  }));
}
