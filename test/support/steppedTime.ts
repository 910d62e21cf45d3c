/**
 * The time of a simulated server. Only the test advances this time, so that the displayed state doesn't depend on the speed of the machine.
 */
export class SteppedTime {
  #now = Date.now();

  /** Milliseconds since the epoch. */
  readonly now = (): number => this.#now;

  pass(seconds: number): void {
    this.#now += seconds * 1_000;
  }
}
