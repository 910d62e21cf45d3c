import vscode = require('vscode');
import type { CommandName } from '#contributions';
import { keyOf } from '#core/history/board';
import { earlierRuns } from '#core/history/kickoffList';
import { hasBody, type Kickoff, type TaskSeen } from '#core/kickoff/kickoff';
import { shortId } from '#core/kickoff/kickoffId';
import { UserFacingError } from '#core/lib/errors';
import { plain } from '#present/cleanText';
import { savedName } from '#present/documents/documentName';
import { inputComparison, type InputComparison } from '#present/inputComparison';
import { lastingName } from '#present/names';
import { numberedTask } from '#present/rows/taskRow';
import { commandWords } from '#present/words/commandWords';
import { documentWords } from '#present/words/documentWords';
import { words } from '#present/words/words';
import { documentUri, parseDocumentUri } from '#vscode/documents/documentUri';
import { openOutput, openRawStatus, openReport } from '#vscode/documents/openDocument';
import { activeDocument } from '#vscode/documents/openTabs';
import { t } from '#vscode/l10n';
import { askForFile } from '#vscode/prompts/prompts';
import { isRow, TaskNode } from '#present/outline/nodes';
import type { CommandParts, Offer } from './arguments';
import { saveAnswer } from './downloadCommand';
import { offer, type Handlers } from './guard';
import { isDocument } from './target';

interface Output {
  readonly kickoff: Kickoff;
  readonly task?: TaskSeen;
}

