import assert from 'node:assert/strict';
import vscode = require('vscode');
import { section, settingDefinitions } from '#contributions';
import { hasProxy, Settings } from '#vscode/settings';

describe('Invalid user settings', () => {
  const changed = ['polling.minimumSeconds', 'polling.maximumSeconds', 'history.keepDays', 'notifications'];
  const set = async (name: string, value: unknown): Promise<void> =>
    vscode.workspace.getConfiguration(section).update(name, value, vscode.ConfigurationTarget.Global);
  let current: Settings;

  before(() => void (current = new Settings()));
  after(async () => {
    for (const name of changed) await set(name, undefined);
    current.dispose();
  });

  it('count as the nearest valid number or the default option', async () => {
    await set('polling.minimumSeconds', 0);
    await set('polling.maximumSeconds', 1e9);
    await set('history.keepDays', -5);
    await set('notifications', 'sometimes');
    assert.equal(vscode.workspace.getConfiguration(section).get('polling.minimumSeconds'), 0, 'VS Code keeps the value in the file');
    const { minimumSeconds, maximumSeconds, keepDays, notifications } = current.current;
    assert.deepEqual([minimumSeconds, maximumSeconds, keepDays, notifications], [1, settingDefinitions.maximumSeconds.maximum, 0, 'all']);
  });
});

describe('Valid user settings', () => {
  it('take effect immediately', async () => {
    const values: Record<keyof typeof settingDefinitions, unknown> = {
      ...{ notifications: 'failures', openWith: 'output', openOutputWhenFinished: 'report', statusBar: 'never' },
      ...{ keepDays: 7, keepInputs: false, minimumSeconds: 5, maximumSeconds: 50 },
    };
    const set = async (name: string, value: unknown): Promise<void> =>
      vscode.workspace.getConfiguration().update(settingDefinitions[name as 'keepDays'].key, value, vscode.ConfigurationTarget.Global);
    const current = new Settings();
    assert.equal(current.current.keepDays, settingDefinitions.keepDays.default);
    for (const [name, value] of Object.entries(values)) await set(name, value);
    assert.deepEqual(current.current, values);
    for (const name of Object.keys(values)) await set(name, undefined);
    current.dispose();
  });
});

describe('A proxy', () => {
  const set = (value: string | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration().update('http.proxy', value, vscode.ConfigurationTarget.Global);
  after(() => set(undefined));

  it('is detected only if the user set one', async () => {
    assert.equal(vscode.workspace.getConfiguration().get('http.proxy'), '');
    assert.equal(hasProxy(), false);
    await set('http://127.0.0.1:9');
    assert.equal(hasProxy(), true);
  });
});
