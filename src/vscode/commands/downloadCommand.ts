import vscode = require('vscode');
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import { UserFacingError } from '#core/lib/errors';
import { plain } from '#present/cleanText';
import { savedName } from '#present/documents/documentName';
import { nameOf } from '#present/names';
import { troubleText } from '#present/troubleText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { askForFile } from '#vscode/prompts/prompts';
import type { CommandParts } from './arguments';
import { showWithButtons } from './guard';

const mebibyte = 1_024 * 1_024;

/** Saves a response that is too large to store. */
export async function saveAnswer(parts: CommandParts, target: unknown): Promise<void> {
  const isTooLarge = (run: Kickoff): boolean => parts.board.troubleOf(run)?.kind === 'tooLarge';
  const kickoff = await parts.targets.findKickoff(target, { command: 'saveAnswer', suits: isTooLarge, none: commandWords.noneTooLarge });
  const deployment = parts.board.deployment(kickoff.deployment);
  if (!deployment || !isTooLarge(kickoff)) throw new UserFacingError(t(commandWords.notTooLarge));
  const file = await askForFile(savedName(kickoff, 'status'), t(words.saveAnswer));
  if (!file) return;

  const title = t(commandWords.savingAnswer, plain(nameOf(kickoff)));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  let mebibytes = 0;
  const isSaved = await vscode.window.withProgress(options, (progress, cancel) => {
    const abort = new AbortController();
    cancel.onCancellationRequested(() => abort.abort());
    const onProgress = (bytes: number): void => {
      if (bytes < (mebibytes + 1) * mebibyte) return;
      mebibytes = Math.floor(bytes / mebibyte);
      progress.report({ message: t(commandWords.mebibytes, mebibytes) });
    };
    const save = async (path: string) => (await parts.amp()).save(deployment, kickoff.id, { path, signal: abort.signal, onProgress });
    return download(parts, file, { save, signal: abort.signal });
  });
  if (!isSaved) return;

  showWithButtons(parts, t(commandWords.answerSaved, mebibytes), {
    [t(commandWords.openSaved)]: () => vscode.commands.executeCommand('vscode.open', file),
  });
}

/** Saves a response to a path, and returns the problem if that fails. `signal` cancels the download. */
interface Download {
  readonly save: (path: string) => Promise<Trouble | 'missing' | undefined>;
  readonly signal: AbortSignal;
}

/** Downloads a response to a file. Returns false if the user canceled the download. */
async function download({ folder, clock }: CommandParts, file: vscode.Uri, { save, signal }: Download): Promise<boolean> {
  const temporary = temporaryFile(file, folder, clock.now());
  try {
    const problem = await save(temporary.fsPath);
    if (problem && signal.aborted) return false;
    const reason = problem === 'missing' ? t(words.missing) : problem && troubleText(problem, clock.now(), t);
    if (reason !== undefined) throw new UserFacingError(t(commandWords.answerNotSaved, reason));
    await moveIntoPlace(temporary, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new UserFacingError(t(commandWords.fileNotWritten, String(error.code)));
    throw error;
  }
}

/** Returns a temporary file beside a local target, or else in `folder`. So only a complete response replaces an existing file. */
function temporaryFile(file: vscode.Uri, folder: vscode.Uri, now: number): vscode.Uri {
  const name = `${now}.part`;
  return file.scheme === 'file' ? file.with({ path: `${file.path}.${name}` }) : vscode.Uri.joinPath(folder, name);
}

/** Replaces a file by a complete temporary file. Deletes the temporary file if that fails. */
async function moveIntoPlace(temporary: vscode.Uri, file: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.rename(temporary, file, { overwrite: true });
  } catch (error) {
    await vscode.workspace.fs.delete(temporary);
    throw error;
  }
}
