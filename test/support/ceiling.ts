const second = 1_000;

/** A limit on requests: in any w seconds no more than `burst` and `perSecond` times w. */
export interface Ceiling {
  readonly burst: number;
  readonly perSecond: number;
}

export const aHost: Ceiling = { burst: 10, perSecond: 2 };
export const inAll: Ceiling = { burst: 20, perSecond: 5 };

/** By how much the fullest window, however long, is fuller than it may be; never above 0. */
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

/** How many there are in the fullest window of that length, both ends included. */
export function mostWithin(times: readonly number[], seconds: number): number {
  let first = 0;
  let most = 0;
  times.forEach((at, index) => {
    while (at - (times[first] ?? at) > seconds * second) first++;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
