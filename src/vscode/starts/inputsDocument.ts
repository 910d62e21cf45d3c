import { createScanner, findNodeAtLocation, getNodeValue, parseTree, type Node, type ParseError } from 'jsonc-parser/lib/esm/main.js';
import vscode = require('vscode');
import { deploymentByUrlOrLabel, type KickoffList } from '#core/history/kickoffList';
import type { Deployment } from '#core/kickoff/deployment';
import { kickoffId } from '#core/kickoff/kickoffId';
import { UserFacingError } from '#core/lib/errors';
import { trimEnd } from '#core/lib/trimEnd';
import type { Inputs, RunInputs } from '#core/starts/attempt';
import { clean } from '#present/cleanText';
import { safeFileName } from '#present/documents/documentName';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { defaultFolder } from '#vscode/prompts/prompts';

/** The ending of the names of files with inputs. `package.json` contains the ending, too. */
const inputsEnding = '.inputs.jsonc';

/** The content of a file with the inputs of a run: `{ "deployment": …, "inputs": { … } }`, with comments. */
export interface InputsFileContent extends RunInputs {
  /** The URL or label of the deployment. */
  readonly deployment: string;
}

/** Matches lines of at most 64 characters in a comment, which fit in an editor beside a minimap. A longer word is a line of its own. */
const commentLinePattern = /.{1,64}(?:\s|$)|\S+/g;

/** The maximum number of mistakes of one kind in a message. */
const maxMistakes = 5;

/** The maximum number of nested objects and lists. */
const maxDepth = 500;

const maxFileLength = 1_048_576;
/** The maximum number of characters that are selected when a file opens. */
const maxSelectionLength = 60;

/** A mistake in a file with inputs. */
export interface Mistake {
  /** The mistake's position in UTF-16 code units from the start of the file. */
  readonly offset: number;
  readonly message: string;
}

/** Returns the text of a file with inputs, and the offsets of the start and the end of the first value, without quotation marks. */
export function inputsFileText(deployment: Deployment, { inputs, continues }: RunInputs) {
  const comments = [
    t(commandWords.inputsFileTitle, clean(deployment.label)),
    t(commandWords.inputsFileHelp),
    t(commandWords.inputsFileSaved),
  ];
  const content = { deployment: deployment.url, ...(continues !== undefined && { restoreFromStateId: continues }), inputs };
  const lines = comments.flatMap((text) => clean(text, 300).match(commentLinePattern) ?? []);
  const text = `${lines.map((line) => `// ${line.trim()}\n`).join('')}${JSON.stringify(content, undefined, 2)}\n`;
  const [firstName] = Object.keys(inputs);
  const root = parseTree(text);
  const value = root && firstName !== undefined ? findNodeAtLocation(root, ['inputs', firstName]) : undefined;
  if (!value) return { text, firstValueRange: [text.length, text.length] };
  const quoteLength = Number(value.type === 'string');
  return { text, firstValueRange: [value.offset + quoteLength, value.offset + value.length - quoteLength] };
}

/** Parses a file with inputs. Returns its content, or its mistakes. */
export function parseInputsFile(text: string): {
  readonly content?: InputsFileContent;
  readonly mistakes: readonly Mistake[];
  readonly root?: Node;
} {
  if (isTooDeep(text)) return { mistakes: [{ offset: 0, message: t(commandWords.inputsFileTooDeep) }] };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) return { mistakes: [{ offset: error.offset, message: t(commandWords.inputsFileNotJson) }] };
  const [deploymentNode, inputsNode, continuesNode] = ['deployment', 'inputs', 'restoreFromStateId'].map(
    (name) => root && findNodeAtLocation(root, [name]),
  );
  const id: unknown = continuesNode && getNodeValue(continuesNode);
  const stateId = typeof id === 'string' ? kickoffId(id) : undefined;
  const longNumbers = (inputsNode ? numberNodesIn(inputsNode) : []).filter((node) => !isExact(text, node)).slice(0, maxMistakes);
  const checks: readonly (readonly [isRight: boolean, node: Node | undefined, message: string])[] = [
    [root?.type === 'object', root, commandWords.inputsFileNoObject],
    [deploymentNode?.type === 'string', deploymentNode, commandWords.inputsFileNoDeployment],
    [inputsNode?.type === 'object', inputsNode, commandWords.inputsFileNoInputs],
    [!continuesNode || stateId !== undefined, continuesNode, commandWords.inputsFileWrongState],
    ...longNumbers.map((node) => [false, node, commandWords.inputsFileLongNumber] as const),
  ];
  const mistakes = checks.flatMap(([isRight, node, message]) => (isRight ? [] : [{ offset: node?.offset ?? 0, message: t(message) }]));
  if (mistakes.length > 0 || !root || !deploymentNode || !inputsNode) return { mistakes };
  const values = getNodeValue(inputsNode) as Inputs;
  return {
    content: { deployment: String(getNodeValue(deploymentNode)), inputs: values, ...(stateId !== undefined && { continues: stateId }) },
    mistakes: [],
    root,
  };
}

