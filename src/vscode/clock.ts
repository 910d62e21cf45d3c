import type { Clock } from '#core/lib/types';

/** The maximum delay of a timer, because Node.js fires longer timers immediately. The poller sets a new timer if it wakes too early. */
const maxTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, Math.min(maxTimerMs, Math.max(0, milliseconds)));
    return { dispose: () => clearTimeout(timer) };
  },
};

/** Returns a time in ISO 8601 format. Returns the milliseconds of a time outside the range of dates, because `toISOString` would throw. */
export function utcText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
