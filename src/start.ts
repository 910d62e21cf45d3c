import { hostname } from 'node:os';
import { mkdirSync, readdirSync, watch, type FSWatcher } from 'node:fs';
import * as vscode from 'vscode';
import type { KickoffsApi } from './api';
import { contextKeys } from './contributions';
import { Later } from './core/later';
import type * as Extension from './extension';
import { EmptyApi } from './vscode/emptyApi';
import { extendMarkdownIt } from './vscode/inertPreview';
import { keyOfCopy } from './vscode/mementoCopy';
import { Shell } from './vscode/shell';

const extension = new Later((): Promise<typeof Extension> => import('./extension'));
let finish = (): Promise<void> => Promise.resolve();

/** What the editor loads. The extension itself comes at once where anything was ever kept, else with the first need of it, which most windows never have. */
export async function activate(
  context: vscode.ExtensionContext,
): Promise<KickoffsApi & { readonly extendMarkdownIt: typeof extendMarkdownIt }> {
  const folder = context.globalStorageUri.fsPath;
  const isUnused = (): boolean => isEmpty(folder) && context.globalState.get(keyOfCopy(hostname(), folder)) === undefined;
  const [empty, waiting] = isUnused() ? [new EmptyApi(), new Waiting(folder, () => isUnused() || void shell.whole())] : [];
  const shell = new Shell(async (list) => {
    waiting?.dispose();
    const whole = await (await extension.get()).start(context, list);
    empty?.becomes(whole.api);
    return whole;
  });
  context.subscriptions.push(shell);
  finish = () => shell.finish();
  if (!empty) return Object.assign((await shell.whole()).api, { extendMarkdownIt });
  await vscode.commands.executeCommand('setContext', contextKeys.ready, true);
  return Object.assign(empty, { extendMarkdownIt });
}

/** The editor lets all else go at once and waits for this alone. */
export function deactivate(): Promise<void> {
  return finish();
}

/** Nothing was ever kept in that folder. What cannot be read is left to what says why. */
function isEmpty(folder: string): boolean {
  try {
    return !readdirSync(folder).some((name) => name.startsWith('kickoffs.'));
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

/** Looks whenever another window may have kept something: with the focus too, for not every folder can be watched. */
class Waiting extends vscode.Disposable {
  constructor(folder: string, look: () => void) {
    const focus = vscode.window.onDidChangeWindowState(look);
    const watcher = watched(folder, look);
    super(() => {
      focus.dispose();
      watcher?.close();
    });
  }
}

function watched(folder: string, look: () => void): FSWatcher | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const watcher = watch(folder, { persistent: false }, look);
    return watcher.on('error', () => watcher.close());
  } catch {
    return undefined;
  }
}
