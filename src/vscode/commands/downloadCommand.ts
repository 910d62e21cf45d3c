import vscode = require('vscode');
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { UserFacingError } from '#core/lib/errors';
import { plain } from '#present/cleanText';
import { savedName } from '#present/documents/documentName';
import { nameOf } from '#present/names';
import { troubleText } from '#present/troubleText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { askWhere } from '#vscode/prompts/saveDialog';
import type { CommandParts } from './commandParts';

const mebibyte = 1_024 * 1_024;

/** Saves a response that is too large to store. */
export async function saveAnswer(parts: CommandParts, target: unknown): Promise<void> {
  const isTooLarge = (one: Kickoff): boolean => parts.board.troubleOf(one)?.kind === 'tooLarge';
  const kickoff = await parts.find.kickoff(target, { command: 'saveAnswer', suits: isTooLarge, none: commandWords.noneTooLarge });
  const deployment = parts.board.deployment(kickoff.deployment);
  if (!deployment || !isTooLarge(kickoff)) throw new UserFacingError(t(commandWords.notTooLarge));
  const file = await askWhere(savedName(kickoff, 'status'), t(words.saveAnswer));
  if (!file) return;

  const title = t(commandWords.savingAnswer, plain(nameOf(kickoff)));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const saved = await vscode.window.withProgress(options, (progress, cancel) => {
    const abort = new AbortController();
    cancel.onCancellationRequested(() => abort.abort());
    const report = (mebibytes: number): void => progress.report({ message: t(commandWords.mebibytes, mebibytes) });
    return stream(parts, { deployment, kickoff, file, signal: abort.signal, report });
  });
  if (saved === undefined) return;

  const open = t(commandWords.openSaved);
  void vscode.window.showInformationMessage(t(commandWords.answerSaved, saved), open).then((choice) => {
    if (choice === open) void vscode.commands.executeCommand('vscode.open', file);
  });
}

/** Returns the saved MiB, or `undefined` after Cancel. */
async function stream(
  { amp, folder, clock }: CommandParts,
  { deployment, kickoff, file, signal, report }: Download,
): Promise<number | undefined> {
  const part = partOf(file, folder, clock.now());
  let mebibytes = 0;
  const onProgress = (bytes: number): void => {
    if (bytes < (mebibytes + 1) * mebibyte) return;
    mebibytes = Math.floor(bytes / mebibyte);
    report(mebibytes);
  };
  try {
    const why = await (await amp()).save(deployment, kickoff.id, { path: part.fsPath, signal, onProgress });
    if (why && signal.aborted) return undefined;
    const reason = why === 'missing' ? t(words.missing) : why && troubleText(why, clock.now(), t);
    if (reason !== undefined) throw new UserFacingError(t(commandWords.answerNotSaved, reason));
    await moveIntoPlace(part, file);
    return mebibytes;
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new UserFacingError(t(commandWords.fileNotWritten, String(error.code)));
    throw error;
  }
}

interface Download {
  readonly deployment: Deployment;
  readonly kickoff: Kickoff;
  readonly file: vscode.Uri;
  readonly signal: AbortSignal;
  readonly report: (mebibytes: number) => void;
}

/** Returns the path of a temporary file: beside a local target, else in `folder`. So only a complete response replaces an existing file. */
function partOf(file: vscode.Uri, folder: vscode.Uri, now: number): vscode.Uri {
  const name = `${now}.part`;
  return file.scheme === 'file' ? file.with({ path: `${file.path}.${name}` }) : vscode.Uri.joinPath(folder, name);
}

async function moveIntoPlace(part: vscode.Uri, file: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.rename(part, file, { overwrite: true });
  } catch (error) {
    await vscode.workspace.fs.delete(part);
    throw error;
  }
}
