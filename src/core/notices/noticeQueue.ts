import { keyOf } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Clock, Disposable } from '#core/lib/types';

/** The delay of a notification, so that runs that finish together share it. */
export const shareMs = 2_000;
/** The delay in windows that don't poll, which notify only if the polling window closed before it could. */
export const standByMs = 6_000;

/** The time in which at most eight notifications are shown. The next one waits. */
const stormMs = 60_000;

/** After the last retry of a claim, the run causes no notification. */
const retries = 30;

export interface NoticeQueueParts {
  readonly milliseconds: number;
  readonly clock: Clock;
  /** Returns true for the one caller, over all windows, that may notify. */
  readonly claim: (kickoff: Kickoff) => Promise<boolean>;
  readonly notify: (ended: readonly Kickoff[]) => void;
  readonly failed: (error: unknown) => void;
}

/** Claims notifications of runs after a delay. If this window closes earlier, another window can claim them. */
export class NoticeQueue implements Disposable {
  readonly #queued = new Map<string, { readonly kickoff: Kickoff; readonly failures: number }>();
  #timer: Disposable | undefined;
  #later: Disposable | undefined;
  readonly #claimed: Kickoff[] = [];
  #notifiedAt: readonly number[] = [];
  #isDisposed = false;

  constructor(private readonly parts: NoticeQueueParts) {}

  add(kickoff: Kickoff, failures = 0): void {
    if (this.#isDisposed) return;
    this.#queued.set(keyOf(kickoff), { kickoff, failures });
    this.#timer ??= this.parts.clock.after(this.parts.milliseconds, () => void this.#claimAll());
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    this.#later?.dispose();
  }

  async #claimAll(): Promise<void> {
    this.#timer = undefined;
    const queued = [...this.#queued.values()];
    this.#queued.clear();
    for (const { kickoff, failures } of queued) {
      try {
        if (await this.parts.claim(kickoff)) this.#claimed.push(kickoff);
      } catch (error) {
        if (failures === 0) this.parts.failed(error);
        if (failures < retries) this.add(kickoff, failures + 1);
      }
    }
    this.#notify();
  }

  #notify(): void {
    const now = this.parts.clock.now();
    this.#later?.dispose();
    if (this.#claimed.length === 0) return;
    const lately = this.#notifiedAt.filter((at) => Math.abs(now - at) < stormMs);
    const { 0: first, 7: eighth } = lately;
    if (first && eighth) {
      if (!this.#isDisposed) this.#later = this.parts.clock.after(first + stormMs - now, () => this.#notify());
      return;
    }
    this.#notifiedAt = [...lately, now];
    this.parts.notify(this.#claimed.splice(0));
  }
}
