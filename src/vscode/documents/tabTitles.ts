import vscode = require('vscode');
import type { KickoffList } from '#core/history/kickoffList';
import { documentUri, parseDocumentUri } from './documentUri';
import { visibleTabs, urisOf } from './openTabs';

/**
 * Reopens tabs under the current URI of their document, which contains the run's label. Hidden tabs can't be reopened in the background,
 * and VS Code pins only the active tab.
 */
export function updateTabTitles(board: KickoffList, failed: (error: unknown) => void): vscode.Disposable {
  let isBusy = false;
  const reopenAll = async (preserveFocus: boolean): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      for (const tab of visibleTabs()) await reopen(tab, board, preserveFocus);
    } catch (error) {
      failed(error);
    } finally {
      isBusy = false;
    }
  };
  return vscode.Disposable.from(
    board.onDidChange(() => reopenAll(true)),
    // The user may have selected a hidden tab, or closed the tab in front of a hidden tab.
    vscode.window.tabGroups.onDidChangeTabs(() => reopenAll(false)),
    vscode.window.tabGroups.onDidChangeTabGroups(() => reopenAll(false)),
  );
}

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
