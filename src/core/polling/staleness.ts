import type { KickoffList } from '#core/history/kickoffList';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { nextPollDelay, type PollSettings } from './pollInterval';

const freshIntervals = 3;

/** The times when responses become stale. */
export class Staleness {
  constructor(
    private readonly board: Pick<KickoffList, 'durationsOf'>,
    private readonly settings: () => PollSettings,
  ) {}

  /** Returns when a response becomes stale; immediately if the run isn't polled. `Infinity` for a finished run or without a response. */
  readonly staleAt = (kickoff: Kickoff): number => {
    const { checkedAt, deployment, phase } = kickoff;
    if (checkedAt === undefined || isSettled(phase)) return Infinity;
    // An open report shortens the interval, but not the time for which a response is fresh.
    const settings = { ...this.settings(), isReportOpen: () => false };
    const durations = this.board.durationsOf(deployment);
    return checkedAt + freshIntervals * (nextPollDelay(kickoff, { durations, now: checkedAt, settings, random: () => 0.5 }) ?? 0);
  };
}
