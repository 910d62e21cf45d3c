import * as vscode from 'vscode';
import type { DeploymentUrl } from '../core/deployment';
import { UserFacingError } from '../core/errors';
import type { Tracking } from '../core/tracking';
import { words } from '../present/words';
import { showFailure } from './guard';
import type { SecretTokens } from './secretTokens';

const t = vscode.l10n.t;

/** What leaves the list, and how it comes back. */
export class Removing {
  constructor(
    private readonly tracking: Tracking,
    private readonly tokens: SecretTokens,
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

  /** Deletes what was removed more than seven days ago, and tokens with it. Nobody waits for it. */
  purge(): void {
    const purged = this.tracking.purge().then((urls) => this.forget(urls));
    purged.catch((error: unknown) => this.log.warn(`nothing purged: ${String(error)}`));
  }

  /** Notes what went by itself; nobody is told, for the user has set it so, and *Undo Remove* is there. */
  readonly note = (removed: Promise<number>): void => {
    const noted = removed.then((count) => {
      if (count > 0) this.log.info(`history.keepDays: ${count} runs removed`);
    });
    noted.catch((error: unknown) => this.log.warn(`nothing removed: ${String(error)}`));
  };

  /** Each token is tried: one that cannot be deleted must not keep the others. */
  async forget(urls: readonly DeploymentUrl[]): Promise<void> {
    const all = await Promise.allSettled(urls.map((url) => this.tokens.delete(url)));
    for (const one of all) if (one.status === 'rejected') throw new Error(`a token is still there: ${String(one.reason)}`);
  }
}
