import vscode = require('vscode');
import { unreadColor } from '#contributions';
import { keyOf } from '#core/history/board';
import type { KickoffList } from '#core/history/kickoffList';
import { DeploymentNode, KickoffNode, type Node } from '#present/outline/nodes';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';

/** The URI scheme of rows. Documents have another scheme, so that the decoration of a row doesn't appear on a tab. */
const scheme = 'crewai-kickoff-row';

/** The maximum number in a badge, because badges have at most two characters. A larger number becomes `9+`. */
const mostCounted = 99;

/** Returns the URI by which `decorateRows` finds the decoration of a row. Undefined for a task or start, which has no decoration. */
export function decoratedUri(node: Node): vscode.Uri | undefined {
  const path = node instanceof DeploymentNode ? `/${node.key}` : node instanceof KickoffNode ? `/${keyOf(node.ref)}` : undefined;
  return path === undefined ? undefined : vscode.Uri.from({ scheme, path });
}

/** Marks unread runs with a dot, and deployments with the number of their unread runs, which is visible even if collapsed. */
export function decorateRows(board: KickoffList): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  let unreadCounts = countUnread(board);
  const listening = board.onDidChange(() => {
    const before = unreadCounts;
    unreadCounts = countUnread(board);
    // An event without URIs updates all decorations. VS Code accepts at most 250 URIs.
    if (JSON.stringify([...before]) !== JSON.stringify([...unreadCounts])) changed.fire(undefined);
  });
  const provider = vscode.window.registerFileDecorationProvider({
    onDidChangeFileDecorations: changed.event,
    provideFileDecoration: ({ scheme: uriScheme, path }) => {
      const unread = uriScheme === scheme ? unreadCounts.get(path) : undefined;
      if (unread === undefined) return undefined;
      // Only the path of a run has a second slash.
      const isRun = path.includes('/', 1);
      const badge = isRun ? '●' : unread > mostCounted ? '9+' : `${unread}`;
      return new vscode.FileDecoration(badge, isRun ? t(words.unread) : t(words.unreadRuns, unread), new vscode.ThemeColor(unreadColor));
    },
  });
  return vscode.Disposable.from(changed, listening, provider);
}

/** Returns the number of unread runs by the path of the row's URI. */
function countUnread({ kickoffs }: KickoffList): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kickoff of kickoffs.filter(({ isUnread }) => isUnread)) {
    const deploymentPath = `/${kickoff.deployment}`;
    counts.set(deploymentPath, (counts.get(deploymentPath) ?? 0) + 1);
    counts.set(`/${keyOf(kickoff)}`, 1);
  }
  return counts;
}
