import { subscribe } from 'node:diagnostics_channel';

export function watchConnections(): { readonly count: () => number } {
  let count = 0;
  subscribe('net.client.socket', () => count++);
  return { count: () => count };
}

interface TimerSet {
  readonly milliseconds: number;
  readonly repeats: boolean;
  isOver: boolean;
}

/** Watches the timers that code in a folder sets. */
export function watchTimers(folder: string): { readonly reset: () => void; readonly shorterThan: (milliseconds: number) => number } {
  const timers = new Map<unknown, TimerSet>();
  const { setTimeout: once, setInterval: repeatedly, clearTimeout: clear } = globalThis;
  const isOurs = (): boolean => (new Error().stack ?? '').split('\n')[3]?.includes(folder) === true;
  const setTimeout = (run: (...args: unknown[]) => void, milliseconds = 0, ...args: unknown[]): NodeJS.Timeout => {
    const timer: TimerSet = { milliseconds, repeats: false, isOver: false };
    const handle = once(() => {
      timer.isOver = true;
      run(...args);
    }, milliseconds);
    if (isOurs()) timers.set(handle, timer);
    return handle;
  };
  const setInterval = (run: (...args: unknown[]) => void, milliseconds = 0, ...args: unknown[]): NodeJS.Timeout => {
    const handle = repeatedly(run, milliseconds, ...args);
    if (isOurs()) timers.set(handle, { milliseconds, repeats: true, isOver: false });
    return handle;
  };
  const clearTimeout = (handle: NodeJS.Timeout | undefined): void => {
    const timer = timers.get(handle);
    if (timer) timer.isOver = true;
    clear(handle);
  };
  Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval: clearTimeout });
  return {
    // Timers that fired before the reset don't count.
    reset: () => {
      for (const [handle, { isOver }] of timers) if (isOver) timers.delete(handle);
    },
    shorterThan: (most) => [...timers.values()].filter(({ milliseconds }) => milliseconds < most).length,
  };
}
