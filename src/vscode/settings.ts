import vscode = require('vscode');
import { idPrefix, settingDefinitions } from '#contributions';
import { booleanValue, choiceValue, numberValue } from '#core/lib/settingValue';

/** The current settings. Cached, because reading settings from VS Code is slow, and thousands of rows read them. */
export class Settings implements vscode.Disposable {
  #current: ReturnType<typeof readSettings> | undefined;
  /** Clears the cache. Other listeners must be added later, so that they read the new values. */
  readonly #subscription = vscode.workspace.onDidChangeConfiguration(() => (this.#current = undefined));

  get current() {
    this.#current ??= readSettings();
    return this.#current;
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

export type SettingsReader = Pick<Settings, 'current'>;

/** Reads this extension's settings through their section. VS Code would otherwise copy the names of all settings for each value. */
function readSettings() {
  const configuration = vscode.workspace.getConfiguration(idPrefix);
  const read = <Setting extends { readonly key: string }, Value>(
    toValue: (setting: Setting, value: unknown) => Value,
    setting: Setting,
  ): Value => toValue(setting, configuration.get(setting.key.slice(idPrefix.length + 1)));
  return {
    minimumSeconds: read(numberValue, settingDefinitions.minimumSeconds),
    maximumSeconds: read(numberValue, settingDefinitions.maximumSeconds),
    notifications: read(choiceValue, settingDefinitions.notifications),
    openOutputWhenFinished: read(choiceValue, settingDefinitions.openOutputWhenFinished),
    openWith: read(choiceValue, settingDefinitions.openWith),
    statusBar: read(choiceValue, settingDefinitions.statusBar),
    keepDays: read(numberValue, settingDefinitions.keepDays),
    keepInputs: read(booleanValue, settingDefinitions.keepInputs),
  } satisfies Record<keyof typeof settingDefinitions, unknown>;
}

/** Whether the user set a proxy in VS Code. */
export function hasProxy(): boolean {
  const proxy: unknown = vscode.workspace.getConfiguration().get('http.proxy');
  return typeof proxy === 'string' && proxy !== '';
}
