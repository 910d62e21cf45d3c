import vscode = require('vscode');
import { contextKeys } from '#contributions';
import type { KickoffList } from '#core/history/kickoffList';
import { namedBy } from './documentUri';
import { tabsInFront, urisOf } from './openTabs';

/** Sets the context key of the button Open Output, which only the report of a run with an output has. */
export function updateTitleButtons(board: KickoffList): vscode.Disposable {
  let before = '';
  const update = (): void => {
    const uris = tabsInFront()
      .flatMap(({ input }) => urisOf(input))
      .filter((uri) => {
        const named = namedBy(uri);
        return named?.kind === 'report' && board.kickoff(named.ref)?.output !== undefined;
      })
      .map(String);
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
