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
  let unread = unreadPaths(board);
  const subscription = board.onDidChange(() => {
    const before = unread;
    unread = unreadPaths(board);
    // An event without URIs updates all decorations. VS Code accepts at most 250 URIs.
    if (before.join() !== unread.join()) changed.fire(undefined);
  });
  const provider = vscode.window.registerFileDecorationProvider({
    onDidChangeFileDecorations: changed.event,
    provideFileDecoration: ({ scheme: uriScheme, path }) => {
      if (uriScheme !== scheme) return undefined;
      const isRun = unread.includes(path);
      const count = unread.filter((one) => one.startsWith(`${path}/`)).length;
      if (!isRun && count === 0) return undefined;
      const badge = isRun ? '●' : count > mostCounted ? '9+' : `${count}`;
      return new vscode.FileDecoration(badge, isRun ? t(words.unread) : t(words.unreadRuns, count), new vscode.ThemeColor(unreadColor));
    },
  });
  return vscode.Disposable.from(changed, subscription, provider);
}

/** Returns the paths of the URIs of unread runs, which begin with the paths of their deployments. */
function unreadPaths({ kickoffs }: KickoffList): readonly string[] {
  return kickoffs.filter(({ isUnread }) => isUnread).map((kickoff) => `/${keyOf(kickoff)}`);
}
