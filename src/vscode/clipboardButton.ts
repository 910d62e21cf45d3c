import * as vscode from 'vscode';
import { words } from '../present/wordsAll';

/** The button in a box's title that fills the box from the clipboard, which is never read unasked. */
export function clipboardButton(): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon('clippy'), tooltip: vscode.l10n.t(words.pasteFromClipboard) };
}

/** What was copied, as it stands in a box: line ends become blanks, as they do when a user pastes. */
export async function copiedText(): Promise<string> {
  return (await vscode.env.clipboard.readText()).replace(/[\r\n]+/g, ' ').trim();
}
