import vscode = require('vscode');
import { keyOf } from '#core/history/board';
import { earlierRuns } from '#core/history/kickoffList';
import { hasBody, hasOutput, type Kickoff, type FinishedTask } from '#core/kickoff/kickoff';
import { shortId } from '#core/kickoff/kickoffId';
import { CanceledError, codeOf, UserFacingError } from '#core/lib/errors';
import { defuse } from '#present/cleanText';
import { suggestedFileName } from '#present/documents/documentName';
import { inputComparison } from '#present/inputComparison';
import { lastingName, nameOf } from '#present/names';
import { numberedTaskName } from '#present/rows/taskRow';
import { troubleText } from '#present/troubleText';
import { commandWords } from '#present/words/commandWords';
import { documentWords } from '#present/words/documentWords';
import { words } from '#present/words/words';
import { documentUri, parseDocumentUri } from '#vscode/documents/documentUri';
import { openReport, openText } from '#vscode/documents/openDocument';
import { activeDocumentUri } from '#vscode/documents/openTabs';
import { t } from '#vscode/l10n';
import { askWhereToSave } from '#vscode/prompts/prompts';
import { isNodeOrNull, TaskNode } from '#present/outline/nodes';
import type { CommandParts, TargetOptions } from './arguments';
import { showWithButtons, type Handlers } from './guard';
import { isDocumentUri } from './target';

const bytesPerMebibyte = 1_024 * 1_024;

interface OutputRef {
  readonly kickoff: Kickoff;
  readonly task?: FinishedTask;
}

