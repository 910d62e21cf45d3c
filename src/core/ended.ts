import type { Kickoff } from './kickoff';

/** How soon after it was first asked a run that is found settled counts as ended before it was tracked. */
const endedBeforeTrackingMs = 30_000;

/** What a run was before its end was heard, and when that was; `askedSince` is when it was first asked with a token. */
interface Ending {
  readonly before: Kickoff;
  readonly now: number;
  readonly askedSince: number;
}

/** A run that is found settled as soon as it could be asked ended before it was tracked: no notice, no mark, no invented duration. */
export function ended(after: Kickoff, { before, now, askedSince }: Ending): Kickoff {
  const { startedAt, executionSeconds } = after;
  const endedAt = startedAt !== undefined && executionSeconds !== undefined ? startedAt + executionSeconds * 1_000 : undefined;
  const wasOver = endedAt === undefined ? Math.abs(now - askedSince) < endedBeforeTrackingMs : endedAt <= before.trackedAt;
  const endedBefore = before.checkedAt === undefined && wasOver;
  return endedBefore ? after : { ...after, finishedAt: now, isUnread: true };
}
