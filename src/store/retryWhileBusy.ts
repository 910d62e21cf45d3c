import type { Clock, Random } from '../core/ports';
import { failureOf, isBusy } from './sqliteErrors';

const firstPause = 2;
const longestPause = 25;
/** With the pauses between them, about five seconds. */
const attempts = 270;

/** What waiting for another window's lock takes. */
export interface Patience {
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Tries again from a timer while another connection holds a lock. SQLite's own waiting would block the whole extension host,
 * so it is switched off and each attempt ends at once.
 */
export async function patiently<T>(attempt: () => T, { clock, random }: Patience): Promise<T> {
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
