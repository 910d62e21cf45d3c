import type * as vscode from 'vscode';
import type { KickoffList } from '#core/history/kickoffList';
import type { Deployment } from '#core/kickoff/deployment';
import { endTime, isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { Clock, Disposable } from '#core/lib/types';
import type { Staleness } from '#core/polling/staleness';
import { elapsedMovesIn } from '#present/times';
import { troubleMovesAt } from '#present/troubleText';
import type { KickoffTree } from './kickoffTree';

const hour = 3_600_000;
const minute = 60_000;
/**
 * The maximum delay before the row of a finished run shows another hour or day. Rows change together at a quarter-hour, so that an idle
 * window rarely wakes up.
 */
const quarter = hour / 4;
/** The shortest time between two timed checks, for any number of rows. */
const leastMs = 1_000;

export interface TimeRefreshParts {
  readonly view: vscode.TreeView<unknown>;
  readonly rows: Pick<KickoffTree, 'redraw'>;
  readonly board: KickoffList;
  readonly staleness: Staleness;
  readonly clock: Clock;
}

/** Redraws rows whose content depends on the time, such as `5 min ago`, but only while the view is visible. */
export class TimeRefresh implements Disposable {
  #timer: Disposable | undefined;
  /** The time of the last check for rows to redraw. */
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

  /** Redraws only the rows that changed since the last check, because there may be thousands of rows. */
  #tick(): void {
    const { view, rows, board, clock } = this.parts;
    if (view.visible) {
      const since = this.#drawnAt;
      this.#drawnAt = clock.now();
      rows.redraw(
        board.kickoffs.filter((kickoff) => this.#movesAt(kickoff, since) <= this.#drawnAt),
        board.deployments.filter((deployment) => this.#deploymentMovesAt(deployment, since) <= this.#drawnAt),
      );
    }
    this.#schedule();
  }

  #schedule(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (!this.parts.view.visible) return;
    const now = this.parts.clock.now();
    // The system clock may have been set back.
    this.#drawnAt = Math.min(this.#drawnAt, now);
    const ofRuns = this.parts.board.kickoffs.reduce((first, kickoff) => Math.min(first, this.#movesAt(kickoff, this.#drawnAt)), Infinity);
    const next = this.parts.board.deployments.reduce((first, one) => Math.min(first, this.#deploymentMovesAt(one, this.#drawnAt)), ofRuns);
    if (next < Infinity) this.#timer = this.parts.clock.after(Math.max(next, this.#drawnAt + leastMs) - now, () => this.#tick());
  }

  /** Returns the first time after `since` when the row shows another time or problem, or its last response becomes stale. */
  #movesAt(kickoff: Kickoff, since: number): number {
    const { phase, checkedAt } = kickoff;
    const finishedAt = endTime(kickoff) ?? 0;
    if (isSettled(phase)) {
      const age = since - finishedAt;
      if (age < hour) return since + minute - (age % minute);
      // Counts from the last quarter-hour. This row doesn't show later changes yet, even if other rows were redrawn meanwhile.
      const from = since - (since % quarter);
      return Math.ceil((from + hour - ((from - finishedAt) % hour)) / quarter) * quarter;
    }
    const staleAt = this.parts.staleness.staleAt(kickoff);
    const trouble = this.parts.board.troubleOf(kickoff);
    return Math.min(
      phase.kind === 'missing' || checkedAt === undefined ? Infinity : since + elapsedMovesIn(kickoff, since),
      staleAt > since ? staleAt : Infinity,
      trouble ? troubleMovesAt(trouble, since) : Infinity,
    );
  }

  #deploymentMovesAt(deployment: Deployment, since: number): number {
    const trouble = this.parts.board.troubleOfDeployment(deployment);
    return trouble ? troubleMovesAt(trouble, since) : Infinity;
  }
}
