import vscode = require('vscode');
import type { KickoffList } from '#core/history/kickoffList';
import { documentUri, parseDocumentUri } from './documentUri';
import { visibleTabs, urisOf } from './openTabs';

/**
 * Reopens a visible tab when its document has another URI, because the URI contains the run's label. VS Code can't reopen hidden tabs in
 * the background, and pins only the active tab.
 */
export function updateTabTitles(board: KickoffList, onError: (error: unknown) => void): vscode.Disposable {
  let isBusy = false;
  const reopenVisible = async (preserveFocus: boolean): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      for (const tab of visibleTabs()) await reopen(tab, board, preserveFocus);
    } catch (error) {
      onError(error);
    } finally {
      isBusy = false;
    }
  };
  return vscode.Disposable.from(
    board.onDidChange(() => reopenVisible(true)),
    // A hidden tab with an old URI may have become visible.
    vscode.window.tabGroups.onDidChangeTabs(() => reopenVisible(false)),
    vscode.window.tabGroups.onDidChangeTabGroups(() => reopenVisible(false)),
  );
}

/** Opens the document of a tab under its current URI, and closes the tab. Skips comparisons and pinned tabs in inactive groups. */
async function reopen(tab: vscode.Tab, board: KickoffList, preserveFocus: boolean): Promise<void> {
  const { input, isPinned, isPreview } = tab;
  const { viewColumn } = tab.group;
  if ((isPinned && !tab.group.isActive) || input instanceof vscode.TabInputTextDiff) return;
  const [uri] = urisOf(input);
  const named = uri && parseDocumentUri(uri);
  const kickoff = named && board.kickoff(named.ref);
  if (!kickoff) return;
  const current = documentUri(kickoff, named.kind);
  if (current.path === uri.path) return;

  const editor = input instanceof vscode.TabInputCustom && named.kind === 'report' ? input.viewType : 'default';
  const options = { viewColumn, preserveFocus, preview: isPreview };
  await vscode.commands.executeCommand('vscode.openWith', current, editor, options);
  // Reads the tabs again, because VS Code replaces preview tabs, and sometimes creates new objects for all tabs.
  const open = vscode.window.tabGroups.all.find((group) => group.viewColumn === viewColumn)?.tabs ?? [];
  const old = open.filter((one) => !(one.input instanceof vscode.TabInputTextDiff) && urisOf(one.input)[0]?.toString() === uri.toString());
  if (old.length > 0) await vscode.window.tabGroups.close(old, true);
  if (isPinned) await vscode.commands.executeCommand('workbench.action.pinEditor');
}
