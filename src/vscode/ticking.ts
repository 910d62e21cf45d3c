import type * as vscode from 'vscode';
import type { Board } from '../core/board';
import type { Freshness } from '../core/freshness';
import { isSettled, type Kickoff } from '../core/kickoff';
import type { Clock, Disposable } from '../core/ports';
import { elapsedMovesIn } from '../present/times';
import type { KickoffTree } from './tree';

const hour = 3_600_000;
const minute = 60_000;

/** Moves the elapsed times on, and only while somebody can see them. */
export class Ticking implements Disposable {
  #timer: Disposable | undefined;
  readonly #listening: readonly Disposable[];

  constructor(
    private readonly view: vscode.TreeView<unknown>,
    private readonly tree: KickoffTree,
    private readonly board: Board,
    private readonly freshness: Freshness,
    private readonly clock: Clock,
  ) {
    this.#listening = [board.onDidChange(() => this.#schedule()), view.onDidChangeVisibility(() => this.#tick())];
    this.#schedule();
  }

  dispose(): void {
    this.#timer?.dispose();
    for (const listening of this.#listening) listening.dispose();
  }

  #tick(): void {
    if (this.view.visible) this.tree.redraw(this.#moving());
    this.#schedule();
  }

  #schedule(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (!this.view.visible) return;
    const now = this.clock.now();
    const next = this.#moving().reduce((first, kickoff) => Math.min(first, this.#movesIn(kickoff, now)), Infinity);
    if (next < Infinity) this.#timer = this.clock.after(next, () => this.#tick());
  }

  /** Its time moves, or what was last heard of it grows old. */
  #movesIn(kickoff: Kickoff, now: number): number {
    if (isSettled(kickoff.phase)) return minute;
    const growsOld = this.freshness.staleAt(kickoff) - now;
    return Math.min(kickoff.phase.kind === 'missing' ? Infinity : elapsedMovesIn(kickoff, now), growsOld > 0 ? growsOld : Infinity);
  }

  /** Open runs that were heard, and those whose end is so fresh that "2 min ago" moves. */
  #moving(): readonly Kickoff[] {
    const now = this.clock.now();
    return this.board.kickoffs.filter(({ phase, checkedAt, finishedAt = 0 }) =>
      isSettled(phase) ? now - finishedAt < hour : checkedAt !== undefined,
    );
  }
}
