import vscode = require('vscode');
import { contextKeys } from '#contributions';
import { keyOf } from '#core/history/board';
import { earlierRuns, type KickoffList } from '#core/history/kickoffList';
import type { Store } from '#core/history/store';
import type { Tracker } from '#core/history/tracker';
import { hasOutput, type KickoffRef } from '#core/kickoff/kickoff';
import { documentUri, parseDocumentUri } from './documentUri';

type VisibleDocument = ReturnType<typeof visibleDocuments>[number];

/** Returns the documents of runs in the visible tab of each group. A tab with a comparison contains two documents. */
function visibleDocuments() {
  const tabs = vscode.window.tabGroups.all.flatMap(({ activeTab }) => activeTab ?? []);
  return tabs.flatMap((tab) =>
    urisOf(tab.input).flatMap((uri) => {
      const parsedUri = parseDocumentUri(uri);
      return parsedUri ? [{ ...parsedUri, uri, tab }] : [];
    }),
  );
}

/** Returns the URI of a run's document in the active tab. In a comparison, prefers the document with the cursor, or else the right one. */
export function activeDocumentUri(): vscode.Uri | undefined {
  const uris = urisOf(vscode.window.tabGroups.activeTabGroup.activeTab?.input).filter((uri) => parseDocumentUri(uri) !== undefined);
  const cursorUri = vscode.window.activeTextEditor?.document.uri.toString();
  return uris.find((uri) => uri.toString() === cursorUri) ?? uris.at(-1);
}

export function visibleDocumentsOf(ref: KickoffRef) {
  return visibleDocuments().filter((document) => keyOf(document.ref) === keyOf(ref));
}

export function isReportVisible(ref: KickoffRef): boolean {
  return visibleDocumentsOf(ref).some(({ kind }) => kind === 'report');
}

/** Calls `listener` for each report whose tab was covered by another tab, closed, or moved to another group. */
export function onDidHideReport(listener: (ref: KickoffRef) => void): vscode.Disposable {
  let currentReports = visibleReports();
  return vscode.window.tabGroups.onDidChangeTabs(() => {
    const previousReports = currentReports;
    currentReports = visibleReports();
    for (const [groupAndUri, ref] of previousReports) if (!currentReports.has(groupAndUri)) listener(ref);
  });
}

/** Returns the visible reports by group and URI. Tabs can't be the keys, because VS Code sometimes creates new objects for all tabs. */
function visibleReports(): ReadonlyMap<string, KickoffRef> {
  const reports = visibleDocuments().filter(({ kind }) => kind === 'report');
  return new Map(reports.map(({ tab, uri, ref }) => [`${tab.group.viewColumn} ${uri.toString()}`, ref]));
}

/** Closes the documents of deleted runs, because the Markdown preview would continue to show deleted data. */
export async function closeDeletedDocuments(store: Pick<Store, 'kickoff'>): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const isDeleted = async ({ input }: vscode.Tab): Promise<boolean> => {
    const refs = urisOf(input).flatMap((uri) => parseDocumentUri(uri)?.ref ?? []);
    const kickoffs = await Promise.all(refs.map((ref) => store.kickoff(ref)));
    return kickoffs.includes(undefined);
  };
  const areDeleted = await Promise.all(tabs.map(isDeleted));
  await vscode.window.tabGroups.close(tabs.filter((_, index) => areDeleted[index]));
}

/** Returns one URI for a text or custom editor, two URIs for a comparison, and none for other tabs. */
export function urisOf(input: unknown): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}

/** Calls `listener` after each change that can make another tab visible. */
function onDidChangeVisibleTabs(listener: () => unknown): vscode.Disposable {
  const { tabGroups } = vscode.window;
  return vscode.Disposable.from(tabGroups.onDidChangeTabs(listener), tabGroups.onDidChangeTabGroups(listener));
}

