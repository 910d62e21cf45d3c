import type { Clock } from './types';

/** Waits until the work ends or the time is over. The work must not reject. */
export function withTimeout(milliseconds: number, work: Promise<void>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(milliseconds, resolve);
    void work.then(() => {
      timer.dispose();
      resolve();
    });
  });
}
