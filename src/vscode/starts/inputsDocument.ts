import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser/lib/esm/main.js';
import type { Deployment } from '#core/kickoff/deployment';
import { kickoffId } from '#core/kickoff/kickoffId';
import type { Inputs, RunInputs } from '#core/starts/attempt';
import { clean } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';

/** The ending of the names of files with inputs. `package.json` contains the ending, too. */
export const inputsEnding = '.inputs.jsonc';

/** A file with the inputs of a run: `{ "deployment": …, "inputs": { … } }`, with comments. */
export interface InputsDocument extends RunInputs {
  /** The URL or label of the deployment. */
  readonly deployment: string;
}

/** Matches lines of at most 64 characters in a comment, which fit in an editor beside a minimap. A longer word is a line of its own. */
const commentLine = /.{1,64}(?:\s|$)|\S+/g;

/** The maximum number of mistakes of one kind in a message. */
const mostMistakes = 5;

/** A mistake in a file with inputs. */
export interface Mistake {
  /** The mistake's position in UTF-16 code units from the start of the file. */
  readonly offset: number;
  readonly message: string;
}

/** Returns the text of a file with inputs, and the offsets of the start and the end of the first value, without quotation marks. */
export function inputsText(
  deployment: Deployment,
  { inputs, continues }: RunInputs,
): { readonly text: string; readonly firstValue: readonly [start: number, end: number] } {
  const comments = [
    t(commandWords.inputsFileTitle, clean(deployment.label)),
    t(commandWords.inputsFileHelp),
    t(commandWords.inputsFileSaved),
  ];
  const content = { deployment: deployment.url, ...(continues !== undefined && { restoreFromStateId: continues }), inputs };
  const lines = comments.flatMap((text) => clean(text, 300).match(commentLine) ?? []);
  const text = `${lines.map((line) => `// ${line.trim()}\n`).join('')}${JSON.stringify(content, undefined, 2)}\n`;
  const [first] = Object.keys(inputs);
  const root = parseTree(text);
  const value = root && first !== undefined ? findNodeAtLocation(root, ['inputs', first]) : undefined;
  if (!value) return { text, firstValue: [text.length, text.length] };
  const quotationMark = Number(value.type === 'string');
  return { text, firstValue: [value.offset + quotationMark, value.offset + value.length - quotationMark] };
}

/** Parses a file with inputs. Returns its content, or its mistakes. */
export function parseInputs(text: string): {
  readonly document?: InputsDocument;
  readonly mistakes: readonly Mistake[];
  readonly root?: Node;
} {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error)
    return { mistakes: [{ offset: error.offset, message: t(commandWords.inputsFileNotJson, wordsOf(printParseErrorCode(error.error))) }] };
  const [deployment, inputs, continues] = ['deployment', 'inputs', 'restoreFromStateId'].map(
    (name) => root && findNodeAtLocation(root, [name]),
  );
  const id: unknown = continues && getNodeValue(continues);
  const stateId = typeof id === 'string' ? kickoffId(id) : undefined;
  const longNumbers = (inputs ? numbersIn(inputs) : []).filter((node) => !isExact(text, node)).slice(0, mostMistakes);
  const checks: readonly (readonly [isRight: boolean, node: Node | undefined, message: string])[] = [
    [root?.type === 'object', root, commandWords.inputsFileNoObject],
    [deployment?.type === 'string', deployment, commandWords.inputsFileNoDeployment],
    [inputs?.type === 'object', inputs, commandWords.inputsFileNoInputs],
    [!continues || stateId !== undefined, continues, commandWords.inputsFileWrongState],
    ...longNumbers.map((node) => [false, node, commandWords.inputsFileLongNumber] as const),
  ];
  const mistakes = checks.flatMap(([isRight, node, message]) => (isRight ? [] : [{ offset: node?.offset ?? 0, message: t(message) }]));
  if (mistakes.length > 0 || !root || !deployment || !inputs) return { mistakes };
  const values = getNodeValue(inputs) as Inputs;
  return {
    document: { deployment: String(getNodeValue(deployment)), inputs: values, ...(stateId !== undefined && { continues: stateId }) },
    mistakes: [],
    root,
  };
}

/** Returns the mistake of a file whose deployment isn't in the list. */
export function deploymentMistake(root: Node): Mistake {
  return { offset: findNodeAtLocation(root, ['deployment'])?.offset ?? 0, message: t(commandWords.unknownDeployment) };
}

/** Returns mistakes for missing and for unknown names. The name `id` is always optional. */
export function nameMistakes(root: Node, inputs: Inputs, names: readonly string[]): readonly Mistake[] {
  const offsetOf = (path: readonly string[]): number => findNodeAtLocation(root, [...path])?.parent?.offset ?? 0;
  const missing = names.filter((name) => name !== 'id' && !Object.hasOwn(inputs, name)).slice(0, mostMistakes);
  const known = new Set(['id', ...names]);
  const unknown = Object.keys(inputs)
    .filter((name) => !known.has(name))
    .slice(0, mostMistakes);
  return [
    ...missing.map((name) => ({ offset: offsetOf(['inputs']), message: t(commandWords.inputsFileMissing, clean(name)) })),
    ...unknown.map((name) => ({ offset: offsetOf(['inputs', name]), message: t(commandWords.inputsFileUnknown, clean(name)) })),
  ];
}

function numbersIn(node: Node): readonly Node[] {
  return node.type === 'number' ? [node] : (node.children ?? []).flatMap(numbersIn);
}

/** Whether JavaScript certainly sends a number unchanged. It has at most 15 digits without outer zeros, and isn't too large. */
function isExact(text: string, { offset, length, value }: Node): boolean {
  const digits = text
    .slice(offset, offset + length)
    .replace(/e.*$/i, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '');
  return digits.length <= 15 && Number.isFinite(value);
}

/** Returns the words of an error code, for example `comma expected` for `CommaExpected`. */
function wordsOf(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
