import assert from 'node:assert/strict';
import { mock } from 'node:test';
import vscode = require('vscode');
import { id } from '#test/support/builders';
import { isFromUser } from '#vscode/commands/target';
import { registerJsonOutline } from '#vscode/documents/documentLanguages';
import { linksIn } from '#vscode/commands/links';
import { nothing } from './secondInstance';

describe('A line in the terminal', () => {
  const line = `{"kickoff_id": "${id(1)}", "kickoff_id": "${id(2)}"}`;

  it('has a link at each kickoff ID', () => {
    const found = linksIn(line).map(({ startIndex, length, run }) => [line.slice(startIndex, startIndex + length), run.id]);
    assert.deepEqual(found, [
      [id(1), id(1)],
      [id(2), id(2)],
    ]);
  });

  it('has links that run Track Kickoff as a user action', () => {
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
