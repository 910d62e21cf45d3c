import type { Clock } from '#core/lib/types';

/** The maximum duration of a timer. In Node.js, longer timers fire immediately. The poller sets its timer again when it wakes too early. */
const longestTimerMs = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, Math.min(longestTimerMs, Math.max(0, milliseconds)));
    return { dispose: () => clearTimeout(timer) };
  },
};

/** Returns a time in UTC as text. Returns the milliseconds of an impossible time, because `toISOString` would throw. */
export function utcText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
