import * as vscode from 'vscode';
import { section, settings } from '../contributions';

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

/** By their section, once: without one VS Code copies the names of all there is, for each that is read. */
function read() {
  const found = vscode.workspace.getConfiguration(section);
  const valueOf: ValueOf = ({ key }) => found.get(key.slice(section.length + 1));
  return {
    minimumSeconds: numberIn(settings.minimumSeconds, valueOf),
    maximumSeconds: numberIn(settings.maximumSeconds, valueOf),
    notifications: oneOf(settings.notifications, valueOf),
    openOutputWhenFinished: oneOf(settings.openOutputWhenFinished, valueOf),
    openWith: oneOf(settings.openWith, valueOf),
    statusBar: oneOf(settings.statusBar, valueOf),
    keepDays: numberIn(settings.keepDays, valueOf),
  };
}

type ValueOf = (setting: { readonly key: string }) => unknown;

/** Whether the editor's requests go through a proxy. */
export function hasProxy(): boolean {
  const proxy: unknown = vscode.workspace.getConfiguration().get('http.proxy');
  return typeof proxy === 'string' && proxy !== '';
}

function numberIn(
  setting: { readonly key: string; readonly default: number; readonly minimum: number; readonly maximum: number },
  valueOf: ValueOf,
): number {
  const value = valueOf(setting);
  return typeof value === 'number' && Number.isFinite(value)
    ? Math.min(setting.maximum, Math.max(setting.minimum, value))
    : setting.default;
}

function oneOf<Value extends string>(
  setting: { readonly key: string; readonly default: Value; readonly values: readonly Value[] },
  valueOf: ValueOf,
): Value {
  const value = valueOf(setting);
  return setting.values.find((one) => one === value) ?? setting.default;
}
