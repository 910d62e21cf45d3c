import type { Clock } from '#core/lib/types';

const repeatIntervalMs = 10 * 60_000;

/** Returns a function that decides whether to report an error. It permits the same message only once in ten minutes. */
export function errorThrottle(clock: Pick<Clock, 'now'>): (error: unknown) => boolean {
  const reportTimes = new Map<string, number>();
  return (error) => {
    const [message, now] = [String(error), clock.now()];
    if (now - (reportTimes.get(message) ?? -Infinity) < repeatIntervalMs) return false;
    reportTimes.set(message, now);
    return true;
  };
}
