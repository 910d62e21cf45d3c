import vscode = require('vscode');
import { keyOf } from '#core/history/board';
import type { KickoffList } from '#core/history/kickoffList';
import type { Tracker } from '#core/history/tracker';
import type { DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { UserFacingError } from '#core/lib/errors';
import { plain } from '#present/cleanText';
import { nameOf } from '#present/names';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import type { KickoffsView } from '#vscode/tree/view';
import type { ShowFailure } from './guard';

export interface RemoveRunsParts {
  readonly board: KickoffList;
  readonly tracker: Tracker;
  readonly view: Pick<KickoffsView, 'highlight'>;
  readonly showFailure: ShowFailure;
}

/** Removes runs, notifies of removals, and undoes removals. */
export class RemoveRuns {
  constructor(private readonly parts: RemoveRunsParts) {}

  /** Shows a message about a removal or a move, with an Undo button. Doesn't wait for the user. */
  notify(message: string, undo: () => Promise<unknown>): void {
    const button = t(commandWords.undo);
    void vscode.window.showInformationMessage(message, button).then((choice) => {
      if (choice === button) undo().catch(this.parts.showFailure);
    });
  }

  /** Removes runs and shows a notification. Shows nothing if all runs are already removed, for example because a key is held down. */
  async remove(kickoffs: readonly Kickoff[]): Promise<void> {
    const [only, ...others] = kickoffs;
    const count = await this.parts.tracker.remove(kickoffs);
    if (!only || count === 0) return;
    const message = others.length === 0 ? t(commandWords.removed, plain(nameOf(only))) : t(commandWords.removedRuns, count);
    this.notify(message, () => this.undo(kickoffs));
  }

  /** Restores the given runs or deployment. Without an argument, undoes the last removal. Throws if there is nothing to restore. */
  async undo(what?: readonly KickoffRef[] | DeploymentKey): Promise<void> {
    if (!(await this.#undo(what))) throw new UserFacingError(t(commandWords.nothingToUndo));
    vscode.window.setStatusBarMessage(t(commandWords.undone), 3_000);
  }

  /** Undoes the last removal. An error would disturb users who press the key too often, so the status bar shows that none is left. */
  async undoByKey(): Promise<void> {
    const isUndone = await this.#undo();
    vscode.window.setStatusBarMessage(t(isUndone ? commandWords.undone : commandWords.nothingToUndo), 3_000);
  }

  /** Returns whether there was a removal to undo. */
  async #undo(what?: readonly KickoffRef[] | DeploymentKey): Promise<boolean> {
    const { board, tracker, view } = this.parts;
    const [deployments, kickoffs] = [new Set(board.deployments.map(({ key }) => key)), new Set(board.kickoffs.map(keyOf))];
    if (!(await tracker.undoRemove(what))) return false;
    const restored = board.deployments.find(({ key }) => !deployments.has(key)) ?? board.kickoffs.find((one) => !kickoffs.has(keyOf(one)));
    if (restored) void view.highlight(restored);
    return true;
  }
}
