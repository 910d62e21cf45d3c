import vscode = require('vscode');
import { section, settings } from '#contributions';
import { booleanValue, numberValue, choiceValue, type ChoiceSetting, type NumberSetting } from '#core/lib/settingValue';

/** The current settings. Cached, because reading settings from VS Code is slow, and thousands of rows read them. */
export class Settings implements vscode.Disposable {
  #current: SettingValues | undefined;
  /** Clears the cache. Other listeners must be added later, so that they read the new values. */
  readonly #listening = vscode.workspace.onDidChangeConfiguration(() => (this.#current = undefined));

  get current(): SettingValues {
    this.#current ??= readSettings();
    return this.#current;
  }

  dispose(): void {
    this.#listening.dispose();
  }
}

type SettingValues = ReturnType<typeof readSettings>;

export type CurrentSettings = Pick<Settings, 'current'>;

/** Reads this extension's settings. Without a section, VS Code would copy the names of all settings for each value. */
function readSettings() {
  const configuration = vscode.workspace.getConfiguration(section);
  const valueOf = ({ key }: { readonly key: string }): unknown => configuration.get(key.slice(section.length + 1));
  const number = (setting: Keyed<NumberSetting>): number => numberValue(setting, valueOf(setting));
  const choice = <Value extends string>(setting: Keyed<ChoiceSetting<Value>>): Value => choiceValue(setting, valueOf(setting));
  return {
    minimumSeconds: number(settings.minimumSeconds),
    maximumSeconds: number(settings.maximumSeconds),
    notifications: choice(settings.notifications),
    openOutputWhenFinished: choice(settings.openOutputWhenFinished),
    openWith: choice(settings.openWith),
    statusBar: choice(settings.statusBar),
    keepDays: number(settings.keepDays),
    keepInputs: booleanValue(settings.keepInputs, valueOf(settings.keepInputs)),
  } satisfies Record<keyof typeof settings, unknown>;
}

type Keyed<Setting> = Setting & { readonly key: string };

/** Whether the user set a proxy in VS Code. */
export function hasProxy(): boolean {
  const proxy: unknown = vscode.workspace.getConfiguration().get('http.proxy');
  return typeof proxy === 'string' && proxy !== '';
}
