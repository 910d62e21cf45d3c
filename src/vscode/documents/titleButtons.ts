import vscode = require('vscode');
import { contextKeys } from '#contributions';
import { earlierRuns, type KickoffList } from '#core/history/kickoffList';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { DocumentKind } from '#present/documents/documentName';
import { visibleDocuments } from './openTabs';

/** Sets the context keys of the title buttons that only some documents have. */
export function updateTitleButtons(board: KickoffList): vscode.Disposable {
  const hasOutput = ({ output }: Kickoff): boolean => output !== undefined;
  const isComparable = (kind: DocumentKind, kickoff: Kickoff): boolean =>
    (kind === 'report' || kind === 'output') && earlierRuns(board, kickoff).some(hasOutput);
  const before = new Map<string, string>();
  const set = (key: string, documents: readonly { readonly uri: vscode.Uri }[]): void => {
    const uris = documents.map(({ uri }) => uri.toString());
    if (uris.join() === before.get(key)) return;
    before.set(key, uris.join());
    void vscode.commands.executeCommand('setContext', key, uris);
  };
  const update = (): void => {
    const documents = visibleDocuments().flatMap(({ kind, ref, uri }) => {
      const kickoff = board.kickoff(ref);
      return kickoff && hasOutput(kickoff) ? [{ kind, kickoff, uri }] : [];
    });
    set(
      contextKeys.reportsWithOutput,
      documents.filter(({ kind }) => kind === 'report'),
    );
    set(
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
