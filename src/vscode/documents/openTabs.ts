import vscode = require('vscode');
import { keyOf } from '#core/history/board';
import type { KickoffRef } from '#core/kickoff/kickoff';
import { namedBy } from './documentUri';

/** The documents of runs that stand open before the user's eyes: one tab of each group is in front. */
export function documentsInFront(): readonly NonNullable<ReturnType<typeof namedBy>>[] {
  return vscode.window.tabGroups.all.flatMap(({ activeTab }) => urisOf(activeTab?.input).flatMap((uri) => namedBy(uri) ?? []));
}

/** Whether somebody has the report of that run before him. */
export function isReportOpen(ref: KickoffRef): boolean {
  return documentsInFront().some((named) => named.kind === 'report' && keyOf(named.ref) === keyOf(ref));
}

/** Calls `covered` for each report whose tab is no longer in front of its group. */
export function onDidCoverReport(covered: (ref: KickoffRef) => void): vscode.Disposable {
  let inFront = reportsInFront();
  return vscode.window.tabGroups.onDidChangeTabs(() => {
    const before = inFront;
    inFront = reportsInFront();
    for (const [place, ref] of before) if (!inFront.has(place)) covered(ref);
  });
}

/** Reports in front, by group and URI: VS Code at times makes new objects for all tabs. */
function reportsInFront(): ReadonlyMap<string, KickoffRef> {
  const all = tabsInFront().flatMap(({ group, input }) => urisOf(input).map((uri) => ({ group, uri, named: namedBy(uri) })));
  return new Map(
    all.flatMap(({ group, uri, named }) => (named?.kind === 'report' ? [[`${group.viewColumn} ${uri.toString()}`, named.ref]] : [])),
  );
}

/** Returns the visible tab of each group. */
export function tabsInFront(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ activeTab }) => activeTab ?? []);
}

/** Closes what shows a document of any run: the preview would go on showing what is deleted. */
export async function closeDocuments(): Promise<void> {
  const all = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
  await vscode.window.tabGroups.close(all.filter(({ input }) => urisOf(input).some((uri) => namedBy(uri) !== undefined)));
}

/** Returns the URIs of the documents in a tab: two for a comparison. */
export function urisOf(input: unknown): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}
