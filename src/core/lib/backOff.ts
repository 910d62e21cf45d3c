import type { Random } from './types';

const firstBackOffMs = 5_000;
/** The maximum wait after a problem without `Retry-After`. */
export const maxBackOffMs = 300_000;

/** Returns the milliseconds to wait after failures in a row: up to 5 s, doubled each time to 5 min. The wait is at least half of that. */
export function backOff(failures: number, random: Random): number {
  const wait = Math.min(maxBackOffMs, firstBackOffMs * 2 ** (failures - 1));
  return wait / 2 + (wait / 2) * random();
}
