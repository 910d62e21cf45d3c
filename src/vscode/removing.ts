import * as vscode from 'vscode';
import { UserFacingError } from '../core/errors';
import type { Tracking } from '../core/tracking';
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

  async undo(): Promise<void> {
    if (!(await this.tracking.undoRemove())) throw new UserFacingError(t(words.nothingToUndo));
    vscode.window.setStatusBarMessage(t(words.undone), 3_000);
  }
}
