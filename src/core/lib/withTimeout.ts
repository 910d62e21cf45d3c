import type { Clock } from './types';

/** Waits for a piece of work that cannot fail, but no longer than that. */
export function withTimeout(milliseconds: number, work: Promise<void>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(milliseconds, resolve);
    void work.then(() => {
      timer.dispose();
      resolve();
    });
  });
}
