import { setTimeout as sleep } from 'node:timers/promises';
import type { Workbench } from '../../support/host/window.mjs';

/** A notice can be seen for longer. */
const lookMs = 200;

/** How often the ends of a round were told, over all windows. */
export interface NotificationCounts {
  readonly once: number;
  readonly twice: number;
  /** Those that no notice named or counted: which ones, as far as the notices say so. */
  readonly missing: readonly string[];
}

/** Writes down each notice of ours that a window shows, once. */
export class NotificationLog {
  readonly #texts: string[] = [];

  get texts(): readonly string[] {
    return this.#texts;
  }

  /** Looks at what these windows show until that is over; they may be others meanwhile. */
  async during(windows: readonly Workbench[], work: Promise<void>): Promise<void> {
    const over = work.then(() => true);
    do await this.#look(windows);
    while (!(await Promise.race([over, sleep(lookMs, false)])));
    await this.#look(windows);
  }

  async #look(windows: readonly Workbench[]): Promise<void> {
    for (const window of windows) {
      // One that is closed or reloaded at this moment shows nothing.
      const shown = await window.newNotices().catch(() => []);
      this.#texts.push(...shown.filter((text) => finishedRunsIn(text) > 0));
    }
  }

  /** What they told of these runs, by their short ids. */
  counts(ids: readonly string[]): NotificationCounts {
    const named = ids.map((id) => this.#texts.filter((text) => text.includes(`: ${id} `)).length);
    const counted = this.#texts
      .filter((text) => !ids.some((id) => text.includes(`: ${id} `)))
      .reduce((sum, text) => sum + finishedRunsIn(text), 0);
    const unnamed = ids.filter((_, index) => named[index] === 0);
    const missing = unnamed.slice(counted);
    const twice = named.filter((times) => times > 1).length + Math.max(0, counted - unnamed.length);
    return { once: Math.max(0, ids.length - missing.length - twice), twice, missing };
  }
}

/** Of how many ends a text tells, in our own words. */
function finishedRunsIn(text: string): number {
  if (/: [0-9a-f]{8} (succeeded|failed|was stopped)/.test(text)) return 1;
  return Number(/^(\d+) runs (succeeded|finished)/.exec(text)?.[1] ?? 0);
}
