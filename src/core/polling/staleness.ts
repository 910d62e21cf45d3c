import type { KickoffList } from '#core/history/kickoffList';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { nextPollDelay, type PollSettings } from './pollInterval';

const freshIntervals = 3;

/** The times when responses become stale. Cached per run object, because each response creates a new object. */
export class Staleness {
  readonly #known = new WeakMap<Kickoff, { readonly basis: string; readonly staleAt: number }>();

  constructor(
    private readonly board: Pick<KickoffList, 'durationsOf'>,
    private readonly settings: () => Pick<PollSettings, 'minimumSeconds' | 'maximumSeconds' | 'isFocused'>,
  ) {}

  /** Returns when a response becomes stale; immediately if the run isn't polled. `Infinity` for a finished run or without a response. */
  readonly staleAt = (kickoff: Kickoff): number => {
    const { checkedAt, deployment, phase } = kickoff;
    if (checkedAt === undefined || isSettled(phase)) return Infinity;
    const { minimumSeconds, maximumSeconds, isFocused } = this.settings();
    const settings = { minimumSeconds, maximumSeconds, isFocused };
    const basis = JSON.stringify(settings);
    const known = this.#known.get(kickoff);
    if (known?.basis === basis) return known.staleAt;

    const durations = this.board.durationsOf(deployment);
    const interval = nextPollDelay(kickoff, { durations, now: checkedAt, settings, random: () => 0.5 }) ?? 0;
    const staleAt = checkedAt + freshIntervals * interval;
    this.#known.set(kickoff, { basis, staleAt });
    return staleAt;
  };
}
