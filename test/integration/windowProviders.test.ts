import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mock } from 'node:test';
import vscode = require('vscode');
import { commandId, section } from '#contributions';
import { KickoffStore } from '#store/store';
import { addKickoff, id, kickoff, url } from '#test/support/builders';
import { day, minute } from '#test/support/manualClock';
import { isFromUser } from '#vscode/commands/target';
import { registerJsonOutline } from '#vscode/documents/documentLanguages';
import { linksIn } from '#vscode/commands/links';
import { activate, clock, close, contextIn, mockRegistrations, nothing } from './secondInstance';

describe('A line in the terminal', () => {
  const line = `{"kickoff_id": "${id(1)}", "kickoff_id": "${id(2)}"}`;

  it('has a link at each kickoff ID', () => {
    const found = linksIn(line).map(({ startIndex, length, run }) => [line.slice(startIndex, startIndex + length), run.id]);
    assert.deepEqual(found, [
      [id(1), id(1)],
      [id(2), id(2)],
    ]);
  });

  it('has links that run Track Kickoff as a command of the user', () => {
    const links = linksIn(line);
    assert.equal(links.length, 2);
    assert.ok(links.every((link) => link.tooltip === 'Track Kickoff' && isFromUser(link)));
  });
});

describe('The outline of a JSON document', () => {
  it('has an entry with the name, kind, and position of each value', async () => {
    let provider: vscode.DocumentSymbolProvider | undefined;
    mock.method(vscode.languages, 'registerDocumentSymbolProvider', (_: unknown, registered: vscode.DocumentSymbolProvider) => {
      provider = registered;
      return nothing();
    });
    registerJsonOutline().dispose();
    mock.restoreAll();
    const content = '{\n  "caf\\u00e9": [1.5, null],\n  "": {"ok": true},\n  "text": "x"\n}';
    const document = await vscode.workspace.openTextDocument({ content });
    const symbols = (await provider?.provideDocumentSymbols(
      document,
      new vscode.CancellationTokenSource().token,
    )) as vscode.DocumentSymbol[];
    const described = ({ name, kind, range, children }: vscode.DocumentSymbol): unknown => [
      ...[name, vscode.SymbolKind[kind], document.getText(range)],
      ...children.map(described),
    ];
    assert.deepEqual(symbols.map(described), [
      ['café', 'Array', '"caf\\u00e9": [1.5, null]', ['0', 'Number', '1.5'], ['1', 'Null', 'null']],
      ['""', 'Module', '"": {"ok": true}', ['ok', 'Boolean', '"ok": true']],
      ['text', 'String', '"text": "x"'],
    ]);
    assert.deepEqual(
      symbols.map(({ selectionRange }) => selectionRange.start.line),
      [1, 2, 3],
    );
  });
});

describe('A new window', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-starting-'));
  const configure = (days: number | undefined) =>
    vscode.workspace.getConfiguration(section).update('history.keepDays', days, vscode.ConfigurationTarget.Global);
  after(async () => {
    mock.restoreAll();
    await configure(undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  it('removes old runs, and deletes the tokens of long-removed deployments, a minute after it loaded the history', async () => {
    const store = KickoffStore.inFolder(folder, { clock });
    const [gone, kept] = [
      await store.addDeployment(url('https://gone.example.com'), 'Gone'),
      await store.addDeployment(url('https://kept.example.com'), 'Kept'),
    ];
    for (const [name, days] of [
      ['old', 31],
      ['recent', 29],
    ] as const)
      await addKickoff(
        store,
        kickoff({ id: id(name), deployment: kept.key, phase: { kind: 'succeeded' }, finishedAt: Date.now() - days * day }),
      );
    await store.remove(gone.key, Date.now() - 8 * day);
    store.close();
    await configure(30);
    const handlers = new Map<string, (target: unknown) => unknown>();
    mockRegistrations((name, handler) => {
      handlers.set(name, handler);
      return nothing();
    });
    const deleted: string[] = [];
    const context = contextIn(folder, { delete: (key: string) => Promise.resolve(void deleted.push(key)) });
    const afterMinute: (() => void)[] = [];
    const { setTimeout: wait } = globalThis;
    const timers = mock.method(globalThis, 'setTimeout', (run: () => void, milliseconds: number) => {
      if (milliseconds === minute) afterMinute.push(run);
      return wait(run, milliseconds);
    });
    const activating = activate(context);
    await handlers.get(commandId('copyId'))?.({ deployment: 'Kept', kickoffId: 'recent' });
    const api = await activating;
    timers.mock.restore();
    assert.equal(api.kickoffs.length, 2);
    for (const run of afterMinute) run();
    const isDone = () => api.kickoffs.length === 1 && deleted.length > 0;
    for (let tries = 0; tries < 250 && !isDone(); tries++) await new Promise((done) => wait(done, 20));
    await close(context);
    assert.deepEqual([api.kickoffs.map(({ kickoffId }) => kickoffId), deleted], [['recent'], ['token:https://gone.example.com']]);
  });
});
