import vscode = require('vscode');
import { contextKeys, viewId } from '#contributions';
import type { Tracker } from '#core/history/tracker';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Disposable } from '#core/lib/types';
import type { StartAttempt } from '#core/starts/attempt';
import { viewBadge, viewMessage } from '#present/rows/viewTexts';
import { t } from '#vscode/l10n';
import { KickoffTree, type TreeParts } from './kickoffTree';
import { DeploymentNode, KickoffNode, StartNode, type Node } from '#present/outline/nodes';
import { decorateRows } from './rowDecorations';
import { refreshTimes } from './timeRefresh';

/** The time in milliseconds after which VS Code has replaced an empty tree with the welcome text. An earlier focus would be lost. */
const welcomeDelayMs = 500;

/** The waits in milliseconds after failed tries to reveal a row. A try fails for example while VS Code redraws the tree. */
const revealRetryDelaysMs = [100, 400, 0] as const;

/** The view in the side bar: its rows, badge, message, and context keys. */
export class KickoffsView implements vscode.Disposable {
  readonly #tree: KickoffTree;
  readonly #view: vscode.TreeView<Node>;
  readonly #disposables: readonly Disposable[];
  readonly #contextValues = new Map<string, boolean>();
  #pendingFocus: Disposable | undefined;

  constructor(private readonly parts: TreeParts & { readonly tracker: Pick<Tracker, 'onDidLoad' | 'isLoaded'> }) {
    const { board, tracker } = parts;
    this.#tree = new KickoffTree(parts);
    this.#view = vscode.window.createTreeView(viewId, { treeDataProvider: this.#tree, showCollapseAll: true, canSelectMany: true });
    this.#disposables = [
      refreshTimes(this.#view, (kickoffs) => this.refresh(kickoffs), parts),
      board.onDidChange(() => this.#updateBadgeKeysAndMessage()),
      tracker.onDidLoad(() => this.#updateBadgeKeysAndMessage()),
      this.#view.onDidChangeSelection(({ selection }) => (this.#tree.selection = selection)),
      decorateRows(board),
      this.#view,
      this.#tree,
    ];
    this.#updateBadgeKeysAndMessage();
  }

  get selection(): readonly Node[] {
    return this.#view.selection;
  }

  /** Focuses a row and selects only this row, because keys act on the focused row. Opens the view. Never rejects. */
  readonly highlight = (item: Kickoff | Deployment | StartAttempt): Promise<void> =>
    this.#reveal(this.#tree.outline.nodeOf(item), { select: true, focus: true });

  /** Scrolls to a row if the view is visible. Doesn't select the row, because keys would still act on the focused row. Never rejects. */
  async scrollTo(item: Kickoff | StartAttempt): Promise<void> {
    if (this.#view.visible) await this.#reveal(this.#tree.outline.nodeOf(item), { select: false, focus: false });
  }

  /** Calls `remove`, then focuses a neighbor of the removed rows, because VS Code focuses no row. Without a neighbor, focuses the view. */
  async refocusAfter(remove: () => Promise<void>, rows: readonly unknown[]): Promise<void> {
    const removedNodes = rows.filter((row) => row instanceof KickoffNode || row instanceof DeploymentNode || row instanceof StartNode);
    const neighbor = this.#tree.outline.neighborOf(removedNodes);
    // Reads the selection before the removal, because VS Code reports an empty selection while it redraws the tree.
    const isOtherSelected = this.selection.some((row) => !removedNodes.some((one) => one === row));
    await remove();
    if (neighbor) await this.#reveal(neighbor, { select: !isOtherSelected, focus: true });
    else if (removedNodes.length > 0)
      this.#pendingFocus = this.parts.clock.after(welcomeDelayMs, () => void vscode.commands.executeCommand(`${viewId}.focus`));
  }

  /** Cancels a planned focus of the view, so that the focus stays, for example in the box of the next command. */
  cancelPendingFocus(): void {
    this.#pendingFocus?.dispose();
  }

  async #reveal(row: Node, options: { readonly select: boolean; readonly focus: boolean }): Promise<void> {
    for (const waitMs of revealRetryDelaysMs) {
      try {
        await this.#view.reveal(row, options);
        return;
      } catch {
        // VS Code may redraw the tree meanwhile, or another window may have removed the run.
        await new Promise<void>((resolve) => this.parts.clock.after(waitMs, resolve));
      }
    }
  }

  /** Redraws changed rows of runs, deployments, and starts, for example because of the time or a setting. Also updates the message. */
  refresh(kickoffs = this.parts.board.kickoffs): void {
    this.#tree.redraw({ kickoffs, reorderedKeys: [] });
    this.#showMessage();
  }

  dispose(): void {
    this.cancelPendingFocus();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #updateBadgeKeysAndMessage(): void {
    const badge = viewBadge(this.parts.board.kickoffs, t);
    if (badge?.tooltip !== this.#view.badge?.tooltip) this.#view.badge = badge;
    this.#setContextKeys();
    this.#showMessage();
  }

  #showMessage(): void {
    const message = viewMessage(this.parts.board, this.parts.clock.now(), t);
    if (message !== (this.#view.message ?? '')) this.#view.message = message;
  }

  #setContextKeys(): void {
    const { kickoffs, deployments } = this.parts.board;
    const values: readonly (readonly [key: string, value: boolean])[] = [
      [contextKeys.isEmpty, deployments.length === 0],
      [contextKeys.hasNoRuns, kickoffs.length === 0],
      [contextKeys.hasNoMuted, !kickoffs.some(({ isMuted }) => isMuted)],
      [contextKeys.hasNoTooLarge, !kickoffs.some(({ trouble }) => trouble?.kind === 'tooLarge')],
      [contextKeys.hasTracked, kickoffs.length > 0],
      [contextKeys.hasSetToken, kickoffs.some(({ checkedAt }) => checkedAt !== undefined)],
      [contextKeys.hasRead, kickoffs.some(({ finishedAt, isUnread }) => finishedAt !== undefined && !isUnread)],
    ];
    for (const [key, value] of values) {
      if (value === this.#contextValues.get(key) || (value && !this.parts.tracker.isLoaded)) continue;
      this.#contextValues.set(key, value);
      void vscode.commands.executeCommand('setContext', key, value);
    }
  }
}
