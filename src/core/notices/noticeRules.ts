import type { Store } from '#core/history/store';
import { hasOutput, isSettled, type Kickoff } from '#core/kickoff/kickoff';

export interface NoticeSettings {
  readonly notifications: 'all' | 'failures' | 'none';
  readonly openOutputWhenFinished: 'never' | 'output' | 'report';
}

/** The maximum number of runs that finish together and still open documents. The user doesn't expect many new tabs. */
const maxRunsToOpen = 3;
const freshUnreadMs = 20_000;

/** Whether a run succeeded with an output. The output of a failed or stopped run doesn't count as a result. */
export function hasResult(kickoff: Kickoff): boolean {
  return kickoff.phase.kind === 'succeeded' && hasOutput(kickoff);
}

export function isFreshUnread({ isUnread, finishedAt = -Infinity }: Kickoff, now: number): boolean {
  return isUnread === true && now - finishedAt < freshUnreadMs;
}

/** The time after which a run that isn't found counts as waiting. A server that restarts doesn't find its runs for a while either. */
const minMissingMs = 120_000;
/** A run that isn't found for longer was probably deleted. */
const maxMissingMs = 24 * 3_600_000;

/** Returns the `progressSince` of a wait for human input; undefined if the run isn't waiting. AMP may not find a run while it waits. */
function waitingSince({ phase, hasRun, phaseSince, checkedAt = phaseSince, progressSince = phaseSince }: Kickoff): number | undefined {
  const missingMs = checkedAt - phaseSince;
  const mayWait = phase.kind === 'missing' && hasRun === true && missingMs >= minMissingMs && missingMs < maxMissingMs;
  return phase.kind === 'waiting' || mayWait ? progressSince : undefined;
}

export function hasNewWait(kickoff: Kickoff): boolean {
  const since = waitingSince(kickoff);
  return since !== undefined && since !== kickoff.waitNotified;
}

/** Claims the notification of a wait. Returns the run for one caller over all windows, and undefined for the others. */
export async function claimWait(store: Pick<Store, 'update'>, kickoff: Kickoff): Promise<Kickoff | undefined> {
  let claimedRun: Kickoff | undefined;
  await store.update(kickoff, (stored) => {
    const since = waitingSince(stored);
    const isClaimable = since !== undefined && hasNewWait(stored) && stored.removedAt === undefined;
    claimedRun = isClaimable ? { ...stored, waitNotified: since } : undefined;
    return { kickoff: claimedRun ?? stored };
  });
  return claimedRun;
}

export function shouldNotify({ isMuted, phase }: Kickoff, { notifications }: NoticeSettings): boolean {
  if (isMuted === true || notifications === 'none') return false;
  return notifications === 'all' || phase.kind !== 'succeeded';
}

export function opensDocument({ isMuted, phase }: Kickoff, { openOutputWhenFinished }: NoticeSettings): boolean {
  return isMuted !== true && isSettled(phase) && openOutputWhenFinished !== 'never';
}

/** Returns the documents to open for runs that finished together. With the setting `output`, a run without a result opens its report. */
export function documentsToOpen(endedRuns: readonly Kickoff[], settings: NoticeSettings) {
  if (endedRuns.length > maxRunsToOpen) return [];
  const runsToOpen = endedRuns.filter((kickoff) => opensDocument(kickoff, settings));
  return runsToOpen.map((kickoff) => {
    const opensOutput = hasResult(kickoff) && settings.openOutputWhenFinished === 'output';
    return { kickoff, kind: opensOutput ? ('output' as const) : ('report' as const) };
  });
}
