import vscode = require('vscode');
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';

/** Asks where a file is to go, beginning in the folder that is open, else in the user's own; undefined when the user thought better of it. */
export async function askWhere(name: string, title?: string): Promise<vscode.Uri | undefined> {
  const home = process.env['HOME'] ?? process.env['USERPROFILE'];
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? (home ? vscode.Uri.file(home) : undefined);
  return vscode.window.showSaveDialog({
    ...(title !== undefined && { title }),
    saveLabel: t(commandWords.save),
    defaultUri: folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(name),
  });
}
