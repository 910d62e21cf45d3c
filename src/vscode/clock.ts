import type { Clock } from '#core/lib/types';

/** Node.js fires longer timers immediately. The poller wakes too early, and sets a new timer. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, Math.min(longestTimerMs, Math.max(0, milliseconds)));
    return { dispose: () => clearTimeout(timer) };
  },
};

/** Returns the milliseconds of an impossible time, for which `toISOString` would throw. */
export function utcText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