/** Returns the commands that open, copy, save, and compare outputs and other documents of runs. */
export function outputCommands(parts: CommandParts) {
  const { find } = parts;
  return {
    openOutput: async (target) => {
      const output = await findOutput(parts, target, 'openOutput');
      if (output.task) await vscode.commands.executeCommand('vscode.open', uriOf(output));
      else await openOutput(output.kickoff);
    },
    openReport: async (target) => openReport(await find.kickoff(target, { command: 'openReport' })),
    openRawStatus: async (target) =>
      openRawStatus(await find.kickoff(target, { command: 'openRawStatus', suits: hasBody, none: words.noResponse })),
    copyOutput: async (target) => {
      const bytes = await exactBytes(parts, await findOutput(parts, target, 'copyOutput'));
      await vscode.env.clipboard.writeText(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
      vscode.window.setStatusBarMessage(t(commandWords.outputCopied), 3_000);
    },
    saveOutput: async (target) => {
      const output = await findOutput(parts, target, 'saveOutput');
      const file = await askForFile(savedName(output.kickoff, kindOf(output)));
      if (file) await vscode.workspace.fs.writeFile(file, await exactBytes(parts, output));
    },
    saveAnswer: (target) => saveAnswer(parts, target),
    compareWithPrevious: async (target) => {
      const suits = (kickoff: Kickoff): boolean => hasOutput(kickoff) && previousOutput(parts, { kickoff }) !== undefined;
      const output = await findOutput(parts, target, 'compareWithPrevious', { suits, none: commandWords.noPrevious });
      const previous = previousOutput(parts, output);
      if (!previous) throw new UserFacingError(t(output.task ? commandWords.noPreviousTask : commandWords.noPrevious));
      await compare(parts, previous, output);
    },
    compareSelected: (target, selection) => compareSelected(parts, target, selection),
    compareSelectedTasks: (target, selection) => compareSelected(parts, target, selection),
  } satisfies Partial<Handlers>;
}

/** Returns an output byte for byte. Its document differs, because JSON is indented there. */
async function exactBytes({ store, amp }: CommandParts, { kickoff, task }: Output): Promise<Uint8Array> {
  const body = task ? undefined : await store.body(kickoff);
  const text = task && (await store.taskOutputs(kickoff)).get(task.position);
  const bytes = body
    ? await (await amp()).reader.document(body, 'exactOutput')
    : text === undefined
      ? undefined
      : new TextEncoder().encode(text);
  if (!bytes) throw new UserFacingError(t(documentWords.answerLost));
  return bytes;
}

async function compareSelected(parts: CommandParts, target: unknown, selection: unknown): Promise<void> {
  const selected = selectedRows(parts, target, selection).flatMap((row) => outputOf(parts, row) ?? []);
  const outputs = target === undefined && selected.length < 2 ? await chooseTwo(parts) : selected;
  const [one, other, ...more] = outputs.toSorted((a, b) => a.kickoff.trackedAt - b.kickoff.trackedAt);
  if (!one || !other || more.length > 0 || !one.task !== !other.task)
    throw new UserFacingError(t(target instanceof TaskNode ? commandWords.selectTwoTasks : commandWords.selectTwo));
  await compare(parts, one, other);
}

/** Compares two outputs, and then the inputs of their runs. */
async function compare(parts: CommandParts, one: Output, other: Output): Promise<void> {
  const isDifferent = await openComparison(documentsOf(one, other), t(commandWords.compareTitle, ...namesOf(one, other)));
  const compared = await compareInputs(parts, one.kickoff, other.kickoff);
  if (!compared) {
    if (!isDifferent) void vscode.window.showInformationMessage(t(commandWords.identical));
    return;
  }
  const message = isDifferent ? compared.message : t(commandWords.identicalAndInputs, compared.message);
  const open = { [t(commandWords.compareInputs)]: () => openInputs(one.kickoff, other.kickoff) };
  offer(parts, message, compared.areSame ? {} : open);
}

/** Undefined for two tasks of one run, and for two runs whose inputs aren't known. */
async function compareInputs({ store, clock }: CommandParts, one: Kickoff, other: Kickoff): Promise<InputComparison | undefined> {
  if (keyOf(one) === keyOf(other)) return undefined;
  const [name, otherName] = namesOf({ kickoff: one }, { kickoff: other });
  const [inputs, otherInputs] = await Promise.all([store.inputs(one), store.inputs(other)]);
  return inputComparison({ kickoff: one, name, inputs }, { kickoff: other, name: otherName, inputs: otherInputs }, clock.now(), t);
}

/** Asks for two runs, because a user can call the command from the Command Palette without selecting rows. */
async function chooseTwo({ board, find }: CommandParts): Promise<readonly Output[]> {
  if (board.kickoffs.filter(hasOutput).length < 2) throw new UserFacingError(t(commandWords.tooFewToCompare));
  const command = 'compareSelected';
  const first = await find.kickoff(undefined, { command, suits: hasOutput });
  const suits = (kickoff: Kickoff): boolean => hasOutput(kickoff) && kickoff !== first;
  const second = await find.kickoff(undefined, { command, suits, placeholder: commandWords.whichToCompare });
  return [{ kickoff: first }, { kickoff: second }];
}

/** Returns the selected rows, even for the menu of another row, for which VS Code passes only that row. A program passes its own rows. */
function selectedRows({ view }: CommandParts, target: unknown, selection: unknown): readonly unknown[] {
  if (Array.isArray(selection) && selection.length > 1) return selection;
  return target === undefined || isRow(target) ? view.selection : [target];
}

/** Returns the output of the deployment's previous run that has one. Tasks are matched by name, or by position if they have no name. */
function previousOutput({ board }: CommandParts, { kickoff, task }: Output): Output | undefined {
  const earlier = earlierRuns(board, kickoff);
  if (!task) return earlier.filter(hasOutput).map((one) => ({ kickoff: one }))[0];
  const isSame = (one: TaskSeen): boolean => one.hasOutput && (task.name === '' ? one.position === task.position : one.name === task.name);
  return earlier.flatMap((one) => one.tasks.filter(isSame).map((same) => ({ kickoff: one, task: same })))[0];
}

function outputOf({ find }: CommandParts, target: unknown): Output | undefined {
  const kickoff = find.runOf(target);
  const position = taskOf(target);
  if (!kickoff) return undefined;
  if (position === undefined) return hasOutput(kickoff) ? { kickoff } : undefined;
  const task = kickoff.tasks.find((one) => one.hasOutput && one.position === position);
  return task && { kickoff, task };
}

async function findOutput(
  parts: CommandParts,
  target: unknown,
  command: CommandName,
  offered: Omit<Offer<Kickoff>, 'command'> = { suits: hasOutput, none: words.noOutput },
): Promise<Output> {
  const about = target ?? activeDocument();
  const found = taskOf(about) === undefined ? undefined : outputOf(parts, about);
  if (found) return found;
  const kickoff = await parts.find.kickoff(target, { command, ...offered });
  if (taskOf(target) !== undefined || !hasOutput(kickoff)) throw new UserFacingError(t(words.noOutput));
  return { kickoff };
}

function taskOf(target: unknown): number | undefined {
  if (target instanceof TaskNode) return target.position;
  const kind = isDocument(target) ? parseDocumentUri(target)?.kind : undefined;
  return typeof kind === 'object' ? kind.task : undefined;
}

function hasOutput({ output }: Kickoff): boolean {
  return output !== undefined;
}

function kindOf({ task }: Output): 'output' | { readonly task: number } {
  return task ? { task: task.position } : 'output';
}

function uriOf(output: Output): vscode.Uri {
  return documentUri(output.kickoff, kindOf(output));
}

function nameOfOutput({ kickoff, task }: Output): string {
  const run = lastingName(kickoff);
  return plain(task ? t(commandWords.taskOfRun, run, numberedTask(task, t)) : run);
}

/** Two runs with the same input have the same name, so their names contain their short IDs. */
function namesOf(one: Output, other: Output): readonly [string, string] {
  const names = [nameOfOutput(one), nameOfOutput(other)] as const;
  if (names[0] !== names[1] || keyOf(one.kickoff) === keyOf(other.kickoff)) return names;
  const withId = ({ kickoff: { id } }: Output, name: string) => t(commandWords.nameAndId, name, shortId(id));
  return [withId(one, names[0]), withId(other, names[1])];
}

/** If both are JSON outputs of runs, returns documents with sorted members. */
function documentsOf(one: Output, other: Output): readonly [vscode.Uri, vscode.Uri] {
  const isJson = [one, other].every(({ kickoff, task }) => !task && kickoff.output === 'json');
  const uri = (output: Output) => (isJson ? documentUri(output.kickoff, 'sorted') : uriOf(output));
  return [uri(one), uri(other)];
}

/** Shows two documents side by side. If they are identical, opens nothing and returns false. */
async function openComparison([left, right]: readonly [vscode.Uri, vscode.Uri], title: string): Promise<boolean> {
  const [leftBytes, rightBytes] = [await vscode.workspace.fs.readFile(left), await vscode.workspace.fs.readFile(right)];
  if (Buffer.compare(leftBytes, rightBytes) === 0) return false;
  await vscode.commands.executeCommand('vscode.diff', left, right, title);
  return true;
}

/** Opens the comparison in a tab that stays, because a preview tab would replace the comparison of the outputs. */
async function openInputs(one: Kickoff, other: Kickoff): Promise<void> {
  const title = t(commandWords.compareInputsTitle, ...namesOf({ kickoff: one }, { kickoff: other }));
  const [left, right] = [documentUri(one, 'inputs'), documentUri(other, 'inputs')];
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: false });
}
