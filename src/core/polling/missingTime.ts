import type { Kickoff } from '#core/kickoff/kickoff';

/** A run before and after a stored response, and its poll interval at that time. */
export interface StoredAnswer {
  readonly before: Kickoff | undefined;
  readonly after: Kickoff;
  readonly now: number;
  readonly interval: number;
}

/** The time that a run was missing while it was polled. Sleep and clock changes don't use up its intervals. */
export class MissingTime {
  #milliseconds: number | undefined;

  /** Adds the time since the last poll. Returns the run with its missing time. */
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