/** Returns mistakes for missing and for unknown names. The name `id` is always optional. */
export function nameMistakes(root: Node, inputs: Inputs, names: readonly string[]): readonly Mistake[] {
  const offsetOf = (path: readonly string[]): number => findNodeAtLocation(root, [...path])?.parent?.offset ?? 0;
  const missingNames = names.filter((name) => name !== 'id' && !Object.hasOwn(inputs, name)).slice(0, maxMistakes);
  const unknownNames = [...new Set(Object.keys(inputs)).difference(new Set(['id', ...names]))].slice(0, maxMistakes);
  return [
    ...missingNames.map((name) => ({ offset: offsetOf(['inputs']), message: t(commandWords.inputsFileMissing, clean(name)) })),
    ...unknownNames.map((name) => ({ offset: offsetOf(['inputs', name]), message: t(commandWords.inputsFileUnknown, clean(name)) })),
  ];
}

/** Whether JSON has so many levels that recursive functions, also those of other libraries, would exceed the call stack. */
function isTooDeep(text: string): boolean {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (scanner.scan(); depth <= maxDepth && scanner.getTokenOffset() < text.length; scanner.scan()) {
    const first = text.charAt(scanner.getTokenOffset());
    depth += Number(first === '{' || first === '[') - Number(first === '}' || first === ']');
  }
  return depth > maxDepth;
}

function numberNodesIn(node: Node): readonly Node[] {
  return node.type === 'number' ? [node] : (node.children ?? []).flatMap(numberNodesIn);
}

/** Whether JavaScript certainly sends a number unchanged: at most 15 digits without outer zeros, and far from the limits of doubles. */
function isExact(text: string, { offset, length, value }: Node): boolean {
  const [mantissa = ''] = text.slice(offset, offset + length).split(/e/i);
  const digits = trimEnd(mantissa.replace(/\D/g, '').replace(/^0+/, ''), /0/);
  const size = Math.abs(Number(value));
  return digits === '' || (digits.length <= 15 && size > 1e-300 && size < 1e300);
}

/** Opens an unsaved file with the inputs of a run. VS Code names an unsaved file by its path, so the path must be unused. */
export async function openInputsFile(deployment: Deployment, run: RunInputs): Promise<void> {
  const uri = await unusedUri(safeFileName(deployment.label));
  const document = await vscode.workspace.openTextDocument(uri);
  const { text, firstValueRange } = inputsFileText(deployment, run);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, new vscode.Position(0, 0), text);
  await vscode.workspace.applyEdit(edit);
  const [start, end] = firstValueRange.map((offset) => document.positionAt(offset)) as [vscode.Position, vscode.Position];
  // Selecting up to the end of a long value would scroll the names out of view.
  const isLong = end.character - start.character > maxSelectionLength;
  await vscode.window.showTextDocument(document, { preview: false, selection: new vscode.Range(start, isLong ? start : end) });
}

/** Returns the URI of the active editor's file if it is a file with inputs. */
export function activeInputsFile(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.path.endsWith(inputsEnding) ? uri : undefined;
}

/** Returns a file's inputs and the deployment for them. If the file has mistakes, throws an error that lists them. */
export async function checkInputsFile(
  uri: vscode.Uri,
  board: KickoffList,
  readInputNames: (deployment: Deployment) => Promise<readonly string[]>,
): Promise<{ readonly deployment: Deployment; readonly content: InputsFileContent }> {
  const text = (await vscode.workspace.openTextDocument(uri)).getText();
  if (text.length > maxFileLength) throw new UserFacingError(t(commandWords.inputsFileTooLarge));
  const { content, root, mistakes } = parseInputsFile(text);
  if (!content || !root) throw await showMistakes(uri, mistakes);
  const deployment = deploymentByUrlOrLabel(board, content.deployment);
  if (!deployment) {
    const { offset = 0 } = findNodeAtLocation(root, ['deployment']) ?? {};
    throw await showMistakes(uri, [{ offset, message: t(commandWords.unknownDeployment) }]);
  }
  const inputMistakes = nameMistakes(root, content.inputs, await readInputNames(deployment));
  if (inputMistakes.length > 0) throw await showMistakes(uri, inputMistakes);
  return { deployment, content };
}

/** Moves the cursor to the first mistake. Returns an error with all mistakes. */
async function showMistakes(uri: vscode.Uri, mistakes: readonly Mistake[]): Promise<UserFacingError> {
  const document = await vscode.workspace.openTextDocument(uri);
  const lines = mistakes.map(({ offset, message }) => t(commandWords.inputsFileWrong, document.positionAt(offset).line + 1, message));
  const [first] = mistakes;
  if (first) {
    const position = document.positionAt(first.offset);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(position, position) });
  }
  return new UserFacingError([t(commandWords.noRunStarted), ...lines].join(' '));
}

/** Returns the URI of a new unsaved file. Adds a number if a file with this name exists or is open. */
async function unusedUri(name: string): Promise<vscode.Uri> {
  const openPaths = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.path));
  for (let number = 1; ; number += 1) {
    const file = vscode.Uri.joinPath(defaultFolder(), `${name}${number === 1 ? '' : ` ${number}`}${inputsEnding}`);
    const exists = await vscode.workspace.fs.stat(file).then(
      () => true,
      () => false,
    );
    if (!exists && !openPaths.has(file.path)) return file.with({ scheme: 'untitled' });
  }
}
