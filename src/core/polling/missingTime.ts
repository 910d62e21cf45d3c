import type { Kickoff } from '#core/kickoff/kickoff';

export interface StoredAnswer {
  readonly before: Kickoff | undefined;
  readonly after: Kickoff;
  readonly now: number;
  readonly interval: number;
}

/** The time for which AMP hasn't found a run while the run was polled. Sleep and clock changes don't count. */
export class MissingTime {
  #milliseconds: number | undefined;

  /** Adds the time between two polls that didn't find the run, at most one interval, and returns the run with a matching `phaseSince`. */
  addTo({ before, after, now, interval }: StoredAnswer): Kickoff {
    const missedAt = before?.phase.kind === 'missing' ? before.checkedAt : undefined;
    if (after.phase.kind !== 'missing' || missedAt === undefined) {
      this.#milliseconds = undefined;
      return after;
    }
    const untilThen = this.#milliseconds ?? Math.max(0, missedAt - after.phaseSince);
    this.#milliseconds = untilThen + Math.min(Math.max(0, now - missedAt), interval);
    return { ...after, phaseSince: now - this.#milliseconds };
  }
}
