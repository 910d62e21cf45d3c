import type { KickoffList } from '#core/history/kickoffList';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { nextDelay, type PollSettings } from './pollInterval';

const intervals = 3;

type IntervalLimits = Pick<PollSettings, 'minimumSeconds' | 'maximumSeconds' | 'isFocused'>;

/** Cached per run object, because each response creates a new object. */
export class Staleness {
  readonly #known = new WeakMap<Kickoff, IntervalLimits & { readonly staleAt: number }>();

  constructor(
    private readonly board: Pick<KickoffList, 'historyOf'>,
    private readonly pace: () => IntervalLimits,
  ) {}

  /** Returns `Infinity` for a finished run or without a response. A response is stale immediately if the run isn't polled automatically. */
  readonly staleAt = (kickoff: Kickoff): number => {
    if (kickoff.checkedAt === undefined || isSettled(kickoff.phase)) return Infinity;
    const { minimumSeconds, maximumSeconds, isFocused } = this.pace();
    const before = this.#known.get(kickoff);
    if (before?.minimumSeconds === minimumSeconds && before.maximumSeconds === maximumSeconds && before.isFocused === isFocused)
      return before.staleAt;

    const limits = { minimumSeconds, maximumSeconds, isFocused };
    const interval =
      nextDelay(kickoff, { history: this.board.historyOf(kickoff.deployment), now: kickoff.checkedAt, pace: limits, random: () => 0.5 }) ??
      0;
    const staleAt = kickoff.checkedAt + intervals * interval;
    this.#known.set(kickoff, { ...limits, staleAt });
    return staleAt;
  };
}
