import vscode = require('vscode');
import { contextKeys } from '#contributions';
import type { KickoffList } from '#core/history/kickoffList';
import { documentsInFront } from './openTabs';

/** Sets the context key of the button Open Output, which only the report of a run with an output has. */
export function updateTitleButtons(board: KickoffList): vscode.Disposable {
  let before = '';
  const update = (): void => {
    const reports = documentsInFront().filter(({ kind, ref }) => kind === 'report' && board.kickoff(ref)?.output !== undefined);
    const uris = reports.map(({ uri }) => uri.toString());
    if (uris.join() === before) return;
    before = uris.join();
    void vscode.commands.executeCommand('setContext', contextKeys.reportsWithOutput, uris);
  };
  update();
  return vscode.Disposable.from(
    vscode.window.tabGroups.onDidChangeTabs(update),
    vscode.window.tabGroups.onDidChangeTabGroups(update),
    board.onDidChange(update),
  );
}
