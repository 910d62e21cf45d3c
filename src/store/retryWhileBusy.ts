import type { Clock, Random } from '#core/lib/types';
import { failureOf, isBusy } from './sqliteErrors';

const firstPause = 2;
const longestPause = 25;
/** The maximum number of retries, which take about five seconds with their pauses. */
const attempts = 270;

export interface RetryContext {
  readonly clock: Clock;
  readonly random: Random;
}

/** Calls `attempt` again while another connection has a lock, because SQLite's own waiting would block the extension host. */
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
