import * as vscode from 'vscode';
import type { DeploymentKey } from '../core/deployment';
import { UserFacingError } from '../core/errors';
import type { Kickoff, KickoffRef } from '../core/kickoff';
import type { Tracking } from '../core/tracking';
import { plain } from '../present/clean';
import { nameOf } from '../present/naming';
import { words } from '../present/wordsAll';
import { showFailure } from './guard';

const t = vscode.l10n.t;

/** Says what has left the list, and brings it back. */
export class Removing {
  constructor(
    private readonly tracking: Tracking,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Shows what was removed or moved, with a button that undoes it, without waiting for the user. */
  tell(message: string, undo: () => Promise<unknown>): void {
    const button = t(words.undo);
    void vscode.window.showInformationMessage(message, button).then((choice) => {
      if (choice === button) undo().catch((error: unknown) => showFailure(error, this.log));
    });
  }

  /** Removes runs and says so, by name when it is one; of none that had gone already, as at a key that is held down. */
  async remove(kickoffs: readonly Kickoff[]): Promise<void> {
    const [only, ...others] = kickoffs;
    const count = await this.tracking.remove(kickoffs);
    if (!only || count === 0) return;
    const message = others.length === 0 ? t(words.removed, plain(nameOf(only))) : t(words.removedRuns, count);
    this.tell(message, () => this.undo(kickoffs));
  }

  /** Restores those runs, or else the runs that were removed last. Fails when they are already restored. */
  async undo(what?: readonly KickoffRef[] | DeploymentKey): Promise<void> {
    if (!(await this.tracking.undoRemove(what))) throw new UserFacingError(t(words.nothingToUndo));
    vscode.window.setStatusBarMessage(t(words.undone), 3_000);
  }

  /** Does the same for a key, which may be pressed once too often: the status bar says that there is nothing to undo. */
  async undoByKey(): Promise<void> {
    const isUndone = await this.tracking.undoRemove();
    vscode.window.setStatusBarMessage(t(isUndone ? words.undone : words.nothingToUndo), 3_000);
  }
}
