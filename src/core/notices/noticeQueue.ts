import { keyOf } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Clock, Disposable } from '#core/lib/types';

/** The delay of a notification. Runs that finish during the delay share the notification. */
export const sharedDelayMs = 2_000;
/** The delay in windows that don't poll. They notify only if the polling window hasn't, for example because it was closed. */
export const standByDelayMs = 6_000;

/** The maximum pause after a notification; `delayed` if it came when a pause timed out. Runs finished in a pause share a notification. */
const maxPauseMs = { first: 15_000, delayed: 45_000 };
/** The number of notifications in a row after which closing a notification doesn't end its pause. */
const maxEarlyPauseEnds = 8;

/** The maximum number of retries of a claim. After the last one, the run causes no notification. */
const maxRetries = 30;

export interface NoticeQueueParts {
  readonly delayMs: number;
  readonly clock: Clock;
  /** Returns true for the one caller, over all windows, that may notify. */
  readonly claim: (kickoff: Kickoff) => Promise<boolean>;
  /** Called with the runs that were claimed together, before their notification. May get an empty list. */
  readonly onClaimed: (kickoffs: readonly Kickoff[]) => Promise<void>;
  /** Shows notifications. Resolves when the user has closed them. */
  readonly notify: (kickoffs: readonly Kickoff[]) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
}

/** Claims and shows notifications of runs after a delay. If this window closes earlier, another window can claim them. */
export class NoticeQueue implements Disposable {
  readonly #unclaimedRuns = new Map<string, { readonly kickoff: Kickoff; readonly failures: number }>();
  #claimTimer: Disposable | undefined;
  readonly #claimedRuns: Kickoff[] = [];
  /** Set during a pause. Claimed runs wait until it ends. Usually, closing the last notification ends it early. */
  #pauseTimer: Disposable | undefined;
  /** The last notification, until the user closes it. */
  #openNotification: Promise<unknown> | undefined;
  #notificationsInARow = 0;
  #isDisposed = false;

  constructor(private readonly parts: NoticeQueueParts) {}

  add(kickoff: Kickoff, failures = 0): void {
    if (this.#isDisposed) return;
    this.#unclaimedRuns.set(keyOf(kickoff), { kickoff, failures });
    this.#claimTimer ??= this.parts.clock.after(this.parts.delayMs, () => void this.#claimAll());
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#claimTimer?.dispose();
    this.#pauseTimer?.dispose();
  }

  async #claimAll(): Promise<void> {
    this.#claimTimer = undefined;
    const entries = [...this.#unclaimedRuns.values()];
    this.#unclaimedRuns.clear();
    const claimedRuns: Kickoff[] = [];
    for (const { kickoff, failures } of entries) {
      try {
        if (await this.parts.claim(kickoff)) claimedRuns.push(kickoff);
      } catch (error) {
        if (failures === 0) this.parts.onError(error);
        if (failures < maxRetries) this.add(kickoff, failures + 1);
      }
    }
    this.#claimedRuns.push(...claimedRuns);
    await this.parts.onClaimed(claimedRuns);
    this.#notify();
  }

  #notify(isDelayed = false): void {
    if (this.#isDisposed || this.#claimedRuns.length === 0) return;
    if (this.#pauseTimer && (this.#openNotification || this.#notificationsInARow >= maxEarlyPauseEnds)) return;
    this.#pauseTimer?.dispose();
    this.#notificationsInARow++;
    this.#pauseTimer = this.parts.clock.after(isDelayed ? maxPauseMs.delayed : maxPauseMs.first, () => this.#endPause());
    const notification = this.parts.notify(this.#claimedRuns.splice(0));
    this.#openNotification = notification;
    void notification.then(() => {
      if (this.#openNotification === notification) this.#openNotification = undefined;
      this.#notify();
    });
  }

  #endPause(): void {
    this.#pauseTimer = undefined;
    if (this.#claimedRuns.length === 0) this.#notificationsInARow = 0;
    this.#notify(true);
  }
}
