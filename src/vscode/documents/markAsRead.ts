import vscode = require('vscode');
import { contextKeys } from '#contributions';
import type { KickoffList } from '#core/history/kickoffList';
import type { Tracker } from '#core/history/tracker';
import { visibleDocuments } from './openTabs';

/** Marks a run as read when one of its documents is visible in the focused window. */
export function markAsRead(board: KickoffList, tracker: Pick<Tracker, 'markRead'>, onError: (error: unknown) => void): vscode.Disposable {
  let hasRead = false;
  const markVisible = (): void => {
    if (!vscode.window.state.focused) return;
    const visible = visibleDocuments();
    if (visible.length > 0 && !hasRead) {
      hasRead = true;
      void vscode.commands.executeCommand('setContext', contextKeys.hasRead, true);
    }
    tracker.markRead(visible.map(({ ref }) => ref)).catch(onError);
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
