import { keyOf } from './board';
import type { Kickoff, KickoffRef } from './kickoff';
import type { Clock, Disposable } from './ports';

/** So long those of one moment are held, to share a notice. */
export const shareMs = 2_000;
/** So long a window waits for the one that heard an end: to tell of it when that one was closed meanwhile. */
export const standByMs = 6_000;

/** More than eight notices in that time are a storm, as when many runs ended while nobody looked: those after them share one. */
const stormMs = 60_000;

/** So often an end is held again that could not be claimed; after that its mark is all that tells of it. */
const retries = 30;

interface Held {
  readonly kickoff: Kickoff;
  readonly failures: number;
}

/** Holds ends for a while. Each is claimed only after that: a window that is closed before leaves it to another. */
export class Ends implements Disposable {
  readonly #held = new Map<string, Held>();
  #timer: Disposable | undefined;
  #later: Disposable | undefined;
  readonly #claimed: Kickoff[] = [];
  #toldAt: readonly number[] = [];
  #isDisposed = false;

  constructor(
    private readonly milliseconds: number,
    private readonly clock: Clock,
    /** True for the one caller, over all windows, that may tell of it. */
    private readonly claim: (ref: KickoffRef) => Promise<boolean>,
    private readonly tell: (ended: readonly Kickoff[]) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  hold(kickoff: Kickoff): void {
    this.#hold(kickoff, 0);
  }

  #hold(kickoff: Kickoff, failures: number): void {
    if (this.#isDisposed) return;
    this.#held.set(keyOf(kickoff), { kickoff, failures });
    this.#timer ??= this.clock.after(this.milliseconds, () => void this.#claimAll());
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    this.#later?.dispose();
  }

  async #claimAll(): Promise<void> {
    this.#timer = undefined;
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const { kickoff, failures } of held) {
      try {
        if (await this.claim(kickoff)) this.#claimed.push(kickoff);
      } catch (error) {
        if (failures === 0) this.failed(error);
        if (failures < retries) this.#hold(kickoff, failures + 1);
      }
    }
    this.#tell();
  }

  #tell(): void {
    const now = this.clock.now();
    this.#later?.dispose();
    if (this.#claimed.length === 0) return;
    const lately = this.#toldAt.filter((at) => Math.abs(now - at) < stormMs);
    const { 0: first, 7: eighth } = lately;
    if (first && eighth) {
      if (!this.#isDisposed) this.#later = this.clock.after(first + stormMs - now, () => this.#tell());
      return;
    }
    this.#toldAt = [...lately, now];
    this.tell(this.#claimed.splice(0));
  }
}
