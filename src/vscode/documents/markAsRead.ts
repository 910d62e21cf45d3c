import vscode = require('vscode');
import { contextKeys } from '#contributions';
import type { KickoffList } from '#core/history/kickoffList';
import type { Tracker } from '#core/history/tracker';
import { visibleDocuments } from './openTabs';

/** Marks a run as read while one of its documents is visible in the focused window. */
export function markAsRead(board: KickoffList, tracker: Pick<Tracker, 'markRead'>, failed: (error: unknown) => void): vscode.Disposable {
  let hasRead = false;
  const markVisible = (): void => {
    if (!vscode.window.state.focused) return;
    const inFront = visibleDocuments();
    if (inFront.length > 0 && !hasRead) {
      hasRead = true;
      void vscode.commands.executeCommand('setContext', contextKeys.hasRead, true);
    }
    tracker.markRead(inFront.map(({ ref }) => ref)).catch(failed);
  };
  return vscode.Disposable.from(
    vscode.window.tabGroups.onDidChangeTabs(markVisible),
    vscode.window.tabGroups.onDidChangeTabGroups(markVisible),
    vscode.window.onDidChangeWindowState(markVisible),
    board.onDidChange(({ kickoffs }) => {
      if (kickoffs.some(({ isUnread }) => isUnread)) markVisible();
    }),
  );
}
