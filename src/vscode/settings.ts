import * as vscode from 'vscode';
import { settings } from '../contributions';

let known: ReturnType<typeof read> | undefined;

/** What the user has set, each value within its limits whatever the file says. Kept, for VS Code takes its time and rows by the thousand ask. */
export function currentSettings() {
  known ??= read();
  return known;
}

/** Sees to it that they are read again after a change; whoever else listens to changes is to come later. */
export function watchSettings(): vscode.Disposable {
  known = undefined;
  return vscode.workspace.onDidChangeConfiguration(() => (known = undefined));
}

function read() {
  return {
    minimumSeconds: numberIn(settings.minimumSeconds),
    maximumSeconds: numberIn(settings.maximumSeconds),
    notifications: oneOf(settings.notifications),
    openOutputWhenFinished: oneOf(settings.openOutputWhenFinished),
    openWith: oneOf(settings.openWith),
    statusBar: oneOf(settings.statusBar),
    keepDays: numberIn(settings.keepDays),
  };
}

/** Whether the editor's requests go through a proxy. */
export function hasProxy(): boolean {
  const proxy: unknown = vscode.workspace.getConfiguration().get('http.proxy');
  return typeof proxy === 'string' && proxy !== '';
}

function numberIn(setting: { readonly key: string; readonly default: number; readonly minimum: number; readonly maximum: number }): number {
  const value: unknown = vscode.workspace.getConfiguration().get(setting.key);
  return typeof value === 'number' && Number.isFinite(value)
    ? Math.min(setting.maximum, Math.max(setting.minimum, value))
    : setting.default;
}

function oneOf<Value extends string>(setting: { readonly key: string; readonly default: Value; readonly values: readonly Value[] }): Value {
  const value: unknown = vscode.workspace.getConfiguration().get(setting.key);
  return setting.values.find((one) => one === value) ?? setting.default;
}
