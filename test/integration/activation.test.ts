import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import vscode = require('vscode');
import type { KickoffsApi } from '#api';
import { commandId, commandNames } from '#contributions';
import { figure } from '#test/support/fuzz';
import type { WatchedTimers } from '#test/support/timers/extension';

const extension = () => {
  const found = vscode.extensions.getExtension<KickoffsApi>('kickoffs.crewai-kickoffs');
  assert.ok(found, 'the extension isn’t installed');
  return found;
};

describe('The extension in VS Code', () => {
  it('returns its API when it is activated', async () => {
    const api = await extension().activate();
    assert.equal(api.version, 1);
    assert.ok(Array.isArray(api.kickoffs));
  });

  it('creates no file before the first run or deployment is added', async () => {
    await extension().activate();
    await vscode.commands.executeCommand('workbench.view.extension.crewaiKickoffs');
    await vscode.commands.executeCommand(commandId('refreshAll'));
    // A window that is focused for a second takes over the polling, which must not create a file either.
    await sleep(3_000);
    const names = readdirSync(process.env['KICKOFFS_DATA'] ?? '', { recursive: true, encoding: 'utf8' });
    const ours = names.filter((name) => name.includes(path.join('globalStorage', 'kickoffs.crewai-kickoffs')));
    assert.equal(ours.length, 1, `only the folder itself: ${ours.join(' ')}`);
  });

  it('sets no timer shorter than 30 s while no run is tracked', async () => {
    const { kickoffsTimers: timers } = globalThis as WatchedTimers;
    assert.ok(timers, 'the extension that watches the timers isn’t installed');
    const { kickoffs } = await extension().activate();
    assert.deepEqual(kickoffs, []);
    assert.ok(timers.shorterThan(Infinity) > 0, 'the watching extension sees no timers');
    // Waits until the timers of the start have fired.
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
