import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mock } from 'node:test';
import vscode = require('vscode');
import { activate, close, contextIn, mockRegistrations } from './secondInstance';

describe('A run history that another program has locked', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-locked-'));
  const context = contextIn(folder);
  const failures: string[] = [];

  before(() => {
    mockRegistrations();
    mock.method(vscode.window, 'showErrorMessage', (message: string) => Promise.resolve(void failures.push(message)));
  });
  after(async () => {
    mock.restoreAll();
    await close(context);
    rmSync(folder, { recursive: true, force: true });
  });

  it("doesn't delay the activation", async () => {
    const lock = new DatabaseSync(path.join(folder, 'kickoffs.db'));
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const api = await activate(context);
    assert.equal(api.version, 1);
    assert.deepEqual(failures, [], 'the store still waits for the lock');
    lock.close();
  });
});
