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

describe('A run history that another program has locked', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-locked-'));
  const context = {
    subscriptions: new Array<vscode.Disposable>(),
    globalStorageUri: vscode.Uri.file(folder),
    globalState: { get: () => undefined, update: () => Promise.resolve() },
    secrets: { get: () => Promise.resolve(undefined), onDidChange: () => new vscode.Disposable(() => undefined) },
  };
  const failures: string[] = [];

  before(() => {
    // Registers nothing, because the active extension has already registered these names.
    const registered = (): vscode.Disposable => new vscode.Disposable(() => undefined);
    mock.method(vscode.commands, 'registerCommand', registered);
    mock.method(vscode.workspace, 'registerFileSystemProvider', registered);
    mock.method(vscode.window, 'registerUriHandler', registered);
    mock.method(vscode.window, 'showErrorMessage', (message: string) => Promise.resolve(void failures.push(message)));
  });
  after(async () => {
    mock.restoreAll();
    // Leaves the log open, because the active extension uses the same log.
    const [, ...others] = context.subscriptions;
    vscode.Disposable.from(...others).dispose();
    await deactivate();
    rmSync(folder, { recursive: true, force: true });
  });

  it('delays neither the activation nor Markdown previews', async () => {
    const lock = new DatabaseSync(path.join(folder, 'kickoffs.db'));
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const api = await activate(context);
    assert.equal(typeof api.extendMarkdownIt, 'function');
    assert.deepEqual(failures, [], 'the store still waits for the lock');
    lock.close();
  });
});
