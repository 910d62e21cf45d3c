import { watchTimers } from '../../bench/hosted/watching';

/** The watched timers of the tested extension, which tests in the same extension host read. */
export interface WatchedTimers {
  kickoffsTimers?: ReturnType<typeof watchTimers>;
}

/** Starts to watch timers. VS Code calls this function before activating the tested extension. */
export function activate(): void {
  const watched: WatchedTimers = { kickoffsTimers: watchTimers(process.env['KICKOFFS_WATCHED'] ?? 'nothing') };
  Object.assign(globalThis, watched);
}
