import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mock } from 'node:test';
import vscode = require('vscode');
import { commandId } from '#contributions';
import { KickoffStore } from '#store/store';
import { addKickoff, id, kickoff, url } from '#test/support/builders';
import { activate, clock, close, contextIn, mockRegistrations, nothing } from './secondInstance';

describe('A run history that another program has locked', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-locked-'));
  const context = contextIn(folder);
  const failures: string[] = [];
  const handlers = new Map<string, (target: unknown) => unknown>();
  let lock: DatabaseSync;

  before(async () => {
    mockRegistrations((name, handler) => {
      handlers.set(name, handler);
      return nothing();
    });
    mock.method(vscode.window, 'showErrorMessage', (message: string) => Promise.resolve(void failures.push(message)));
    const store = KickoffStore.inFolder(folder, { clock });
    const { key } = await store.addDeployment(url('https://crew.example.com'), 'Crew');
    await addKickoff(store, kickoff({ id: id('known'), deployment: key }));
    store.close();
    lock = new DatabaseSync(path.join(folder, 'kickoffs.db'));
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  });
  after(async () => {
    mock.restoreAll();
    await close(context);
    rmSync(folder, { recursive: true, force: true });
  });

  it("doesn't delay the activation", async () => {
    const api = await activate(context);
    assert.equal(api.version, 1);
    assert.deepEqual(failures, [], 'the store still waits for the lock');
  });

  it('delays commands until it is unlocked', async () => {
    const copying = handlers.get(commandId('copyId'))?.({ deployment: 'Crew', kickoffId: 'known' });
    lock.close();
    await copying;
    assert.equal(await vscode.env.clipboard.readText(), 'known');
  });
});
