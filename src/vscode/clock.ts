import type { Clock } from '#core/lib/types';

/** The maximum delay of a timer. Node.js fires longer timers immediately. When a shortened timer fires, the poller sets a new one. */
const maxTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, Math.min(maxTimerMs, Math.max(0, milliseconds)));
    return { dispose: () => clearTimeout(timer) };
  },
};

/** Returns a time in ISO 8601 format, or in milliseconds if it's outside the range of dates, because `toISOString` would throw then. */
export function utcText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
