import type { Clock } from '#core/lib/types';

const againMs = 10 * 60_000;

/** Which reasons were told lately: one cause keeps many things from being read or saved, and for as long as it lasts. */
export class ErrorThrottle {
  readonly #reportedAt = new Map<string, number>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Whether it is to be told; then it is not again for ten minutes, whoever meets it. */
  shouldReport(error: unknown): boolean {
    const [reason, now] = [String(error), this.clock.now()];
    if (now - (this.#reportedAt.get(reason) ?? -Infinity) < againMs) return false;
    this.#reportedAt.set(reason, now);
    return true;
  }
}
