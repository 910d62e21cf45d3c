import assert from 'node:assert/strict';
import vscode = require('vscode');
import { settingDefinitions } from '#contributions';
import { hasProxy, Settings } from '#vscode/settings';

async function set(key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
}

describe('Invalid user settings', () => {
  const { minimumSeconds, maximumSeconds, keepDays, notifications } = settingDefinitions;
  let current: Settings;

  before(() => void (current = new Settings()));
  after(async () => {
    for (const { key } of [minimumSeconds, maximumSeconds, keepDays, notifications]) await set(key, undefined);
    current.dispose();
  });

  it('are treated as the nearest valid number or the default option', async () => {
    await set(minimumSeconds.key, 0);
    await set(maximumSeconds.key, 1e9);
    await set(keepDays.key, -5);
    await set(notifications.key, 'sometimes');
    assert.equal(vscode.workspace.getConfiguration().get(minimumSeconds.key), 0, 'VS Code keeps the value in the file');
    const { current: used } = current;
    assert.deepEqual([used.minimumSeconds, used.maximumSeconds, used.keepDays, used.notifications], [1, maximumSeconds.maximum, 0, 'all']);
  });
});

describe('Valid user settings', () => {
  it('take effect immediately', async () => {
    const values: Record<keyof typeof settingDefinitions, unknown> = {
      ...{ notifications: 'failures', openWith: 'output', openOutputWhenFinished: 'report', statusBar: 'never' },
      ...{ keepDays: 7, keepInputs: false, minimumSeconds: 5, maximumSeconds: 50 },
    };
    const current = new Settings();
    assert.equal(current.current.keepDays, settingDefinitions.keepDays.default);
    for (const [name, { key }] of Object.entries(settingDefinitions)) await set(key, values[name as keyof typeof values]);
    assert.deepEqual(current.current, values);
    for (const { key } of Object.values(settingDefinitions)) await set(key, undefined);
    current.dispose();
  });
});

describe('A proxy', () => {
  after(() => set('http.proxy', undefined));

  it('is detected only if the setting http.proxy contains a URL', async () => {
    assert.equal(vscode.workspace.getConfiguration().get('http.proxy'), '');
    assert.equal(hasProxy(), false);
    await set('http.proxy', 'http://127.0.0.1:9');
    assert.equal(hasProxy(), true);
  });
});
