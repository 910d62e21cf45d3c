import vscode = require('vscode');
import { section, settings } from '#contributions';
import { numberIn, oneOf, type ChoiceSetting, type NumberSetting } from '#core/lib/settingValue';

let known: ReturnType<typeof read> | undefined;

/** Returns the settings, limited to valid values. Cached, because reading settings is slow and thousands of rows need them. */
export function currentSettings() {
  known ??= read();
  return known;
}

/** Reads the settings again after a change. Other listeners to changes must be registered later. */
export function watchSettings(): vscode.Disposable {
  known = undefined;
  return vscode.workspace.onDidChangeConfiguration(() => (known = undefined));
}

/** Reads all settings from one section. Without a section, VS Code would copy all setting names for each read. */
function read() {
  const found = vscode.workspace.getConfiguration(section);
  const valueOf = ({ key }: { readonly key: string }): unknown => found.get(key.slice(section.length + 1));
  const number = (setting: Keyed<NumberSetting>): number => numberIn(setting, valueOf(setting));
  const choice = <Value extends string>(setting: Keyed<ChoiceSetting<Value>>): Value => oneOf(setting, valueOf(setting));
  return {
    minimumSeconds: number(settings.minimumSeconds),
    maximumSeconds: number(settings.maximumSeconds),
    notifications: choice(settings.notifications),
    openOutputWhenFinished: choice(settings.openOutputWhenFinished),
    openWith: choice(settings.openWith),
    statusBar: choice(settings.statusBar),
    keepDays: number(settings.keepDays),
  };
}

type Keyed<Setting> = Setting & { readonly key: string };

/** Returns whether VS Code sends requests through a proxy. */
export function hasProxy(): boolean {
  const proxy: unknown = vscode.workspace.getConfiguration().get('http.proxy');
  return typeof proxy === 'string' && proxy !== '';
}
