import type * as vscode from 'vscode';
import type { KickoffList } from '#core/history/kickoffList';
import { endTime, isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { Clock, Disposable } from '#core/lib/types';
import { isUnknown } from '#core/starts/attempt';
import { ago } from '#present/times';

const activeMs = 5_000;
const idleMs = 60_000;

export interface TimeRefreshParts {
  readonly view: vscode.TreeView<unknown>;
  readonly redraw: (kickoffs: readonly Kickoff[]) => void;
  readonly board: KickoffList;
  readonly clock: Clock;
}

/** Redraws rows whose content depends on the time, such as `5m ago`, but only while the view is visible. */
export class TimeRefresh implements Disposable {
  #timer: Disposable | undefined;
  #isActive = false;
  #drawnAt: number;
  readonly #listening: readonly Disposable[];

  constructor(private readonly parts: TimeRefreshParts) {
    const { board, view, clock } = parts;
    this.#drawnAt = clock.now();
    this.#listening = [board.onDidChange(() => this.#schedule()), view.onDidChangeVisibility(() => this.#tick())];
    this.#schedule();
  }

  dispose(): void {
    this.#timer?.dispose();
    for (const listening of this.#listening) listening.dispose();
  }

  /** Skips finished runs with the same age, because comparing thousands of rows takes long. */
  #tick(): void {
    const { view, redraw, board, clock } = this.parts;
    this.#timer?.dispose();
    this.#timer = undefined;
    if (view.visible) {
      const [before, now] = [this.#drawnAt, clock.now()];
      this.#drawnAt = now;
      const moves = (kickoff: Kickoff): boolean => !isSettled(kickoff.phase) || ageAt(kickoff, before) !== ageAt(kickoff, now);
      redraw(board.kickoffs.filter(moves));
    }
    this.#schedule();
  }

  /** Keeps a suitable timer, because the board may change more often than the timer ends. */
  #schedule(): void {
    const { view, board, clock } = this.parts;
    const isActive =
      board.kickoffs.some(({ phase }) => !isSettled(phase)) || board.starts.some((attempt) => !isUnknown(attempt, clock.now()));
    if (this.#timer && view.visible && isActive === this.#isActive) return;
    this.#timer?.dispose();
    this.#isActive = isActive;
    this.#timer = view.visible ? clock.after(isActive ? activeMs : idleMs, () => this.#tick()) : undefined;
  }
}

function ageAt(kickoff: Kickoff, now: number): string {
  return ago(endTime(kickoff) ?? 0, now, (...parts) => JSON.stringify(parts));
}
