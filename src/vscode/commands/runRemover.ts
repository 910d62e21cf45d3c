import vscode = require('vscode');
import { keyOf } from '#core/history/board';
import type { Removable } from '#core/history/store';
import type { DeploymentKey } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { UserFacingError } from '#core/lib/errors';
import type { StartAttempt } from '#core/starts/attempt';
import { plain } from '#present/cleanText';
import { nameOf } from '#present/names';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import type { CommandDeps } from './commandDeps';

/** Removes runs and unconfirmed starts, notifies of removals, and undoes removals. */
export class RunRemover {
  constructor(private readonly parts: CommandDeps) {}

  /** Shows a message with a button, such as Undo. Doesn't wait for the user. */
  notify(message: string, act: () => Thenable<unknown>, button = t(words.undo)): void {
    this.offer(message, { [button]: act });
  }

  /** Shows a message with buttons, by their titles. Doesn't wait for the user. */
  offer(message: string, actions: Readonly<Record<string, () => Thenable<unknown>>>): void {
    void vscode.window.showInformationMessage(message, ...Object.keys(actions)).then((choice) => {
      if (choice !== undefined) actions[choice]?.().then(undefined, this.parts.showFailure);
    });
  }

  /** Removes rows and shows a notification. Shows nothing if all are already removed, for example because a key is held down. */
  async remove(what: readonly (Kickoff | StartAttempt)[]): Promise<void> {
    const [only, ...others] = what;
    const count = await this.parts.tracker.remove(what);
    if (!only || count === 0) return;
    this.notify(others.length === 0 ? removedText(only) : t(commandWords.removedRuns, count), () => this.undo(what));
  }

  /**
   * Restores the given rows. They may be restored or deleted already, because an extension can't close the notification with
   * the button. Without an argument, undoes the last removal. The status bar shows the result, because an error would disturb.
   */
  async undo(what?: readonly Removable[] | DeploymentKey): Promise<void> {
    const { board } = this.parts;
    const isUndone = await this.#undo(what);
    const isListed = (one: Removable): boolean => ('requestId' in one ? board.startOf(one.requestId) : board.kickoff(one)) !== undefined;
    const isThere = typeof what === 'number' ? board.deployment(what) !== undefined : what?.some(isListed);
    const none = isThere ? commandWords.undoneAlready : commandWords.nothingToUndo;
    vscode.window.setStatusBarMessage(t(isUndone ? commandWords.undone : none), 3_000);
  }

  /** Undoes the last removal. Throws if there is none. */
  async undoLast(): Promise<void> {
    if (!(await this.#undo())) throw new UserFacingError(t(commandWords.nothingToUndo));
    vscode.window.setStatusBarMessage(t(commandWords.undone), 3_000);
  }

  /** Returns whether there was a removal to undo. */
  async #undo(what?: readonly Removable[] | DeploymentKey): Promise<boolean> {
    const { board, tracker, view } = this.parts;
    const [deployments, kickoffs] = [new Set(board.deployments.map(({ key }) => key)), new Set(board.kickoffs.map(keyOf))];
    const starts = new Set(board.starts.map(({ requestId }) => requestId));
    if (!(await tracker.undoRemove(what))) return false;
    const restored =
      board.deployments.find(({ key }) => !deployments.has(key)) ??
      board.kickoffs.find((one) => !kickoffs.has(keyOf(one))) ??
      board.starts.find(({ requestId }) => !starts.has(requestId));
    if (restored) void view.highlight(restored);
    return true;
  }
}

function removedText(only: Kickoff | StartAttempt): string {
  if ('requestId' in only) return t(commandWords.startRemoved);
  return t(isSettled(only.phase) ? commandWords.removed : commandWords.removedActive, plain(nameOf(only)));
}
