import type * as vscode from 'vscode';
import type { Board } from '../core/board';
import type { Freshness } from '../core/freshness';
import { isSettled, type Kickoff } from '../core/kickoff';
import type { Clock, Disposable } from '../core/ports';
import { elapsedMovesIn } from '../present/times';
import type { KickoffTree } from './tree';

const hour = 3_600_000;
const minute = 60_000;
/** Hours and days may be late by so much: what moves meanwhile is looked at together, and a window at rest stays at rest. */
const quarter = hour / 4;
/** However many rows move one after the other, they are drawn no more often. */
const leastMs = 1_000;

/** Moves the elapsed times on, and only while somebody can see them. */
export class Ticking implements Disposable {
  #timer: Disposable | undefined;
  /** Up to when the rows show what moved. */
  #drawnAt: number;
  readonly #listening: readonly Disposable[];

  constructor(
    private readonly view: vscode.TreeView<unknown>,
    private readonly tree: KickoffTree,
    private readonly board: Board,
    private readonly freshness: Freshness,
    private readonly clock: Clock,
  ) {
    this.#drawnAt = clock.now();
    this.#listening = [board.onDidChange(() => this.#schedule()), view.onDidChangeVisibility(() => this.#tick())];
    this.#schedule();
  }

  dispose(): void {
    this.#timer?.dispose();
    for (const listening of this.#listening) listening.dispose();
  }

  /** Those alone that moved since the last time: there may be thousands. */
  #tick(): void {
    const since = this.#drawnAt;
    this.#drawnAt = this.clock.now();
    if (this.view.visible) this.tree.redraw(this.#moving().filter((kickoff) => this.#movesAt(kickoff, since) <= this.#drawnAt));
    this.#schedule();
  }

  #schedule(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (!this.view.visible) return;
    const now = this.clock.now();
    // The time of day may have been set back.
    this.#drawnAt = Math.min(this.#drawnAt, now);
    const next = this.#moving().reduce((first, kickoff) => Math.min(first, this.#movesAt(kickoff, this.#drawnAt)), Infinity);
    if (next < Infinity) this.#timer = this.clock.after(Math.max(next, this.#drawnAt + leastMs) - now, () => this.#tick());
  }

  /** When its time moves, or what was last heard of it grows old, for the first time after that. */
  #movesAt(kickoff: Kickoff, since: number): number {
    const { phase, finishedAt = 0 } = kickoff;
    if (isSettled(phase)) {
      const age = since - finishedAt;
      if (age < hour) return since + minute - (age % minute);
      // From the last quarter on: what moved after it is not seen to yet, however often others were drawn since.
      const from = since - (since % quarter);
      return Math.ceil((from + hour - ((from - finishedAt) % hour)) / quarter) * quarter;
    }
    const staleAt = this.freshness.staleAt(kickoff);
    return Math.min(phase.kind === 'missing' ? Infinity : since + elapsedMovesIn(kickoff, since), staleAt > since ? staleAt : Infinity);
  }

  /** Runs that ended, and open ones that were heard. */
  #moving(): readonly Kickoff[] {
    return this.board.kickoffs.filter(({ phase, checkedAt }) => isSettled(phase) || checkedAt !== undefined);
  }
}
