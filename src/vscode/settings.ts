import * as vscode from 'vscode';
import { settings } from '../contributions';

/** What the user has set, each value within its limits whatever the file says. */
export function currentSettings() {
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
