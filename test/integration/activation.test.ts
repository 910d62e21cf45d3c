import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import vscode = require('vscode');
import type { KickoffsApi } from '#api';
import { commandId, commandNames } from '#contributions';
import { figure } from '#test/support/fuzz';
import type { WatchedTimers } from '#test/support/timers/extension';

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

  it('loads nothing but names and an empty list while nothing was ever kept', async () => {
    await extension().activate();
    await vscode.commands.executeCommand('workbench.view.extension.crewaiKickoffs');
    const { dir } = path.parse(process.env['KICKOFFS_WATCHED'] ?? '');
    const loaded = Object.keys(createRequire(__filename).cache).filter((file) => path.dirname(file) === dir);
    assert.deepEqual(
      loaded.map((file) => path.basename(file)),
      ['extension.js'],
    );
  });

  it('sets no timer shorter than 30 s while nothing is open', async () => {
    const { kickoffsTimers: timers } = globalThis as WatchedTimers;
    assert.ok(timers, 'the extension that watches the timers is not there');
    const { kickoffs } = await extension().activate();
    assert.deepEqual(kickoffs, []);
    assert.equal(timers.shorterThan(Infinity), 0, 'there is nothing behind it yet');
    await vscode.commands.executeCommand(commandId('refreshAll'));
    assert.ok(timers.shorterThan(Infinity) > 0, 'it sees those that are longer');
    // What was set by the start itself is over by then.
    await sleep(3_000);
    timers.reset();
    await sleep(7_000);
    assert.equal(timers.shorterThan(30_000), 0);
    figure(25, '0 timers shorter than 30 s');
  });

  it('registers every command that it contributes', async () => {
    await extension().activate();
    const known = await vscode.commands.getCommands(true);
    for (const command of commandNames.map(commandId)) assert.ok(known.includes(command), command);
  });
});
