import type { KickoffList } from '#core/history/kickoffList';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { nextPollDelayMs, type PollSettings } from './pollInterval';

const freshIntervalCount = 3;

/** Returns when a run's response becomes stale: immediately if the run isn't polled, `Infinity` if it is finished or has no response. */
export type StaleAt = (kickoff: Kickoff) => number;

export function createStaleAt(board: Pick<KickoffList, 'durationsOf'>, pollSettings: () => PollSettings): StaleAt {
  return (kickoff) => {
    const { checkedAt, deployment, phase } = kickoff;
    if (checkedAt === undefined || isSettled(phase)) return Infinity;
    // A visible report shortens the interval, but not the time for which a response is fresh.
    const settings = { ...pollSettings(), isReportVisible: () => false };
    const durations = board.durationsOf(deployment);
    return checkedAt + freshIntervalCount * (nextPollDelayMs(kickoff, { durations, now: checkedAt, settings, random: () => 0.5 }) ?? 0);
  };
}