/** Marks a run as read when one of its documents is visible in the focused window. Also sets the context key `hasRead`. */
export function markSeenRuns(board: KickoffList, tracker: Pick<Tracker, 'markRead'>, onError: (error: unknown) => void): vscode.Disposable {
  let hasRead = false;
  const markVisibleRead = (): void => {
    if (!vscode.window.state.focused) return;
    const documents = visibleDocuments();
    if (documents.length > 0 && !hasRead) {
      hasRead = true;
      void vscode.commands.executeCommand('setContext', contextKeys.hasRead, true);
    }
    tracker.markRead(documents.map(({ ref }) => ref)).catch(onError);
  };
  return vscode.Disposable.from(
    onDidChangeVisibleTabs(markVisibleRead),
    vscode.window.onDidChangeWindowState(markVisibleRead),
    board.onDidChange(({ kickoffs }) => {
      if (kickoffs.some(({ isUnread }) => isUnread)) markVisibleRead();
    }),
  );
}

/** Updates the context keys of title buttons that only some documents have. */
export function updateTitleButtons(board: KickoffList): vscode.Disposable {
  const urisByContextKey = new Map<string, string>();
  const setContextKey = (key: string, documents: readonly { readonly uri: vscode.Uri }[]): void => {
    const uris = documents.map(({ uri }) => uri.toString());
    if (uris.join() === urisByContextKey.get(key)) return;
    urisByContextKey.set(key, uris.join());
    void vscode.commands.executeCommand('setContext', key, uris);
  };
  const update = (): void => {
    const documents = visibleDocuments().flatMap(({ kind, ref, uri }) => {
      const kickoff = board.kickoff(ref);
      return kickoff && hasOutput(kickoff) ? [{ kind, kickoff, uri }] : [];
    });
    const reports = documents.filter(({ kind }) => kind === 'report');
    const outputs = documents.filter(({ kind }) => kind === 'report' || kind === 'output');
    const comparableOutputs = outputs.filter(({ kickoff }) => earlierRuns(board, kickoff).some(hasOutput));
    setContextKey(contextKeys.reportsWithOutput, reports);
    setContextKey(contextKeys.documentsWithPrevious, comparableOutputs);
  };
  update();
  return vscode.Disposable.from(onDidChangeVisibleTabs(update), board.onDidChange(update));
}

/** Reopens visible tabs whose URI contains an old name of the run. VS Code can't reopen hidden tabs, and pins only the active tab. */
export function updateTabTitles(board: KickoffList, onError: (error: unknown) => void): vscode.Disposable {
  let isReopening = false;
  const reopenVisibleTabs = async (preserveFocus: boolean): Promise<void> => {
    if (isReopening) return;
    isReopening = true;
    try {
      for (const visibleDocument of visibleDocuments()) await reopen(visibleDocument, board, preserveFocus);
    } catch (error) {
      onError(error);
    } finally {
      isReopening = false;
    }
  };
  return vscode.Disposable.from(
    board.onDidChange(() => reopenVisibleTabs(true)),
    // A hidden tab with an old URI may have become visible.
    onDidChangeVisibleTabs(() => reopenVisibleTabs(false)),
  );
}

/** Opens a document under its current URI, and closes the old tab. Skips comparisons and pinned tabs in inactive groups. */
async function reopen({ tab, uri, ref, kind }: VisibleDocument, board: KickoffList, preserveFocus: boolean): Promise<void> {
  const { input, isPinned, isPreview } = tab;
  const { viewColumn, isActive } = tab.group;
  const kickoff = board.kickoff(ref);
  if (!kickoff || (isPinned && !isActive) || input instanceof vscode.TabInputTextDiff) return;
  const currentUri = documentUri(kickoff, kind);
  if (currentUri.path === uri.path) return;

  const editorId = input instanceof vscode.TabInputCustom && kind === 'report' ? input.viewType : 'default';
  const options = { viewColumn, preserveFocus, preview: isPreview };
  await vscode.commands.executeCommand('vscode.openWith', currentUri, editorId, options);
  // Reads the tabs again, because VS Code replaces preview tabs, and sometimes creates new objects for all tabs.
  const openTabs = vscode.window.tabGroups.all.find((group) => group.viewColumn === viewColumn)?.tabs ?? [];
  const oldTabs = openTabs.filter((one) => urisOf(one.input).join() === uri.toString());
  if (oldTabs.length > 0) await vscode.window.tabGroups.close(oldTabs, true);
  if (isPinned) await vscode.commands.executeCommand('workbench.action.pinEditor');
}
