import vscode = require('vscode');
import type { Tracker } from '#core/history/tracker';
import type { DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { UserFacingError } from '#core/lib/errors';
import { plain } from '#present/cleanText';
import { nameOf } from '#present/names';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import type { ShowFailure } from './guard';

/** Removes runs, notifies of removals, and undoes them. */
export class RemoveRuns {
  constructor(
    private readonly tracker: Tracker,
    private readonly showFailure: ShowFailure,
  ) {}

  /** Shows what was removed or moved, with a button that undoes it, without waiting for the user. */
  notify(message: string, undo: () => Promise<unknown>): void {
    const button = t(commandWords.undo);
    void vscode.window.showInformationMessage(message, button).then((choice) => {
      if (choice === button) undo().catch(this.showFailure);
    });
  }

  /** Removes runs and notifies of them. No message appears if all are already removed, for example because a key is held down. */
  async remove(kickoffs: readonly Kickoff[]): Promise<void> {
    const [only, ...others] = kickoffs;
    const count = await this.tracker.remove(kickoffs);
    if (!only || count === 0) return;
    const message = others.length === 0 ? t(commandWords.removed, plain(nameOf(only))) : t(commandWords.removedRuns, count);
    this.notify(message, () => this.undo(kickoffs));
  }

  /** Restores those runs, or else the runs that were removed last. Fails when they are already restored. */
  async undo(what?: readonly KickoffRef[] | DeploymentKey): Promise<void> {
    if (!(await this.tracker.undoRemove(what))) throw new UserFacingError(t(commandWords.nothingToUndo));
    vscode.window.setStatusBarMessage(t(commandWords.undone), 3_000);
  }

  /** Restores the runs that were removed last. Shows in the status bar if there are none, because a key is easily pressed too often. */
  async undoByKey(): Promise<void> {
    const isUndone = await this.tracker.undoRemove();
    vscode.window.setStatusBarMessage(t(isUndone ? commandWords.undone : commandWords.nothingToUndo), 3_000);
  }
}
