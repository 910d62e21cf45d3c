import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { Clock, Disposable } from '#core/lib/types';
import type { KickoffList } from './kickoffList';
import type { Tracker } from './tracker';

const dayMs = 24 * 3_600_000;
/** Users type 30 digit by digit: the 3 must not remove anything. */
const typingMs = 10_000;

/** Returns the runs that finished more than `days` days ago, without unread ones. */
export function olderThan(days: number, kickoffs: readonly Kickoff[], now: number): readonly Kickoff[] {
  return kickoffs.filter((one) => isSettled(one.phase) && !one.isUnread && (one.finishedAt ?? one.phaseSince) < now - days * dayMs);
}

/** Removes old runs, and deletes runs that were removed long ago. Checks at start, once a day, and after a change of the setting. */
export class Retention implements Disposable {
  #timer: Disposable | undefined;

  constructor(
    private readonly board: Pick<KickoffList, 'kickoffs'>,
    private readonly tracker: Pick<Tracker, 'removeOld'>,
    private readonly clock: Clock,
    /** 0 means forever. */
    private readonly keepDays: () => number,
    private readonly onRemoved: (removed: Promise<number>) => void,
    private readonly purge: () => void,
  ) {}

  /** Starts the checks. Called when the history is loaded. */
  start(): void {
    this.#check();
  }

  /** Checks soon after the user changed the setting. */
  changed(): void {
    this.#timer?.dispose();
    this.#timer = this.clock.after(typingMs, () => this.#check());
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #check(): void {
    this.#timer?.dispose();
    this.#timer = this.clock.after(dayMs, () => this.#check());
    this.purge();
    const days = this.keepDays();
    if (days === 0) return;
    const old = olderThan(days, this.board.kickoffs, this.clock.now());
    if (old.length > 0) this.onRemoved(this.tracker.removeOld(old));
  }
}
