import type { Clock, Random } from '#core/lib/types';
import { failureOf, isBusy } from './sqliteErrors';

const firstPauseMs = 2;
const longestPauseMs = 25;
/** The maximum number of retries, which take about five seconds with their pauses. */
const maxRetries = 270;

export interface RetryContext {
  readonly clock: Clock;
  readonly random?: Random;
}

/** Calls `attempt` again while another connection has a lock, because SQLite's own waiting would block the extension host. */
export async function retryWhileBusy<T>(attempt: () => T, { clock, random = Math.random }: RetryContext): Promise<T> {
  for (let pauseMs = firstPauseMs, retriesLeft = maxRetries; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs), retriesLeft -= 1) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || retriesLeft === 0) throw failureOf(error);
    }
    const randomPauseMs = pauseMs * (0.5 + random() / 2);
    await new Promise<void>((resolve) => clock.after(randomPauseMs, resolve));
  }
}
