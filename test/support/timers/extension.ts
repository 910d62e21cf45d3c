import { watchTimers } from '../../bench/hosted/watching';

/** What the tests in the same extension host see of the timers of the product. */
export interface WatchedTimers {
  kickoffsTimers?: ReturnType<typeof watchTimers>;
}

/** Activated with the editor, and so before the product is. */
export function activate(): void {
  const watched: WatchedTimers = { kickoffsTimers: watchTimers(process.env['KICKOFFS_WATCHED'] ?? 'nothing') };
  Object.assign(globalThis, watched);
}
