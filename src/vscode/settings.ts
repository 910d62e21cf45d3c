import * as vscode from 'vscode';
import { settings } from '../contributions';

/** What the user has set, each value within its limits whatever the file says. */
export function currentSettings() {
  return {
    minimumSeconds: numberIn(settings.minimumSeconds),
    maximumSeconds: numberIn(settings.maximumSeconds),
    notifications: oneOf(settings.notifications),
    openWith: oneOf(settings.openWith),
    statusBar: oneOf(settings.statusBar),
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

/** The settings as they are now, read once and again when they change: rows by the thousand ask for them. */
export class KeptSettings implements vscode.Disposable {
  #current = currentSettings();
  readonly #listening = vscode.workspace.onDidChangeConfiguration(() => (this.#current = currentSettings()));

  get current(): ReturnType<typeof currentSettings> {
    return this.#current;
  }

  dispose(): void {
    this.#listening.dispose();
  }
}
