import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { KickoffsApi } from '../../src/api';
import { commands } from '../../src/contributions';

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

  it('registers every command that it contributes', async () => {
    await extension().activate();
    const known = await vscode.commands.getCommands(true);
    for (const command of Object.values(commands)) assert.ok(known.includes(command), command);
  });
});
