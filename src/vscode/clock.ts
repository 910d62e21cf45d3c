import type { Clock } from '#core/lib/types';

/** Longer timers fire at once in Node; the poller sets its timer again when it wakes too early. */
const longestTimerMs = 2 ** 31 - 1;

/** Time as this machine has it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, Math.min(longestTimerMs, Math.max(0, milliseconds)));
    return { dispose: () => clearTimeout(timer) };
  },
};
