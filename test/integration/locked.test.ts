import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mock } from 'node:test';
import vscode = require('vscode');
import type * as Extension from '#extension';

const { activate, deactivate } = createRequire(__filename)(path.resolve(__dirname, '../../extension.js')) as {
  activate: (context: object) => ReturnType<typeof Extension.activate>;
  deactivate: typeof Extension.deactivate;
};

describe('A history that another program keeps locked', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-locked-'));
  const context = {
    subscriptions: new Array<vscode.Disposable>(),
    globalStorageUri: vscode.Uri.file(folder),
    globalState: { get: () => undefined, update: () => Promise.resolve() },
    secrets: { get: () => Promise.resolve(undefined), onDidChange: () => new vscode.Disposable(() => undefined) },
  };
  const failures: string[] = [];

  before(() => {
    // What the extension that is active already has registered cannot be registered again.
    const registered = (): vscode.Disposable => new vscode.Disposable(() => undefined);
    mock.method(vscode.commands, 'registerCommand', registered);
    mock.method(vscode.workspace, 'registerFileSystemProvider', registered);
    mock.method(vscode.window, 'registerUriHandler', registered);
    mock.method(vscode.window, 'showErrorMessage', (message: string) => Promise.resolve(void failures.push(message)));
  });
  after(async () => {
    mock.restoreAll();
    // The log is that of the extension that is active already.
    const [, ...others] = context.subscriptions;
    vscode.Disposable.from(...others).dispose();
    await deactivate();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds up neither the activation nor what Markdown previews wait for', async () => {
    const lock = new DatabaseSync(path.join(folder, 'kickoffs.db'));
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const api = await activate(context);
    assert.equal(typeof api.extendMarkdownIt, 'function');
    assert.deepEqual(failures, [], 'it is still waited for');
    lock.close();
  });
});
