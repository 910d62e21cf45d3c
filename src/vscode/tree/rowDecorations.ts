import vscode = require('vscode');
import { keyOf } from '#core/history/board';
import type { KickoffList } from '#core/history/kickoffList';
import type { DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import { unreadColor } from '#contributions';
import { DeploymentNode, KickoffNode, type Node } from '#present/outline/nodes';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';

/** The URI scheme of rows. Documents have another scheme, so that the decoration of a row doesn't appear on a tab. */
const scheme = 'crewai-kickoff-row';

/** The maximum number of URIs that VS Code accepts in one event. An event without URIs updates all decorations. */
const mostUris = 250;

/** The maximum number in a badge, because badges have at most two characters. A larger number becomes `9+`. */
const mostCounted = 99;

function deploymentUri(key: DeploymentKey): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${key}` });
}

function kickoffUri({ deployment, id }: KickoffRef): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${deployment}/${id}` });
}

/** Returns the URI that VS Code passes back for the decoration of a row. Undefined for a row without a decoration. */
export function decoratedUri(node: Node): vscode.Uri | undefined {
  if (node instanceof DeploymentNode) return deploymentUri(node.key);
  return node instanceof KickoffNode ? kickoffUri(node.ref) : undefined;
}

/** Marks unread runs with a dot, and deployments with the number of their unread runs, which is visible even if collapsed. */
export class RowDecorations implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri[] | undefined>();
  readonly #owned: vscode.Disposable;
  /** The unread runs of the last update, by `keyOf`. */
  #unread: ReadonlyMap<string, Kickoff>;

  readonly onDidChangeFileDecorations = this.#changed.event;

  constructor(private readonly board: KickoffList) {
    this.#unread = this.#unreadNow();
    const listening = board.onDidChange(() => this.#update());
    this.#owned = vscode.Disposable.from(this.#changed, listening, vscode.window.registerFileDecorationProvider(this));
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const [, key, id] = (uri.scheme === scheme && /^\/(\d+)(?:\/(.+))?$/.exec(uri.path)) || [];
    if (key === undefined) return undefined;
    const deployment = this.board.deployment(Number(key) as DeploymentKey);
    if (!deployment) return undefined;
    if (id !== undefined) {
      const kickoff = this.board.kickoff({ deployment: deployment.key, id: id as KickoffId });
      return kickoff?.isUnread ? decoration('●', t(words.unread)) : undefined;
    }
    const unread = this.board.kickoffsOf(deployment).filter(({ isUnread }) => isUnread).length;
    return unread > 0 ? decoration(unread > mostCounted ? '9+' : `${unread}`, t(words.unreadRuns, unread)) : undefined;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #update(): void {
    const [before, now] = [this.#unread, this.#unreadNow()];
    this.#unread = now;
    const changed = [...[...now].filter(([key]) => !before.has(key)), ...[...before].filter(([key]) => !now.has(key))].map(
      ([, one]) => one,
    );
    if (changed.length === 0) return;
    const deployments = [...new Set(changed.map(({ deployment }) => deployment))];
    const uris = [...deployments.map(deploymentUri), ...changed.map(kickoffUri)];
    this.#changed.fire(uris.length > mostUris ? undefined : uris);
  }

  #unreadNow(): ReadonlyMap<string, Kickoff> {
    return new Map(this.board.kickoffs.filter(({ isUnread }) => isUnread).map((kickoff) => [keyOf(kickoff), kickoff]));
  }
}

function decoration(badge: string, tooltip: string): vscode.FileDecoration {
  return new vscode.FileDecoration(badge, tooltip, new vscode.ThemeColor(unreadColor));
}
