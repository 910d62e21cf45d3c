import { endTime, isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { Clock, Disposable } from '#core/lib/types';
import type { KickoffList } from './kickoffList';
import type { Tracker } from './tracker';

const dayMs = 24 * 3_600_000;
/** The delay of the first check. Until then, VS Code is busy with its own start. */
const firstCheckDelayMs = 60_000;
/** The delay of the check after a change of the setting. A user who types 30 first types 3, which must not remove anything. */
const settingChangeDelayMs = 10_000;

const endOrLastChange = (kickoff: Kickoff): number => endTime(kickoff) ?? kickoff.phaseSince;

/** Returns the read runs that finished more than `days` days ago. */
export function runsOlderThan(days: number, kickoffs: readonly Kickoff[], now: number, endTimeOf = endOrLastChange): readonly Kickoff[] {
  return kickoffs.filter((one) => isSettled(one.phase) && !one.isUnread && endTimeOf(one) < now - days * dayMs);
}

export interface RetentionParts {
  readonly board: Pick<KickoffList, 'kickoffs'>;
  readonly tracker: Pick<Tracker, 'removeOld'>;
  readonly clock: Clock;
  /** Returns the number of days to keep finished runs; 0 for no limit. */
  readonly keepDays: () => number;
  readonly purge: () => Promise<void>;
  readonly log: { info(message: string): void; warn(message: string): void };
}

/** Removes read runs that finished longer ago than the setting permits. Deletes removed data after seven days. */
export class Retention implements Disposable {
  #timer: Disposable | undefined;

  constructor(private readonly parts: RetentionParts) {
    this.#scheduleCheck(firstCheckDelayMs);
  }

  onSettingChange(): void {
    this.#scheduleCheck(settingChangeDelayMs);
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #scheduleCheck(delayMs: number): void {
    this.#timer?.dispose();
    this.#timer = this.parts.clock.after(delayMs, () => this.#check());
  }

  #check(): void {
    this.#scheduleCheck(dayMs);
    for (const work of [this.parts.purge(), this.#removeOld()])
      work.catch((error: unknown) => this.parts.log.warn(`Failed to remove runs: ${String(error)}`));
  }

  async #removeOld(): Promise<void> {
    const { board, tracker, clock, keepDays, log } = this.parts;
    const days = keepDays();
    if (days === 0) return;
    // Counts from the time when the end was stored, because the user may have just tracked a run that ended long ago.
    const endStoredAt = ({ finishedAt, phaseSince }: Kickoff): number => finishedAt ?? phaseSince;
    const oldRuns = runsOlderThan(days, board.kickoffs, clock.now(), endStoredAt);
    const count = oldRuns.length === 0 ? 0 : await tracker.removeOld(oldRuns);
    if (count > 0) log.info(`history.keepDays removed runs: ${count}`);
  }
}
