import type { Clock } from '#core/lib/types';

const againMs = 10 * 60_000;

/** Limits notifications of the same error, because one cause makes many reads and writes fail. */
export class ErrorThrottle {
  readonly #reportedAt = new Map<string, number>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Whether no error with the same message was reported in the last ten minutes. */
  shouldReport(error: unknown): boolean {
    const [reason, now] = [String(error), this.clock.now()];
    if (now - (this.#reportedAt.get(reason) ?? -Infinity) < againMs) return false;
    this.#reportedAt.set(reason, now);
    return true;
  }
}
