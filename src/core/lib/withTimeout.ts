import type { Clock } from './types';

/** Resolves with the result of the work, or with `undefined` after a timeout. The work must not reject, because nothing catches errors. */
export function withTimeout<T>(milliseconds: number, work: Promise<T>, clock: Clock): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = clock.after(milliseconds, () => resolve(undefined));
    void work.then((result) => {
      timer.dispose();
      resolve(result);
    });
  });
}
