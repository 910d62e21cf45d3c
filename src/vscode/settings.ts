import vscode = require('vscode');
import { section, settings } from '#contributions';
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

export type CurrentSettings = Pick<Settings, 'current'>;

/** Reads this extension's settings. Without a section, VS Code would copy the names of all settings for each value. */
function readSettings() {
  const configuration = vscode.workspace.getConfiguration(section);
  const read = <Setting extends { readonly key: string }, Value>(
    toValue: (setting: Setting, value: unknown) => Value,
    setting: Setting,
  ): Value => toValue(setting, configuration.get(setting.key.slice(section.length + 1)));
  return {
    minimumSeconds: read(numberValue, settings.minimumSeconds),
    maximumSeconds: read(numberValue, settings.maximumSeconds),
    notifications: read(choiceValue, settings.notifications),
    openOutputWhenFinished: read(choiceValue, settings.openOutputWhenFinished),
    openWith: read(choiceValue, settings.openWith),
    statusBar: read(choiceValue, settings.statusBar),
    keepDays: read(numberValue, settings.keepDays),
    keepInputs: read(booleanValue, settings.keepInputs),
  } satisfies Record<keyof typeof settings, unknown>;
}

/** Whether the user set a proxy in VS Code. */
export function hasProxy(): boolean {
  const proxy: unknown = vscode.workspace.getConfiguration().get('http.proxy');
  return typeof proxy === 'string' && proxy !== '';
}
