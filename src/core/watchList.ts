import { keyOf, type Board } from './board';
import type { RunHistory } from './history';
import { isSettled, type Kickoff, type KickoffRef } from './kickoff';
import { hurry, inherited, plan, turnBack, watch, type Watched } from './watched';

/** The delay that the pace gives a run, in milliseconds; undefined: it is not asked by itself any more. */
export type Paced = (kickoff: Kickoff, history: RunHistory) => number | undefined;

/** The runs that are being polled, each in its own time. */
export class WatchList implements Iterable<Watched> {
  readonly #all = new Map<string, Watched>();

  constructor(
    private readonly board: Board,
    private readonly paced: Paced,
  ) {}

  [Symbol.iterator](): IterableIterator<Watched> {
    return this.#all.values();
  }

  get(ref: KickoffRef): Watched | undefined {
    return this.#all.get(keyOf(ref));
  }

  /** Watches these runs as far as they are open, and no others; with `isHeir` those that come wait for the rest of the time that another window gave them. */
  sync(kickoffs: readonly Kickoff[], now: number, isHeir: boolean): void {
    const open = new Map(kickoffs.filter(({ phase }) => !isSettled(phase)).map((kickoff) => [keyOf(kickoff), kickoff]));
    for (const [key, { request }] of this.#all) {
      if (open.has(key)) continue;
      this.#all.delete(key);
      request?.dispose();
    }
    const begin = isHeir ? inherited : watch;
    for (const [key, kickoff] of open) if (!this.#all.has(key)) this.#all.set(key, begin(kickoff, now, this.#delay(kickoff)));
  }

  /** It is asked again in its own time. */
  plan(watched: Watched, kickoff: Kickoff, now: number): void {
    plan(watched, now, this.#delay(kickoff));
  }

  /** No healthy run waits longer than the pace is now. */
  hurry(): void {
    for (const watched of this) {
      const kickoff = this.board.kickoff(watched.ref);
      if (kickoff) hurry(watched, this.#delay(kickoff));
    }
  }

  turnBack(milliseconds: number): void {
    for (const watched of this) turnBack(watched, milliseconds);
  }

  delete(watched: Watched): void {
    if (this.get(watched.ref) === watched) this.#all.delete(keyOf(watched.ref));
  }

  /** Leaves all of them to somebody else; what is under way is still heard. */
  clear(): void {
    this.#all.clear();
  }

  /** Ends what is under way. */
  abort(): void {
    for (const { request } of this) request?.dispose();
    this.clear();
  }

  #delay(kickoff: Kickoff): number | undefined {
    return this.paced(kickoff, this.board.historyOf(kickoff.deployment));
  }
}
