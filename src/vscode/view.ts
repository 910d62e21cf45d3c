import * as vscode from 'vscode';
import type { Board } from '../core/board';
import type { Freshness } from '../core/freshness';
import type { Kickoff } from '../core/kickoff';
import type { Clock, Disposable } from '../core/ports';
import { viewMessage } from '../present/viewMessage';
import { words } from '../present/words';
import type { List } from './list';
import { Ticking } from './ticking';
import { KickoffTree } from './tree';

/** The sidebar's view: its tree, its badge, and the times that move on in it. */
export class KickoffsView implements vscode.Disposable {
  readonly #tree: KickoffTree;
  readonly #view: vscode.TreeView<unknown>;
  readonly #owned: readonly Disposable[];

  constructor(
    private readonly board: Board,
    freshness: Freshness,
    clock: Clock,
    list: List,
  ) {
    this.#tree = new KickoffTree(board, freshness);
    this.#view = list.view;
    const redraw: KickoffTree['redraw'] = (...rows) => {
      this.#tree.redraw(...rows);
      this.#showMessage();
    };
    const ticking = new Ticking(list.view, { redraw }, board, freshness, clock);
    this.#owned = [ticking, board.onDidChange(() => this.#show()), this.#tree];
    list.show(this.#tree);
    this.#show();
  }

  get selection(): readonly unknown[] {
    return this.#view.selection;
  }

  /** Shows a run's row and selects it; a row that is not drawn yet is no reason to fail. */
  readonly reveal = async (kickoff: Kickoff): Promise<void> => {
    try {
      await this.#view.reveal(this.#tree.nodeOf(kickoff), { select: true, focus: false });
    } catch {
      // The tree was redrawn at the same moment: the row is there, only not selected.
    }
  };

  /** Draws again those of the rows that show or open something else by now. */
  refresh(): void {
    this.#tree.redraw(this.board.kickoffs);
  }

  dispose(): void {
    for (const owned of this.#owned) owned.dispose();
  }

  #show(): void {
    this.#count();
    this.#showMessage();
  }

  #showMessage(): void {
    const message = viewMessage(this.board, Date.now(), vscode.l10n.t);
    if (message !== (this.#view.message ?? '')) this.#view.message = message;
  }

  /** The badge counts the ends that nobody has looked at. */
  #count(): void {
    const unread = this.board.kickoffs.filter(({ isUnread }) => isUnread).length;
    if (unread === (this.#view.badge?.value ?? 0)) return;
    this.#view.badge = unread === 0 ? undefined : { value: unread, tooltip: vscode.l10n.t(words.unreadRuns, unread) };
  }
}
