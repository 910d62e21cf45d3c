import type { Random } from './types';

const firstBackOffMs = 5_000;
/** The maximum wait after a problem without `Retry-After`. */
export const maxBackOffMs = 300_000;

/** Returns a random wait after failures in a row: 2.5–5 s after the first failure, doubled with each failure, up to 2.5–5 min. */
export function backOffMs(failures: number, random: Random): number {
  const maxWaitMs = Math.min(maxBackOffMs, firstBackOffMs * 2 ** (failures - 1));
  return maxWaitMs / 2 + (maxWaitMs / 2) * random();
}
