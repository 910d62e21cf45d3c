import { setTimeout as sleep } from 'node:timers/promises';
import type { Workbench } from '../../support/host/window.mjs';

/** The interval between two reads of the visible notifications. Notifications are visible for longer. */
const lookMs = 200;

/** A log that contains each notification of finished runs once. */
export class NotificationLog {
  readonly texts: string[] = [];

  /** Records the notifications in these windows until the work is done. The array may change meanwhile. */
  async during(windows: readonly Workbench[], work: Promise<void>): Promise<void> {
    const over = work.then(() => true);
    do await this.#look(windows);
    while (!(await Promise.race([over, sleep(lookMs, false)])));
    await this.#look(windows);
  }

  async #look(windows: readonly Workbench[]): Promise<void> {
    for (const window of windows) {
      // A window that is closed or reloaded at this moment shows nothing.
      const shown = await window.newNotifications().catch(() => []);
      this.texts.push(...shown.filter((text) => finishedRunsIn(text) > 0));
    }
  }

  /**
   * Counts the runs that were notified once or more than once in all windows, by their short IDs. Returns the IDs of the runs without a
   * notification. If a notification contains only a number of runs, the log assumes that it counted unnamed runs.
   */
  counts(ids: readonly string[]) {
    const named = ids.map((id) => this.texts.filter((text) => text.includes(`: ${id} `)).length);
    const counted = this.texts
      .filter((text) => !ids.some((id) => text.includes(`: ${id} `)))
      .reduce((sum, text) => sum + finishedRunsIn(text), 0);
    const unnamed = ids.filter((_, index) => named[index] === 0);
    const missing = unnamed.slice(counted);
    const twice = named.filter((times) => times > 1).length + Math.max(0, counted - unnamed.length);
    return { once: Math.max(0, ids.length - missing.length - twice), twice, missing };
  }
}

function finishedRunsIn(text: string): number {
  if (/: [0-9a-f]{8} (succeeded|failed|was stopped)/.test(text)) return 1;
  return Number(/^(\d+) runs (succeeded|finished)/.exec(text)?.[1] ?? 0);
}