/** Returns the commands that open, copy, save, and compare outputs and other documents of runs. */
export function outputCommands(parts: CommandParts) {
  const { targetFinder } = parts;
  return {
    openOutput: async (target) => {
      const output = await findOutput(parts, target, { command: 'openOutput' });
      await openText(output.kickoff, documentKind(output));
    },
    openReport: async (target) => openReport(await targetFinder.findKickoff(target, { command: 'openReport' })),
    openRawStatus: async (target) => {
      const kickoff = await targetFinder.findKickoff(target, { command: 'openRawStatus', isTarget: hasBody, message: words.noResponse });
      await openText(kickoff, 'status');
    },
    copyOutput: async (target) => {
      const bytes = await outputBytes(parts, await findOutput(parts, target, { command: 'copyOutput' }));
      await vscode.env.clipboard.writeText(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
      vscode.window.setStatusBarMessage(t(commandWords.outputCopied), 3_000);
    },
    saveOutput: async (target) => {
      const output = await findOutput(parts, target, { command: 'saveOutput' });
      const file = await askWhereToSave(suggestedFileName(output.kickoff, documentKind(output)));
      if (file) await vscode.workspace.fs.writeFile(file, await outputBytes(parts, output));
    },
    saveAnswer: (target) => saveAnswer(parts, target),
    compareWithPrevious: async (target) => {
      const isTarget = (kickoff: Kickoff): boolean => hasOutput(kickoff) && previousOutput(parts, { kickoff }) !== undefined;
      const output = await findOutput(parts, target, { command: 'compareWithPrevious', isTarget, message: commandWords.noPrevious });
      const previous = previousOutput(parts, output);
      if (!previous) throw new UserFacingError(t(output.task ? commandWords.noPreviousTask : commandWords.noPrevious));
      await compare(parts, previous, output);
    },
    compareSelected: (target, selection) => compareSelected(parts, target, selection),
    compareSelectedTasks: (target, selection) => compareSelected(parts, target, selection),
  } satisfies Partial<Handlers>;
}

/** Returns an output as AMP sent it, for the clipboard or a file. The output's document, however, indents JSON that is on one line. */
async function outputBytes({ store, loadAmp }: CommandParts, { kickoff, task }: OutputRef): Promise<Uint8Array> {
  const text = task && (await store.taskOutputs(kickoff)).get(task.position);
  if (text !== undefined) return new TextEncoder().encode(text);
  const body = task ? undefined : await store.body(kickoff);
  const bytes = body && (await (await loadAmp()).reader.document(body, 'exactOutput'));
  if (!bytes) throw new UserFacingError(t(documentWords.answerLost));
  return bytes;
}

/** Downloads a response that is too large to store, and saves it as a file. */
async function saveAnswer(parts: CommandParts, target: unknown): Promise<void> {
  const { loadAmp, board, clock, downloadFolder, targetFinder } = parts;
  const isTarget = (run: Kickoff): boolean => board.troubleOf(run)?.kind === 'tooLarge';
  const kickoff = await targetFinder.findKickoff(target, { command: 'saveAnswer', isTarget, message: commandWords.noneTooLarge });
  const deployment = board.deployment(kickoff.deployment);
  if (!deployment || !isTarget(kickoff)) throw new UserFacingError(t(commandWords.notTooLarge));
  const file = await askWhereToSave(suggestedFileName(kickoff, 'status'), t(words.saveAnswer));
  if (!file) return;

  const title = t(commandWords.savingAnswer, defuse(nameOf(kickoff)));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  let savedMebibytes = 0;
  await vscode.window.withProgress(options, async (progress, cancellation) => {
    const abortController = new AbortController();
    cancellation.onCancellationRequested(() => abortController.abort());
    const onProgress = (bytes: number): void => {
      if (bytes < (savedMebibytes + 1) * bytesPerMebibyte) return;
      savedMebibytes = Math.floor(bytes / bytesPerMebibyte);
      progress.report({ message: t(commandWords.mebibytes, savedMebibytes) });
    };
    const downloadTo = async (path: string): Promise<void> => {
      const problem = await (await loadAmp()).save(deployment, kickoff.id, { path, signal: abortController.signal, onProgress });
      if (problem && abortController.signal.aborted) throw new CanceledError();
      const reason = problem === 'missing' ? t(words.missing) : problem && troubleText(problem, clock.now(), t);
      if (reason !== undefined) throw new UserFacingError(t(commandWords.answerNotSaved, reason));
    };
    const name = `${clock.now()}.part`;
    // Only a complete response replaces an existing file. `downloadTo` needs a local path.
    const temporaryFile = file.scheme === 'file' ? file.with({ path: `${file.path}.${name}` }) : vscode.Uri.joinPath(downloadFolder, name);
    await replaceFile(file, temporaryFile, downloadTo);
  });
  void showWithButtons(parts, t(commandWords.answerSaved, savedMebibytes), {
    [t(commandWords.openSaved)]: () => vscode.commands.executeCommand('vscode.open', file),
  });
}

/** Replaces a file with the temporary file that `write` creates. `write` must leave no file behind if it fails. */
async function replaceFile(file: vscode.Uri, temporaryFile: vscode.Uri, write: (path: string) => Promise<void>): Promise<void> {
  const { fs } = vscode.workspace;
  try {
    await write(temporaryFile.fsPath);
    await fs.rename(temporaryFile, file, { overwrite: true }).then(undefined, async (error: unknown) => {
      await fs.delete(temporaryFile);
      throw error;
    });
  } catch (error) {
    const code = codeOf(error);
    throw code === undefined ? error : new UserFacingError(t(commandWords.fileNotWritten, code));
  }
}

/** Compares two selected outputs, either of two runs or of two tasks. The output of the run that was tracked first is on the left. */
async function compareSelected(parts: CommandParts, target: unknown, selection: unknown): Promise<void> {
  const selectedOutputs = targetsToCompare(parts, target, selection).flatMap((row) => outputOf(parts, row) ?? []);
  const outputs = target === undefined && selectedOutputs.length < 2 ? await chooseTwoOutputs(parts) : selectedOutputs;
  const [one, other, ...more] = outputs.toSorted((a, b) => a.kickoff.trackedAt - b.kickoff.trackedAt);
  if (!one || !other || more.length > 0 || !one.task !== !other.task)
    throw new UserFacingError(t(target instanceof TaskNode ? commandWords.selectTwoTasks : commandWords.selectTwo));
  await compare(parts, one, other);
}

/** Opens a comparison of two outputs that differ. Shows a message if they are identical, and about their runs' inputs if any are known. */
async function compare(parts: CommandParts, one: OutputRef, other: OutputRef): Promise<void> {
  const areDifferent = await openComparison(one, other);
  const comparison = await compareInputs(parts, one.kickoff, other.kickoff);
  if (!comparison) {
    if (!areDifferent) void vscode.window.showInformationMessage(t(commandWords.identical));
    return;
  }
  const message = areDifferent ? comparison.message : t(commandWords.identicalAndInputs, comparison.message);
  const openButton = { [t(commandWords.compareInputs)]: () => openInputComparison(one.kickoff, other.kickoff) };
  void showWithButtons(parts, message, comparison.areInputsSame ? {} : openButton);
}

/** Compares the inputs of two runs. Returns `undefined` if both are the same run, or if neither run has known inputs. */
async function compareInputs({ store, clock }: CommandParts, one: Kickoff, other: Kickoff) {
  if (keyOf(one) === keyOf(other)) return undefined;
  const [name, otherName] = distinctNames({ kickoff: one }, { kickoff: other });
  const [inputs, otherInputs] = await Promise.all([store.inputs(one), store.inputs(other)]);
  return inputComparison({ kickoff: one, name, inputs }, { kickoff: other, name: otherName, inputs: otherInputs }, clock.now(), t);
}

/** Asks for two runs, because a user can call the command from the Command Palette without selecting rows. */
async function chooseTwoOutputs({ board, targetFinder }: CommandParts): Promise<readonly OutputRef[]> {
  if (board.kickoffs.filter(hasOutput).length < 2) throw new UserFacingError(t(commandWords.tooFewToCompare));
  const command = 'compareSelected';
  const first = await targetFinder.findKickoff(undefined, { command, isTarget: hasOutput });
  const isTarget = (kickoff: Kickoff): boolean => hasOutput(kickoff) && kickoff !== first;
  const second = await targetFinder.findKickoff(undefined, { command, isTarget, placeholder: commandWords.whichToCompare });
  return [{ kickoff: first }, { kickoff: second }];
}

/** Returns the targets to compare. Instead of a single row, uses the view's selection, because VS Code passes an unselected row alone. */
function targetsToCompare({ view }: CommandParts, target: unknown, selection: unknown): readonly unknown[] {
  if (Array.isArray(selection) && selection.length > 1) return selection;
  return target === undefined || isNodeOrNull(target) ? view.selection : [target];
}

/** Returns the newest earlier output at the same deployment. Tasks match by name, or by position if they have no name. */
function previousOutput({ board }: CommandParts, { kickoff, task }: OutputRef): OutputRef | undefined {
  const runs = earlierRuns(board, kickoff);
  if (!task) return runs.filter(hasOutput).map((one) => ({ kickoff: one }))[0];
  const isMatch = (one: FinishedTask): boolean =>
    one.hasOutput && (task.name === '' ? one.position === task.position : one.name === task.name);
  return runs.flatMap((one) => one.tasks.filter(isMatch).map((match) => ({ kickoff: one, task: match })))[0];
}

/** Returns the output of a target: of its task if it identifies a task, or else of its run. */
function outputOf({ targetFinder }: CommandParts, target: unknown): OutputRef | undefined {
  const kickoff = targetFinder.trackedRun(target);
  const position = taskPosition(target);
  if (!kickoff) return undefined;
  if (position === undefined) return hasOutput(kickoff) ? { kickoff } : undefined;
  const task = kickoff.tasks.find((one) => one.hasOutput && one.position === position);
  return task && { kickoff, task };
}

/** Returns the output of the target, or without a target, of the active document or a run that the user selects. */
async function findOutput(parts: CommandParts, target: unknown, options: TargetOptions<Kickoff>): Promise<OutputRef> {
  const source = target ?? activeDocumentUri();
  const taskOutput = taskPosition(source) === undefined ? undefined : outputOf(parts, source);
  if (taskOutput) return taskOutput;
  const kickoff = await parts.targetFinder.findKickoff(target, { isTarget: hasOutput, message: words.noOutput, ...options });
  if (taskPosition(target) !== undefined || !hasOutput(kickoff)) throw new UserFacingError(t(words.noOutput));
  return { kickoff };
}

/** Returns the position of the task if the target is a task's row or document. */
function taskPosition(target: unknown): number | undefined {
  if (target instanceof TaskNode) return target.position;
  const kind = isDocumentUri(target) ? parseDocumentUri(target)?.kind : undefined;
  return typeof kind === 'object' ? kind.taskPosition : undefined;
}

function documentKind({ task }: OutputRef): 'output' | { readonly taskPosition: number } {
  return task ? { taskPosition: task.position } : 'output';
}

function outputName({ kickoff, task }: OutputRef): string {
  const runName = lastingName(kickoff);
  return defuse(task ? t(commandWords.taskOfRun, runName, numberedTaskName(task, t)) : runName);
}

/** Returns the names of two outputs. If two runs have the same name, for example their first input, adds their short IDs. */
function distinctNames(one: OutputRef, other: OutputRef): readonly [string, string] {
  const names = [outputName(one), outputName(other)] as const;
  if (names[0] !== names[1] || keyOf(one.kickoff) === keyOf(other.kickoff)) return names;
  const nameWithId = ({ kickoff: { id } }: OutputRef, name: string) => t(words.nameAndId, name, shortId(id));
  return [nameWithId(one, names[0]), nameWithId(other, names[1])];
}

/** Compares two outputs in a diff editor, with sorted members if both are runs' JSON outputs. If they are identical, only returns false. */
async function openComparison(one: OutputRef, other: OutputRef): Promise<boolean> {
  const areJson = [one, other].every(({ kickoff, task }) => !task && kickoff.output === 'json');
  const uriOf = (output: OutputRef): vscode.Uri => documentUri(output.kickoff, areJson ? 'sorted' : documentKind(output));
  const [left, right] = [uriOf(one), uriOf(other)];
  const [leftBytes, rightBytes] = [await vscode.workspace.fs.readFile(left), await vscode.workspace.fs.readFile(right)];
  if (Buffer.compare(leftBytes, rightBytes) === 0) return false;
  await vscode.commands.executeCommand('vscode.diff', left, right, t(commandWords.compareTitle, ...distinctNames(one, other)));
  return true;
}

/** Opens a comparison of two runs' inputs. Its tab isn't a preview, because a preview would replace the comparison of the outputs. */
async function openInputComparison(one: Kickoff, other: Kickoff): Promise<void> {
  const title = t(commandWords.compareInputsTitle, ...distinctNames({ kickoff: one }, { kickoff: other }));
  const [left, right] = [documentUri(one, 'inputs'), documentUri(other, 'inputs')];
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: false });
}
