import { watchTimers } from '../../bench/hosted/watching';

/** Timers of the extension, for tests in the same extension host. */
export interface WatchedTimers {
  kickoffsTimers?: ReturnType<typeof watchTimers>;
}

/** Activates at the start of VS Code, before the tested extension. */
export function activate(): void {
  const watched: WatchedTimers = { kickoffsTimers: watchTimers(process.env['KICKOFFS_WATCHED'] ?? 'nothing') };
  Object.assign(globalThis, watched);
}
