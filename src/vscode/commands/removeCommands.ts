import vscode = require('vscode');
import { keyOf } from '#core/history/board';
import type { KickoffList } from '#core/history/kickoffList';
import { runsOlderThan } from '#core/history/retention';
import type { Removable } from '#core/history/store';
import type { DeploymentKey } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { CanceledError, UserFacingError } from '#core/lib/errors';
import { hasUnknownResult, type StartAttempt } from '#core/starts/attempt';
import { defuse } from '#present/cleanText';
import { nameOf } from '#present/names';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { choose, confirm } from '#vscode/prompts/prompts';
import { DeploymentNode, KickoffNode, StartNode, TaskNode } from '#present/outline/nodes';
import { listTitle, type CommandParts } from './arguments';
import { showWithButtons, type Handlers } from './guard';
import { isFromKeybinding } from './target';

/** Returns the commands that remove, restore, and delete runs and deployments. */
export function removeCommands(parts: CommandParts) {
  const { board, tokens, tracker, view } = parts;
  return {
    remove: (target, selection) => removeRows(parts, target, selection),
    removeDeployment: (target) => view.refocusAfter(() => removeDeployment(parts, target, target === undefined), [target]),
    undoRemove: async (target) => {
      const isUndone = await restore(parts);
      if (!isUndone && !isFromKeybinding(target)) throw new UserFacingError(t(commandWords.nothingToUndo));
      vscode.window.setStatusBarMessage(t(isUndone ? commandWords.undone : commandWords.nothingToUndo), 3_000);
    },
    deleteOldRuns: async () => {
      const now = parts.clock.now();
      const items = [90, 30, 7, 1].flatMap((days) => {
        const oldRuns = runsOlderThan(days, board.kickoffs, now);
        const label = days === 1 ? t(commandWords.oldRunsDay) : t(commandWords.oldRunsDays, days);
        return oldRuns.length === 0 ? [] : [{ label, description: t(commandWords.oldRunsCount, oldRuns.length), days }];
      });
      if (items.length === 0) throw new UserFacingError(t(commandWords.noOldRuns));
      const { days } = await choose(items, { title: listTitle('deleteOldRuns'), placeholder: t(commandWords.oldRunsPlaceholder) });
      await removeWithUndo(parts, runsOlderThan(days, board.kickoffs, now));
    },
    deleteAllData: async () => {
      const question = t(commandWords.deleteAllQuestion);
      if (!(await confirm(question, { detail: t(commandWords.deleteAllDetail), button: t(commandWords.deleteAll) }))) return;
      const keptUrls = await tracker.deleteAll((urls) => tokens.deleteEach(urls));
      await tracker.vacuum();
      if (keptUrls.length > 0) throw new UserFacingError(t(commandWords.tokensNotDeleted));
    },
  } satisfies Partial<Handlers>;
}

/** Removes the selected rows. The menu of a run removes only runs and starts, but a key also removes selected deployments. */
async function removeRows(parts: CommandParts, target: unknown, selection: unknown): Promise<void> {
  const { board, targetFinder, view } = parts;
  const [row, rows] = await targetFinder.findRows(target, selection);
  // No row has the focus, or the user pressed the key again before VS Code removed the row. A task can't be removed without its run.
  if ((isFromKeybinding(target) && !row) || row instanceof TaskNode || !exists(row, board)) return;
  const selectedRows: readonly unknown[] = Array.isArray(rows) ? rows : [row];
  const deploymentRows = (isFromKeybinding(target) ? selectedRows : [row])
    .filter((one) => one instanceof DeploymentNode)
    .filter((one) => exists(one, board));
  const deploymentKeys = new Set(deploymentRows.map(({ key }) => key));
  const otherRows = selectedRows
    .filter((one) => one instanceof KickoffNode || one instanceof StartNode)
    .filter((one) => !deploymentKeys.has(one instanceof KickoffNode ? one.ref.deployment : one.deployment));
  const removeAll = async (): Promise<void> => {
    for (const one of deploymentRows) await removeDeployment(parts, one);
    if (deploymentRows.length === 0 || otherRows.length > 0) await removeRunsAndStarts(parts, row, otherRows);
  };
  await view.refocusAfter(removeAll, [...deploymentRows, ...otherRows]);
}

