import type { Kickoff, KickoffRef } from './kickoff';
import type { Clock, Disposable } from './ports';

const shareMs = 2_000;

/** Holds ends for two seconds, so that those of one moment share a notice. Each is claimed only then: a window that is closed meanwhile leaves them to another. */
export class Ends implements Disposable {
  readonly #held: Kickoff[] = [];
  #timer: Disposable | undefined;

  constructor(
    private readonly clock: Clock,
    /** True for the one caller, over all windows, that may tell of it. */
    private readonly claim: (ref: KickoffRef) => Promise<boolean>,
    private readonly tell: (ended: readonly Kickoff[]) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  hold(kickoff: Kickoff): void {
    this.#held.push(kickoff);
    this.#timer ??= this.clock.after(shareMs, () => void this.#claimAll());
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  async #claimAll(): Promise<void> {
    this.#timer = undefined;
    const mine: Kickoff[] = [];
    for (const kickoff of this.#held.splice(0)) {
      try {
        if (await this.claim(kickoff)) mine.push(kickoff);
      } catch (error) {
        this.failed(error);
      }
    }
    this.tell(mine);
  }
}
