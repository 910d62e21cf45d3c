import type { Clock } from '#core/lib/types';

/**
 * The maximum duration of a timer in Node.js, which fires longer timers immediately. A shortened timer wakes the poller too early, and the
 * poller sets a new timer.
 */
const longestTimerMs = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, Math.min(longestTimerMs, Math.max(0, milliseconds)));
    return { dispose: () => clearTimeout(timer) };
  },
};

/** Returns a time as an ISO text in UTC. Returns the milliseconds of an impossible time as text, because `toISOString` would throw. */
export function utcText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
