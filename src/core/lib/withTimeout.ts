import type { Clock } from './types';

/** Resolves with the result of the work, or with `undefined` after a number of milliseconds. The work must not reject. */
export function withTimeout<T>(milliseconds: number, work: Promise<T>, clock: Clock): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = clock.after(milliseconds, () => resolve(undefined));
    void work.then((result) => {
      timer.dispose();
      resolve(result);
    });
  });
}
