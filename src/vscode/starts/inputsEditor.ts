import vscode = require('vscode');
import type { Deployment } from '#core/kickoff/deployment';
import { UserFacingError } from '#core/lib/errors';
import type { RunInputs } from '#core/starts/attempt';
import { fileName } from '#present/documents/documentName';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { defaultFolder } from '#vscode/prompts/prompts';
import { inputsEnding, inputsText, type Mistake } from './inputsDocument';

/** The maximum number of characters in a file with inputs. */
const longestFile = 1_048_576;
/** The maximum number of characters that are selected when a file opens. */
const longestSelection = 60;

/** The mistakes that VS Code underlines in files, and lists in its Problems view. */
const problems = vscode.languages.createDiagnosticCollection('crewaiKickoffs');

/** Opens an unsaved file with the inputs of a run. VS Code names an unsaved file by its path, so the path must be unused. */
export async function openInputsFile(deployment: Deployment, run: RunInputs): Promise<void> {
  const uri = await unusedUri(fileName(deployment.label));
  const document = await vscode.workspace.openTextDocument(uri);
  const { text, firstValue } = inputsText(deployment, run);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, new vscode.Position(0, 0), text);
  await vscode.workspace.applyEdit(edit);
  const [start, end] = firstValue.map((offset) => document.positionAt(offset)) as [vscode.Position, vscode.Position];
  // Selecting up to the end of a long value would scroll the names out of view.
  const isLong = end.character - start.character > longestSelection;
  await vscode.window.showTextDocument(document, { preview: false, selection: new vscode.Range(start, isLong ? start : end) });
}

/** Returns the URI of the active editor's file if it is a file with inputs. */
export function activeInputsFile(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.path.endsWith(inputsEnding) ? uri : undefined;
}

/** Returns the text of a file with inputs, and removes its underlines. */
export async function readInputsFile(uri: vscode.Uri): Promise<string> {
  problems.delete(uri);
  const text = (await vscode.workspace.openTextDocument(uri)).getText();
  if (text.length > longestFile) throw new UserFacingError(t(commandWords.inputsFileTooLarge));
  return text;
}

/** Underlines mistakes until the file changes or closes, and moves the caret to the first one. Returns an error with all mistakes. */
export async function showMistakes(uri: vscode.Uri, mistakes: readonly Mistake[]): Promise<UserFacingError> {
  const document = await vscode.workspace.openTextDocument(uri);
  underline(document, mistakes);
  const lines = mistakes.map(({ offset, message }) => t(commandWords.inputsFileWrong, document.positionAt(offset).line + 1, message));
  const [first] = mistakes;
  if (first) {
    const position = document.positionAt(first.offset);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(position, position) });
  }
  return new UserFacingError([t(commandWords.noRunStarted), ...lines].join(' '));
}

/** Underlines the word at each mistake until the document changes or closes. */
function underline(document: vscode.TextDocument, mistakes: readonly Mistake[]): void {
  const diagnostics = mistakes.map(({ offset, message }) => {
    const position = document.positionAt(offset);
    const range = document.getWordRangeAtPosition(position, /"[^"]*"|\S+/) ?? new vscode.Range(position, position);
    return new vscode.Diagnostic(range, message);
  });
  problems.set(document.uri, diagnostics);
  const clear = (): void => {
    problems.delete(document.uri);
    listening.dispose();
  };
  const listening = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document: changed, contentChanges }) => {
      if (changed === document && contentChanges.length > 0) clear();
    }),
    vscode.workspace.onDidCloseTextDocument((closed) => {
      if (closed === document) clear();
    }),
  );
}

/** Returns the URI of a new unsaved file. Adds a number if a file with this name exists or is open. */
async function unusedUri(name: string): Promise<vscode.Uri> {
  const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.path));
  for (let count = 1; ; count += 1) {
    const file = vscode.Uri.joinPath(defaultFolder(), `${name}${count === 1 ? '' : ` ${count}`}${inputsEnding}`);
    const exists = await vscode.workspace.fs.stat(file).then(
      () => true,
      () => false,
    );
    if (!exists && !open.has(file.path)) return file.with({ scheme: 'untitled' });
  }
}
