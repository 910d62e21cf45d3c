import * as vscode from 'vscode';
import { statusBarId, views } from '../contributions';
import type { Board } from '../core/board';
import type { Disposable } from '../core/ports';
import { idleStatusBarLook, statusBarLook, type StatusBarLook } from '../present/statusBar';
import { words } from '../present/words';
import { currentSettings } from './settings';

/** Shows what runs, and nothing while nothing does. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(statusBarId, vscode.StatusBarAlignment.Left, 50);
  readonly #listening: Disposable;
  #shown = '';

  constructor(private readonly board: Board) {
    this.#item.name = vscode.l10n.t(words.statusBarName);
    this.#item.command = `${views.kickoffs}.focus`;
    this.#listening = board.onDidChange(() => this.refresh());
  }

  /** Writes only what changed: each write draws an open hover again. */
  refresh(): void {
    const look = this.#look();
    const shown = JSON.stringify(look ?? null);
    if (shown === this.#shown) return;

    this.#shown = shown;
    if (!look) {
      this.#item.hide();
      return;
    }
    this.#item.text = look.text;
    this.#item.tooltip = look.tooltip;
    this.#item.accessibilityInformation = { label: look.spoken, role: 'button' };
    this.#item.show();
  }

  dispose(): void {
    this.#listening.dispose();
    this.#item.dispose();
  }

  #look(): StatusBarLook | undefined {
    const { statusBar } = currentSettings();
    if (statusBar === 'never') return undefined;
    const look = statusBarLook(this.board.kickoffs, (kickoff) => this.board.troubleOf(kickoff), vscode.l10n.t);
    return look ?? (statusBar === 'always' ? idleStatusBarLook(vscode.l10n.t) : undefined);
  }
}
