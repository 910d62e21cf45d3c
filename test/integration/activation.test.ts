import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { KickoffsApi } from '../../src/api';
import { commands } from '../../src/contributions';
import type { WatchedTimers } from '../support/timers/extension';

const extension = () => {
  const found = vscode.extensions.getExtension<KickoffsApi>('kickoffs.crewai-kickoffs');
  assert.ok(found, 'the extension is not there');
  return found;
};

describe('In a real VS Code', () => {
  it('activates and gives its API', async () => {
    const api = await extension().activate();
    assert.equal(api.version, 1);
    assert.ok(Array.isArray(api.kickoffs));
  });

  it('sets no timer shorter than 30 s while nothing is open', async () => {
    const { kickoffsTimers: timers } = globalThis as WatchedTimers;
    assert.ok(timers, 'the extension that watches the timers is not there');
    const { kickoffs } = await extension().activate();
    assert.deepEqual(kickoffs, []);
    await vscode.commands.executeCommand('workbench.view.extension.crewaiKickoffs');
    assert.ok(timers.shorterThan(Infinity) > 0, 'it sees those that are longer');
    // What was set by the start itself is over by then.
    await sleep(3_000);
    timers.reset();
    await sleep(7_000);
    assert.equal(timers.shorterThan(30_000), 0);
  });

  it('registers every command that it contributes', async () => {
    await extension().activate();
    const known = await vscode.commands.getCommands(true);
    for (const command of Object.values(commands)) assert.ok(known.includes(command), command);
  });
});
