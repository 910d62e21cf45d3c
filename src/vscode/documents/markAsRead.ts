import vscode = require('vscode');
import { contextKeys } from '#contributions';
import type { KickoffList } from '#core/history/kickoffList';
import type { Tracker } from '#core/history/tracker';
import type { Disposable } from '#core/lib/types';
import { documentsInFront } from './openTabs';

/** Marks a run as read while one of its documents is visible in the focused window. */
export class MarkAsRead implements vscode.Disposable {
  readonly #listening: readonly Disposable[];
  #hasRead = false;

  constructor(
    board: KickoffList,
    private readonly tracker: Pick<Tracker, 'markRead'>,
    private readonly failed: (error: unknown) => void,
  ) {
    const look = (): void => this.#look();
    this.#listening = [
      vscode.window.tabGroups.onDidChangeTabs(look),
      vscode.window.tabGroups.onDidChangeTabGroups(look),
      vscode.window.onDidChangeWindowState(look),
      board.onDidChange(({ kickoffs }) => {
        if (kickoffs.some(({ isUnread }) => isUnread)) look();
      }),
    ];
  }

  dispose(): void {
    for (const listening of this.#listening) listening.dispose();
  }

  #look(): void {
    if (!vscode.window.state.focused) return;
    const inFront = documentsInFront();
    if (inFront.length > 0 && !this.#hasRead) {
      this.#hasRead = true;
      void vscode.commands.executeCommand('setContext', contextKeys.hasRead, true);
    }
    this.tracker.markRead(inFront.map(({ ref }) => ref)).catch(this.failed);
  }
}
