import vscode = require('vscode');
import type { Board } from '#core/history/board';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { UserFacingError } from '#core/lib/errors';
import type { AnswerDownloader } from '#core/polling/ports';
import { plain } from '#present/cleanText';
import { documentName } from '#present/documents/documentName';
import { nameOf } from '#present/names';
import { troubleText } from '#present/troubleText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { askWhere } from '#vscode/prompts/saveDialog';
import type { CommandArguments } from './arguments';

const t = vscode.l10n.t;

const mebibyte = 1_024 * 1_024;

/** Saves a response that is too large to store. */
export class DownloadCommand {
  constructor(
    private readonly board: Board,
    private readonly find: CommandArguments,
    private readonly saver: AnswerDownloader,
    private readonly folder: vscode.Uri,
  ) {}

  async save(target: unknown): Promise<void> {
    const isTooLarge = (one: Kickoff): boolean => this.board.troubleOf(one)?.kind === 'tooLarge';
    const kickoff = await this.find.kickoff(target, { command: 'saveAnswer', suits: isTooLarge, none: commandWords.noneTooLarge });
    const deployment = this.board.deployment(kickoff.deployment);
    if (!deployment || !isTooLarge(kickoff)) throw new UserFacingError(vscode.l10n.t(commandWords.notTooLarge));
    const file = await askWhere(documentName(kickoff, 'status'), vscode.l10n.t(words.saveAnswer));
    if (!file) return;

    const { saver, folder } = this;
    const failure = await saveAnswer({ deployment, kickoff, file, saver, folder });
    if (failure !== undefined) throw new UserFacingError(failure);
  }
}

/** The download of a run's response. */
interface Download {
  readonly deployment: Deployment;
  readonly kickoff: Kickoff;
  readonly file: vscode.Uri;
  readonly saver: AnswerDownloader;
  /** A temporary folder for targets to which only VS Code can write. */
  readonly folder: vscode.Uri;
}

/** Streams a response to a file, with progress and a Cancel button. Returns the error message if it fails. */
async function saveAnswer(download: Download): Promise<string | undefined> {
  const { kickoff, file } = download;
  const title = t(commandWords.savingAnswer, plain(nameOf(kickoff)));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const saved = await vscode.window.withProgress(options, (progress, cancel) => save(download, progress, cancel));
  if (typeof saved === 'string' || saved === undefined) return saved;

  const open = t(commandWords.openSaved);
  void vscode.window.showInformationMessage(t(commandWords.answerSaved, saved), open).then((choice) => {
    if (choice === open) void vscode.commands.executeCommand('vscode.open', file);
  });
  return undefined;
}

/** Returns the saved MiB, an error message, or `undefined` after Cancel. */
async function save(
  { deployment, kickoff, file, saver, folder }: Download,
  progress: vscode.Progress<{ readonly message: string }>,
  cancel: vscode.CancellationToken,
): Promise<number | string | undefined> {
  const abort = new AbortController();
  const listening = cancel.onCancellationRequested(() => abort.abort());
  const part = partOf(file, folder);
  let mebibytes = 0;
  const onProgress = (bytes: number): void => {
    if (bytes < (mebibytes + 1) * mebibyte) return;
    mebibytes = Math.floor(bytes / mebibyte);
    progress.report({ message: t(commandWords.mebibytes, mebibytes) });
  };
  try {
    const why = await saver.save(deployment, kickoff.id, { path: part.fsPath, signal: abort.signal, onProgress });
    if (why && abort.signal.aborted) return undefined;
    if (why) return t(commandWords.answerNotSaved, why === 'missing' ? t(words.missing) : troubleText(why, Date.now(), t));
    await moveIntoPlace(part, file);
    return mebibytes;
  } catch (error) {
    return t(commandWords.fileNotWritten, error instanceof Error && 'code' in error ? String(error.code) : String(error));
  } finally {
    listening.dispose();
  }
}

/** Returns the path of a temporary file beside the target, so that only a complete response replaces an existing file. */
function partOf(file: vscode.Uri, folder: vscode.Uri): vscode.Uri {
  const name = `${Date.now()}.part`;
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
