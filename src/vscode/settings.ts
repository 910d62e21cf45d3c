import vscode = require('vscode');
import { contributionPrefix, settingDefinitions } from '#contributions';
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
  const configuration = vscode.workspace.getConfiguration(contributionPrefix);
  const readSetting = <Setting extends { readonly key: string }, Value>(
    toValue: (setting: Setting, value: unknown) => Value,
    setting: Setting,
  ): Value => toValue(setting, configuration.get(setting.key.slice(contributionPrefix.length + 1)));
  return {
    minimumSeconds: readSetting(numberValue, settingDefinitions.minimumSeconds),
    maximumSeconds: readSetting(numberValue, settingDefinitions.maximumSeconds),
    notifications: readSetting(choiceValue, settingDefinitions.notifications),
    openOutputWhenFinished: readSetting(choiceValue, settingDefinitions.openOutputWhenFinished),
    openWith: readSetting(choiceValue, settingDefinitions.openWith),
    statusBar: readSetting(choiceValue, settingDefinitions.statusBar),
    keepDays: readSetting(numberValue, settingDefinitions.keepDays),
    keepInputs: readSetting(booleanValue, settingDefinitions.keepInputs),
  } satisfies Record<keyof typeof settingDefinitions, unknown>;
}

/** Whether the user set a proxy in VS Code. */
export function hasProxy(): boolean {
  const proxy: unknown = vscode.workspace.getConfiguration().get('http.proxy');
  return typeof proxy === 'string' && proxy !== '';
}
