import { second } from './manualClock';

/** A limit on requests: at most `burst` plus `perSecond` × w in any period of w seconds. */
export interface Ceiling {
  readonly burst: number;
  readonly perSecond: number;
}

export const aHost: Ceiling = { burst: 10, perSecond: 2 };
export const inAll: Ceiling = { burst: 20, perSecond: 5 };

/**
 * Returns by how many requests the worst period, of whatever length, exceeds the limit: 0 or less if none does.
 */
export function excess(times: readonly number[], { burst, perSecond }: Ceiling): number {
  let fewestBefore = Infinity;
  let worst = -Infinity;
  times.forEach((at, index) => {
    const flowedIn = (perSecond * at) / second;
    fewestBefore = Math.min(fewestBefore, index - flowedIn);
    worst = Math.max(worst, index + 1 - flowedIn - fewestBefore - burst);
  });
  return Math.round(worst * 1_000) / 1_000;
}

/** Returns the number of times in the busiest period of this length, including both ends. */
export function mostWithin(times: readonly number[], seconds: number): number {
  let first = 0;
  let most = 0;
  times.forEach((at, index) => {
    while (at - (times[first] ?? at) > seconds * second) first++;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
