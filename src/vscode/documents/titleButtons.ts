import vscode = require('vscode');
import { contextKeys } from '#contributions';
import { earlierRuns, type KickoffList } from '#core/history/kickoffList';
import { hasOutput, type Kickoff } from '#core/kickoff/kickoff';
import type { DocumentKind } from '#present/documents/documentName';
import { visibleDocuments } from './openTabs';

/** Updates the context keys of title buttons that only some documents have. */
export function updateTitleButtons(board: KickoffList): vscode.Disposable {
  const isComparable = (kind: DocumentKind, kickoff: Kickoff): boolean =>
    (kind === 'report' || kind === 'output') && earlierRuns(board, kickoff).some(hasOutput);
  const lastUris = new Map<string, string>();
  const setKey = (key: string, documents: readonly { readonly uri: vscode.Uri }[]): void => {
    const uris = documents.map(({ uri }) => uri.toString());
    if (uris.join() === lastUris.get(key)) return;
    lastUris.set(key, uris.join());
    void vscode.commands.executeCommand('setContext', key, uris);
  };
  const update = (): void => {
    const documents = visibleDocuments().flatMap(({ kind, ref, uri }) => {
      const kickoff = board.kickoff(ref);
      return kickoff && hasOutput(kickoff) ? [{ kind, kickoff, uri }] : [];
    });
    setKey(
      contextKeys.reportsWithOutput,
      documents.filter(({ kind }) => kind === 'report'),
    );
    setKey(
      contextKeys.documentsWithPrevious,
      documents.filter(({ kind, kickoff }) => isComparable(kind, kickoff)),
    );
  };
  update();
  return vscode.Disposable.from(
    vscode.window.tabGroups.onDidChangeTabs(update),
    vscode.window.tabGroups.onDidChangeTabGroups(update),
    board.onDidChange(update),
  );
}
