import * as vscode from 'vscode';
import { words } from '../present/words';

/** Asks where a file is to go, beginning in the folder that is open; undefined when the user thought better of it. */
export async function askWhere(name: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    saveLabel: vscode.l10n.t(words.save),
    defaultUri: folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(name),
  });
}
