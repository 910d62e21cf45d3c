import type { Clock } from '#core/lib/types';

const repeatIntervalMs = 10 * 60_000;

/** Returns a function that returns whether to report an error. An error with the same message isn't reported again for ten minutes. */
export function errorThrottle(clock: Pick<Clock, 'now'>): (error: unknown) => boolean {
  const reportTimes = new Map<string, number>();
  return (error) => {
    const [message, now] = [String(error), clock.now()];
    if (now - (reportTimes.get(message) ?? -Infinity) < repeatIntervalMs) return false;
    reportTimes.set(message, now);
    return true;
  };
}
