import vscode = require('vscode');
import { statusBarId, views } from '#contributions';
import type { Board } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Clock, Disposable } from '#core/lib/types';
import type { Staleness } from '#core/polling/staleness';
import { idleStatusBarLook, statusBarLook, type StatusBarLook } from '#present/statusBar';
import { words } from '#present/words/words';
import { currentSettings } from '#vscode/settings';
import { tooltipOf } from './tooltip';

/** The shortest time between two updates, for any number of runs. */
const leastMs = 1_000;

/** The status bar item. By default, it is visible only while at least one run is active. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(statusBarId, vscode.StatusBarAlignment.Left, 50);
  readonly #listening: Disposable;
  #shown: string | undefined;
  #timer: Disposable | undefined;

  constructor(
    private readonly board: Board,
    private readonly staleness: Staleness,
    private readonly clock: Clock,
  ) {
    this.#item.name = vscode.l10n.t(words.statusBarName);
    this.#item.command = `${views.kickoffs}.focus`;
    this.#listening = board.onDidChange(() => this.refresh());
    // An empty history fires no change, but the item may always be visible.
    this.refresh();
  }

  /** Updates only changed parts, because each update redraws an open hover. */
  refresh(): void {
    const look = this.#look();
    this.#schedule(look?.movesAt ?? Infinity);
    if (look) this.#show(look);
    else if (this.#shown !== undefined) {
      this.#shown = undefined;
      this.#item.hide();
    }
  }

  #show(look: StatusBarLook): void {
    const tooltip = tooltipOf(look.tooltip, this.board);
    const shown = JSON.stringify([look.text, tooltip.value, look.ariaLabel]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#item.text = look.text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: look.ariaLabel, role: 'button' };
    this.#item.show();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#listening.dispose();
    this.#item.dispose();
  }

  #look(): StatusBarLook | undefined {
    const { statusBar } = currentSettings();
    if (statusBar === 'never') return undefined;
    const { board, staleness, clock } = this;
    const outlook = { troubleOf: (kickoff: Kickoff) => board.troubleOf(kickoff), staleAt: staleness.staleAt, now: clock.now() };
    const look = statusBarLook(board.kickoffs, outlook, vscode.l10n.t);
    return look ?? (statusBar === 'always' ? idleStatusBarLook(vscode.l10n.t) : undefined);
  }

  /** Schedules an update, because the last response can become stale without a change of the board. */
  #schedule(at: number): void {
    this.#timer?.dispose();
    const next = Math.max(leastMs, at - this.clock.now());
    this.#timer = next < Infinity ? this.clock.after(next, () => this.refresh()) : undefined;
  }
}
