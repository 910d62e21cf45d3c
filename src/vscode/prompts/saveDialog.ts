import vscode = require('vscode');
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';

/** Starts in the first workspace folder, else in the home folder. Returns `undefined` on Cancel. */
export async function askWhere(name: string, title?: string): Promise<vscode.Uri | undefined> {
  const home = process.env['HOME'] ?? process.env['USERPROFILE'];
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? (home ? vscode.Uri.file(home) : undefined);
  return vscode.window.showSaveDialog({
    ...(title !== undefined && { title }),
    saveLabel: t(commandWords.save),
    defaultUri: folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(name),
  });
}
