import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import vscode = require('vscode');
import { isUnused } from '#store/files';
import { FolderWatch } from '#store/folderWatch';
import { extendMarkdownIt } from '#vscode/documents/safePreview';
import { EmptyApi } from '#vscode/emptyApi';
import { idBackupKey } from '#vscode/idBackupStorage';
import { Shell } from '#vscode/shell';
import type { KickoffsApi } from './api';
import { contextKeys, section, statusBarSetting } from './contributions';

export * as shared from './shared';

let finish = (): Promise<void> => Promise.resolve();

/** What the editor loads. The extension itself comes at once where anything was ever kept or is to be shown, else with the first need of it, which most windows never have. */
export async function activate(
  context: vscode.ExtensionContext,
): Promise<KickoffsApi & { readonly extendMarkdownIt: typeof extendMarkdownIt }> {
  const folder = context.globalStorageUri.fsPath;
  const isEmpty = (): boolean => isUnused(folder) && context.globalState.get(idBackupKey(hostname(), folder)) === undefined;
  const [empty, waiting] = isEmpty() && !showsAlways() ? [new EmptyApi(), waitingIn(folder, () => isEmpty() || void shell.whole())] : [];
  const shell = new Shell(async (list) => {
    const whole = await (await import('./extension')).start(context, list);
    // Not before: where it cannot be loaded the next change tries again.
    waiting?.dispose();
    empty?.becomes(whole.api);
    return whole;
  });
  context.subscriptions.push(shell, ...(waiting ? [waiting] : []));
  finish = () => shell.finish();
  if (!empty) return Object.assign((await shell.whole()).api, { extendMarkdownIt });
  void vscode.commands.executeCommand('setContext', contextKeys.isEmpty, true);
  return Object.assign(empty, { extendMarkdownIt });
}

/** The editor lets all else go at once and waits for this alone. */
export function deactivate(): Promise<void> {
  return finish();
}

/** The status bar says then that there is nothing. */
function showsAlways(): boolean {
  return vscode.workspace.getConfiguration(section).get(statusBarSetting.key.slice(section.length + 1)) === 'always';
}

/** Looks whenever another window may have kept something: with the focus too, for not every folder can be watched. */
function waitingIn(folder: string, look: () => void): vscode.Disposable {
  const watch = new FolderWatch(folder, look);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    watch.ensure();
  } catch {
    // Where no folder can be made nothing can be kept there either.
  }
  return vscode.Disposable.from(watch, vscode.window.onDidChangeWindowState(look));
}
