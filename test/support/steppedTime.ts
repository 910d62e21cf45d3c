/**
 * The time of a simulated server, which stands still until a test moves it on.
 *
 * What a run shows at a moment then does not hang on how fast the machine is: on a busy one a step of real time is over before
 * the window has drawn it.
 */
export class SteppedTime {
  #now = Date.now();

  /** Milliseconds since the epoch. */
  readonly now = (): number => this.#now;

  /** Lets that many seconds pass. */
  pass(seconds: number): void {
    this.#now += seconds * 1_000;
  }
}
