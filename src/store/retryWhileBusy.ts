import type { Clock, Random } from '#core/lib/types';
import { failureOf, isBusy } from './sqliteErrors';

const firstPause = 2;
const longestPause = 25;
/** The maximum number of retries. With their pauses, all retries take about five seconds. */
const attempts = 270;

/** Clock and randomness of the pauses. */
export interface RetryContext {
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Calls `attempt` again after a pause while another connection has a lock. SQLite's own waiting is off, because it would block the
 * extension host. Rejects with the error of the last attempt, converted by `failureOf`.
 */
export async function retryWhileBusy<T>(attempt: () => T, { clock, random }: RetryContext): Promise<T> {
  for (let pause = firstPause, left = attempts; ; pause = Math.min(pause * 2, longestPause), left -= 1) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || left === 0) throw failureOf(error);
    }
    const milliseconds = pause * (0.5 + random() / 2);
    await new Promise<void>((resolve) => clock.after(milliseconds, resolve));
  }
}
