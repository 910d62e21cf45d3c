import vscode = require('vscode');
import { unreadColorId } from '#contributions';
import { keyOf } from '#core/history/board';
import type { KickoffList } from '#core/history/kickoffList';
import { DeploymentNode, KickoffNode, type Node } from '#present/outline/nodes';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';

/** The URI scheme of rows. Documents have another scheme, so that the decoration of a row doesn't appear on a tab. */
const rowScheme = 'crewai-kickoff-row';

/** The maximum number in a badge, because badges have at most two characters. A larger number becomes `9+`. */
const maxBadgeCount = 99;

/** Returns the URI by which `decorateRows` finds the decoration of a row. Undefined for a task or start, which has no decoration. */
export function decorationUri(node: Node): vscode.Uri | undefined {
  const path = node instanceof DeploymentNode ? `/${node.key}` : node instanceof KickoffNode ? `/${keyOf(node.ref)}` : undefined;
  return path === undefined ? undefined : vscode.Uri.from({ scheme: rowScheme, path });
}

/** Marks unread runs with a dot, and deployments, even collapsed ones, with the number of their unread runs. */
export function decorateRows(board: KickoffList): vscode.Disposable {
  const changeEmitter = new vscode.EventEmitter<undefined>();
  let currentPaths = unreadPaths(board);
  const subscription = board.onDidChange(() => {
    const previousPaths = currentPaths;
    currentPaths = unreadPaths(board);
    // An event without URIs updates all decorations. VS Code accepts at most 250 URIs.
    if (previousPaths.join() !== currentPaths.join()) changeEmitter.fire(undefined);
  });
  const provider = vscode.window.registerFileDecorationProvider({
    onDidChangeFileDecorations: changeEmitter.event,
    provideFileDecoration: ({ scheme, path }) => {
      if (scheme !== rowScheme) return undefined;
      const isUnreadRun = currentPaths.includes(path);
      const count = currentPaths.filter((one) => one.startsWith(`${path}/`)).length;
      if (!isUnreadRun && count === 0) return undefined;
      const badge = isUnreadRun ? '●' : count > maxBadgeCount ? '9+' : `${count}`;
      const tooltip = isUnreadRun ? t(words.unread) : t(words.unreadRuns, count);
      return new vscode.FileDecoration(badge, tooltip, new vscode.ThemeColor(unreadColorId));
    },
  });
  return vscode.Disposable.from(changeEmitter, subscription, provider);
}

/** Returns the paths of the URIs of unread runs, which begin with the paths of their deployments. */
function unreadPaths({ kickoffs }: KickoffList): readonly string[] {
  return kickoffs.filter(({ isUnread }) => isUnread).map((kickoff) => `/${keyOf(kickoff)}`);
}