/** Whether the run or deployment of a row still exists. A row disappears a little later than its data. True for other rows. */
function exists(row: unknown, board: KickoffList): boolean {
  if (row instanceof DeploymentNode) return board.deployment(row.key) !== undefined;
  return !(row instanceof KickoffNode) || board.kickoff(row.ref) !== undefined;
}

/** Removes the runs and unconfirmed starts of rows, except starts that await a response. Without rows, removes the target's run. */
async function removeRunsAndStarts(parts: CommandParts, target: unknown, rows: readonly (KickoffNode | StartNode)[]): Promise<void> {
  const { board, clock, targetFinder } = parts;
  const starts = rows.flatMap((row) => (row instanceof StartNode ? (board.startOf(row.requestId) ?? []) : []));
  const removableStarts = starts.filter((attempt) => hasUnknownResult(attempt, clock.now()));
  const removesRuns = rows.length === 0 || rows.some((row) => row instanceof KickoffNode);
  const runs = removesRuns ? await targetFinder.findKickoffs(target, rows, { command: 'remove' }) : [];
  await removeWithUndo(parts, [...runs, ...removableStarts]);
}

/** Removes runs and starts, and offers Undo. Shows nothing if all are already removed, for example because a key is held down. */
async function removeWithUndo(parts: CommandParts, items: readonly (Kickoff | StartAttempt)[]): Promise<void> {
  const [only, ...others] = items;
  const count = await parts.tracker.remove(items);
  if (!only || count === 0) return;
  const message = others.length === 0 ? removalMessage(only) : t(commandWords.removedRuns, count);
  void showWithButtons(parts, message, { [t(words.undo)]: () => undo(parts, items) });
}

function removalMessage(only: Kickoff | StartAttempt): string {
  if ('requestId' in only) return t(commandWords.startRemoved);
  return t(isSettled(only.phase) ? commandWords.removed : commandWords.removedActive, defuse(nameOf(only)));
}

/** Removes a deployment with its runs. Undo restores the deployment and its runs together. */
async function removeDeployment(parts: CommandParts, target: unknown, needsQuestion = false): Promise<void> {
  const { key, label } = await parts.targetFinder.findDeployment(target, { command: 'removeDeployment', ignoresActiveDocument: true });
  const question = t(commandWords.removeDeploymentQuestion, defuse(label));
  const texts = { detail: t(commandWords.removeDeploymentDetail), button: t(commandWords.removeDeployment) };
  // From the Command Palette, an Enter that is held down may have selected the deployment.
  if (needsQuestion && !(await confirm(question, texts))) throw new CanceledError();
  const count = await parts.tracker.remove(key);
  const messageText = count === 0 ? commandWords.removedEmptyDeployment : commandWords.removedDeployment;
  void showWithButtons(parts, t(messageText, defuse(label)), { [t(words.undo)]: () => undo(parts, key) });
}

/** Restores removed items for a notification's Undo button. They may be restored or deleted already, because notifications stay open. */
export async function undo(parts: CommandParts, removal: readonly Removable[] | DeploymentKey): Promise<void> {
  const { board } = parts;
  const isUndone = await restore(parts, removal);
  const isListed = (one: Removable): boolean => ('requestId' in one ? board.startOf(one.requestId) : board.kickoff(one)) !== undefined;
  const isListedAgain = typeof removal === 'number' ? board.deployment(removal) !== undefined : removal.some(isListed);
  const notUndoneText = isListedAgain ? commandWords.undoneAlready : commandWords.nothingToUndo;
  vscode.window.setStatusBarMessage(t(isUndone ? commandWords.undone : notUndoneText), 3_000);
}

/** Undoes the last removal, or restores only `removal`. Highlights a restored row. Returns false if nothing was restored. */
async function restore({ board, tracker, view }: CommandParts, removal?: readonly Removable[] | DeploymentKey): Promise<boolean> {
  const [deploymentKeys, kickoffKeys] = [new Set(board.deployments.map(({ key }) => key)), new Set(board.kickoffs.map(keyOf))];
  const requestIds = new Set(board.starts.map(({ requestId }) => requestId));
  if (!(await tracker.undoRemove(removal))) return false;
  const restoredItem =
    board.deployments.find(({ key }) => !deploymentKeys.has(key)) ??
    board.kickoffs.find((one) => !kickoffKeys.has(keyOf(one))) ??
    board.starts.find(({ requestId }) => !requestIds.has(requestId));
  if (restoredItem) void view.highlight(restoredItem);
  return true;
}
