import * as vscode from 'vscode';
import { UserFacingError } from '../core/errors';
import type { Kickoff } from '../core/kickoff';
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

  /** Says what was removed, with the way back; nobody waits for the answer. */
  tell(message: string): void {
    const undo = t(words.undo);
    void vscode.window.showInformationMessage(message, undo).then((choice) => {
      if (choice === undo) this.undo().catch((error: unknown) => showFailure(error, this.log));
    });
  }

  /** The same of runs, by name when it is one. */
  tellOf(kickoffs: readonly Kickoff[]): void {
    const [only, ...others] = kickoffs;
    if (only) this.tell(others.length === 0 ? t(words.removed, plain(nameOf(only))) : t(words.removedRuns, kickoffs.length));
  }

  async undo(): Promise<void> {
    if (!(await this.tracking.undoRemove())) throw new UserFacingError(t(words.nothingToUndo));
    vscode.window.setStatusBarMessage(t(words.undone), 3_000);
  }
}
