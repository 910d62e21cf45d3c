import * as vscode from 'vscode';
import type { Deployment } from '../core/deployment';
import type { Kickoff } from '../core/kickoff';
import type { AnswerSaver } from '../core/ports';
import { plain } from '../present/clean';
import { nameOf } from '../present/naming';
import { troubleText } from '../present/troubleText';
import { words as shown } from '../present/words';
import { wordsAsked } from '../present/wordsAsked';

const t = vscode.l10n.t;
const words = { ...shown, ...wordsAsked };
const mebibyte = 1_024 * 1_024;

/** A run's answer, and where it goes. */
export interface Saving {
  readonly deployment: Deployment;
  readonly kickoff: Kickoff;
  readonly target: vscode.Uri;
  readonly saver: AnswerSaver;
  /** A folder of ours, for what is on its way to where only the editor can write. */
  readonly folder: vscode.Uri;
}

/** Brings an answer to a file without holding it, where the user sees how far it is and can stop it. Gives the sentence when it fails. */
export async function saveAnswer(saving: Saving): Promise<string | undefined> {
  const { kickoff, target } = saving;
  const title = t(words.savingAnswer, plain(nameOf(kickoff)));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const saved = await vscode.window.withProgress(options, (progress, cancel) => save(saving, progress, cancel));
  if (typeof saved === 'string' || saved === undefined) return saved;

  const open = t(words.openSaved);
  void vscode.window.showInformationMessage(t(words.answerSaved, saved), open).then((choice) => {
    if (choice === open) void vscode.commands.executeCommand('vscode.open', target);
  });
  return undefined;
}

/** How many MiB were saved; a sentence when it failed, undefined when the user stopped it. */
async function save(
  { deployment, kickoff, target, saver, folder }: Saving,
  progress: vscode.Progress<{ readonly message: string }>,
  cancel: vscode.CancellationToken,
): Promise<number | string | undefined> {
  const abort = new AbortController();
  const listening = cancel.onCancellationRequested(() => abort.abort());
  const part = partOf(target, folder);
  let mebibytes = 0;
  const told = (bytes: number): void => {
    if (bytes < (mebibytes + 1) * mebibyte) return;
    mebibytes = Math.floor(bytes / mebibyte);
    progress.report({ message: t(words.mebibytes, mebibytes) });
  };
  try {
    const why = await saver.save(deployment, kickoff.id, { path: part.fsPath, signal: abort.signal, told });
    if (why && abort.signal.aborted) return undefined;
    if (why) return t(words.answerNotSaved, why === 'missing' ? t(words.missing) : troubleText(why, Date.now(), t));
    await moved(part, target);
    return mebibytes;
  } catch (error) {
    return t(words.fileNotWritten, error instanceof Error && 'code' in error ? String(error.code) : String(error));
  } finally {
    listening.dispose();
  }
}

/** Beside the file at first: what stands there is replaced by nothing but a whole answer. */
function partOf(target: vscode.Uri, folder: vscode.Uri): vscode.Uri {
  const name = `${Date.now()}.part`;
  return target.scheme === 'file' ? target.with({ path: `${target.path}.${name}` }) : vscode.Uri.joinPath(folder, name);
}

async function moved(part: vscode.Uri, target: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.rename(part, target, { overwrite: true });
  } catch (error) {
    await vscode.workspace.fs.delete(part);
    throw error;
  }
}
