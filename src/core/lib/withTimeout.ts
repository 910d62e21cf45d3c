import type { Clock } from './types';

/** Resolves when the work is done, or after a number of milliseconds. The work must not reject. */
export function withTimeout(milliseconds: number, work: Promise<void>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(milliseconds, resolve);
    void work.then(() => {
      timer.dispose();
      resolve();
    });
  });
}
