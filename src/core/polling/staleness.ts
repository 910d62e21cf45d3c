import type { Board } from '#core/history/board';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { nextDelay, type PollSettings } from './pollInterval';

/** An answer is old when it is older than so many intervals of its run. */
const intervals = 3;

type IntervalLimits = Pick<PollSettings, 'minimumSeconds' | 'maximumSeconds' | 'isFocused'>;

interface KnownStaleness extends IntervalLimits {
  readonly staleAt: number;
}

/** Knows from when on what was last heard of a run is old. Each answer makes another object of its run, so what is known is kept by that. */
export class Staleness {
  readonly #known = new WeakMap<Kickoff, KnownStaleness>();

  constructor(
    private readonly board: Pick<Board, 'historyOf'>,
    private readonly pace: () => IntervalLimits,
  ) {}

  /** `Infinity` for a run that has ended or was never heard; a run that is not asked by itself any more is old at once. */
  readonly staleAt = (kickoff: Kickoff): number => {
    if (kickoff.checkedAt === undefined || isSettled(kickoff.phase)) return Infinity;
    const { minimumSeconds, maximumSeconds, isFocused } = this.pace();
    const before = this.#known.get(kickoff);
    if (before?.minimumSeconds === minimumSeconds && before.maximumSeconds === maximumSeconds && before.isFocused === isFocused)
      return before.staleAt;

    const limits = { minimumSeconds, maximumSeconds, isFocused };
    const interval = nextDelay(kickoff, this.board.historyOf(kickoff.deployment), kickoff.checkedAt, limits, middle) ?? 0;
    const staleAt = kickoff.checkedAt + intervals * interval;
    this.#known.set(kickoff, { ...limits, staleAt });
    return staleAt;
  };
}

/** Where chance may make an interval longer or shorter, it is as long as it is meant to be. */
function middle(): number {
  return 0.5;
}
