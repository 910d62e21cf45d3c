import vscode = require('vscode');
import { keyOf } from '#core/history/board';
import type { Store } from '#core/history/store';
import type { KickoffRef } from '#core/kickoff/kickoff';
import { parseDocumentUri } from './documentUri';

/** Returns the documents of runs in visible tabs. A tab with a comparison contains two documents. */
export function visibleDocuments() {
  return visibleTabs().flatMap(({ group, input }) =>
    urisOf(input).flatMap((uri) => {
      const named = parseDocumentUri(uri);
      return named ? [{ ...named, uri, group }] : [];
    }),
  );
}

/** Returns the URI of the run's document in the active tab. In a comparison, prefers the document with the cursor, then the right one. */
export function activeDocument(): vscode.Uri | undefined {
  const uris = urisOf(vscode.window.tabGroups.activeTabGroup.activeTab?.input).filter((uri) => parseDocumentUri(uri) !== undefined);
  const withCursor = vscode.window.activeTextEditor?.document.uri.toString();
  return uris.find((uri) => uri.toString() === withCursor) ?? uris.at(-1);
}

/** Returns the documents of a run in visible tabs. */
export function visibleDocumentsOf(ref: KickoffRef) {
  return visibleDocuments().filter((named) => keyOf(named.ref) === keyOf(ref));
}

/** Whether the report of a run is in a visible tab. */
export function isReportVisible(ref: KickoffRef): boolean {
  return visibleDocumentsOf(ref).some(({ kind }) => kind === 'report');
}

/** Calls `listener` for each report whose tab was covered by another tab, closed, or moved to another group. */
export function onDidHideReport(listener: (ref: KickoffRef) => void): vscode.Disposable {
  let visible = visibleReports();
  return vscode.window.tabGroups.onDidChangeTabs(() => {
    const before = visible;
    visible = visibleReports();
    for (const [place, ref] of before) if (!visible.has(place)) listener(ref);
  });
}

/** Returns the visible reports by group and URI. Tabs can't be the keys, because VS Code sometimes creates new objects for all tabs. */
function visibleReports(): ReadonlyMap<string, KickoffRef> {
  const reports = visibleDocuments().filter(({ kind }) => kind === 'report');
  return new Map(reports.map(({ group, uri, ref }) => [`${group.viewColumn} ${uri.toString()}`, ref]));
}

/** Returns the visible tab of each group. */
export function visibleTabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ activeTab }) => activeTab ?? []);
}

/** Closes the documents of deleted runs, because the Markdown preview would continue to show deleted data. */
export async function closeDeletedDocuments(store: Pick<Store, 'kickoff'>): Promise<void> {
  const all = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
  const isDeleted = async ({ input }: vscode.Tab): Promise<boolean> => {
    const refs = urisOf(input).flatMap((uri) => parseDocumentUri(uri)?.ref ?? []);
    const stored = await Promise.all(refs.map((ref) => store.kickoff(ref)));
    return stored.includes(undefined);
  };
  const deleted = await Promise.all(all.map(isDeleted));
  await vscode.window.tabGroups.close(all.filter((_, index) => deleted[index]));
}

/** Returns one URI for a text or custom editor, two URIs for a comparison, and none for other tabs. */
export function urisOf(input: unknown): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}
