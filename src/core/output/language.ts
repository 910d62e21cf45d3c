import { isJsonContainer, isJsonStart, isJsonString, looksLikeJson } from '#core/lib/json';
import { delimitedRows, delimiters, type Delimiter } from './delimited';
import { contentOf, withoutColors, withoutMark } from './content';
import { codeLanguage, isProse } from './languageCode';
import type { OutputFormat } from './outputFormats';
import { settingsIn } from './settings';

/** The limits of a sample. Larger texts are judged by parts, and longer lines by their start, to limit the cost. */
const mostCharacters = 160_000;
const mostLines = 800;
const mostOfLine = 400;

const mostParsed = 262_144;

interface Sample {
  readonly whole: string;
  /** The start and the end of a large text, and all of any other text. */
  readonly text: string;
  /** The lines, truncated to `mostOfLine` characters. `filled` contains the nonblank lines without indentation. */
  readonly lines: readonly string[];
  readonly filled: readonly string[];
  readonly marks: Marks;
}

/** In this order, the first rule that recognizes a text decides. */
const rules: readonly ((sample: Sample) => OutputFormat | false | undefined)[] = [
  ({ filled }) => isJsonLines(filled) && 'jsonl',
  ({ filled }) => isGitLog(filled) && 'log',
  ({ marks }) => marks.fences > 0 && 'markdown',
  markupIn,
  ({ lines }) => isDiff(lines) && 'diff',
  ({ whole }) => tableIn(whole),
  ({ filled }) => isLog(filled) && 'log',
  ({ lines, marks }) => marks.certain === 0 && settingsIn(lines),
  ({ filled, marks }) => marks.titles === 0 && codeLanguage(filled),
  ({ marks }) => marks.certain > 0 && 'markdown',
  ({ lines }) => isAligned(lines) && 'preformatted',
  ({ filled, marks }) => marks.possible >= (filled.some(hasLiterals) ? 2 : 1) && 'markdown',
  ({ filled }) => isDump(filled) && 'preformatted',
];

/** Returns the language of a text. When in doubt, returns `plain`, which is shown as it is. */
export function languageOf(marked: string): OutputFormat {
  const text = withoutMark(marked);
  if (isJson(text)) return 'json';
  if (isJsonString(text)) return 'plain';
  const sample = sampleOf(text);
  for (const rule of rules) {
    const language = rule(sample);
    if (language) return language;
  }
  return 'plain';
}

/** Languages whose editors fetch schemas and pictures that a text names, even outside of the content, or that reject other text. */
const strict = new Set<OutputFormat>(['yaml', 'toml', 'html', 'xml', 'svg', 'json', 'jsonl']);

/** Returns the language of a text's content, which determines the file extension. For example, a JSON string with Markdown is Markdown. */
export function contentLanguage(text: string): OutputFormat {
  const { text: inside, isWhole } = contentOf(text);
  const language = languageOf(inside);
  if (isWhole || !strict.has(language)) return language;
  return language === 'json' && isJsonString(text) ? 'json' : 'plain';
}

function isJson(text: string): boolean {
  return text.length <= mostParsed ? isJsonContainer(text) : looksLikeJson(text) && isJsonStart(text, mostParsed);
}

function isJsonLines(filled: readonly string[]): boolean {
  return filled.length > 1 && filled.every((line) => (line.length >= mostOfLine ? /^[[{]["[{]/.test(line) : isJsonContainer(line)));
}

function sampleOf(text: string): Sample {
  const taken = text.length <= mostCharacters ? text : startOf(text, mostCharacters / 2) + endOf(text, mostCharacters / 2);
  const all = withoutColors(taken).split(/\r\n|\r|\n/);
  const lines = (all.length <= mostLines ? all : [...all.slice(0, mostLines / 2), ...all.slice(-mostLines / 2)]).map((line) =>
    line.slice(0, mostOfLine),
  );
  return {
    whole: text,
    text: taken,
    lines,
    filled: lines.map((line) => line.trim()).filter((line) => line !== ''),
    marks: markdownMarks(lines),
  };
}

/** Drops the last line, which can be incomplete. */
function startOf(text: string, length: number): string {
  return text.slice(0, length).replace(/\n[^\n]*$/, '\n');
}

/** Drops the first line, which can be incomplete. */
function endOf(text: string, length: number): string {
  const end = text.slice(-length);
  return end.slice(end.indexOf('\n') + 1);
}

interface Marks {
  readonly fences: number;
  readonly certain: number;
  readonly possible: number;
  /** Headings below the first level with blank lines around them, which comments in code usually lack. */
  readonly titles: number;
}

const heading = /^##+ /;
const bold = /(?<!\w)\*\*[^\s*][^*]*\*\*/;
const link = /\]\((?:http|mailto:|#|\/)/;
const formula = /\\\(.*\\\)|\$[^$]*[\\^_=][^$]*\$(?!\w)/;
/** Matches a fence. Other lines of tildes underline titles, or parts of the code in a stack trace. */
const fence = /^(?:```|~~~\w*$)/;

/** Features that other texts have too. Two points are enough, or one point if Markdown would hide no characters of the text. */
const possible: readonly { readonly points: number; readonly isIn: (line: string, before: string, after: string) => boolean }[] = [
  // A comment in code begins with `# `, too, but has rarely a blank line above it, and often another comment below.
  { points: 2, isIn: (line, before, after) => line.startsWith('# ') && before === '' && !after.startsWith('#') },
  { points: 2, isIn: (line) => line === '$$' || line === '\\[' },
  // After a quotation, `- x` can be the name of an author.
  { points: 1, isIn: (line, before) => /^(?:[-*+]|\d\d?[.)])\s/.test(line) && !/["'”’»]$/.test(before) },
  { points: 1, isIn: (line) => line.startsWith('> ') },
  { points: 1, isIn: (line, before) => /^===+$/.test(line) && Math.abs(before.length - line.length) <= 3 },
  // Plain text can have a name in backticks.
  { points: 0.9, isIn: (line) => /(?<!`)`[^`]+`/.test(line) },
];

function markdownMarks(lines: readonly string[]): Marks {
  const marks = { fences: 0, certain: 0, possible: 0, titles: 0 };
  const lineAt = (index: number) => (lines[index] ?? '').trim();
  lines.forEach((indented, index) => {
    const [before, line, after] = [lineAt(index - 1), lineAt(index), lineAt(index + 1)];
    if (fence.test(line)) marks.fences++;
    if (heading.test(indented) && before === '' && after === '') marks.titles++;
    const isRule = /^[-|: ]+$/.test(line) && line.includes('--') && line.includes('|') && before.includes('|');
    if (isRule) marks.certain += 2;
    if (heading.test(indented)) marks.certain++;
    if ([bold, link, formula].some((sign) => sign.test(line))) marks.certain++;
    for (const { points, isIn } of possible) if (isIn(line, before, after)) marks.possible += points;
  });
  return marks;
}

/** Whether a line has characters that Markdown would hide. Then one Markdown feature isn't enough. */
function hasLiterals(line: string): boolean {
  return /<\w|\\\W|\b_|.\*/.test(line);
}

const htmlTag =
  /<(?:html|head|body|div|span|p|a|table|tr|td|th|ul|ol|li|h[1-6]|img|br|section|form|input|button|style|script|link|meta|strong|em|b|i|title)\b/gi;

/** Recognizes HTML and XML source. Such source begins and ends with a tag, and usually has more lines with tags than with Markdown. */
function markupIn({ text, filled, marks }: Sample): OutputFormat | undefined {
  const [first = ''] = filled;
  if (!/^<[?!\w:-]+(?:[ >]|$)/.test(first) || !text.trimEnd().endsWith('>')) return undefined;
  if (/^<(?:!doctype html|html)/i.test(first)) return 'html';
  const tagged = filled.filter((line) => /^<|>$/.test(line)).length;
  const isDeclared = /^<(?:\?xml|!d)/i.test(first);
  if (!isDeclared && (tagged * 3 < filled.length || marks.certain + marks.possible >= tagged)) return undefined;
  if (hasSchema(text)) return 'preformatted';
  if (/<svg[ >]/.test(text.slice(0, mostOfSvg)) && text.trimEnd().endsWith('</svg>')) return 'svg';
  return !isDeclared && count(text, htmlTag) * 2 >= count(text, /<\w/g) ? 'html' : 'xml';
}

const mostOfSvg = 1_000;

/** Whether XML refers to a DTD, a schema, or a style sheet. Editors would fetch such a file from any URL. */
function hasSchema(text: string): boolean {
  return /<!DOCTYPE|<!ENTITY|schemaLocation|xml-model|<\?xml-stylesheet/i.test(text);
}

function isDiff(lines: readonly string[]): boolean {
  return lines.some((line) => line.startsWith('@@ -')) && lines.filter((line) => /^[-+ @\\]/.test(line)).length * 2 > lines.length;
}

/** Recognizes a table whose rows have the same number of cells, and whose first row looks like a header unless all cells are numbers. */
function tableIn(text: string): OutputFormat | undefined {
  const delimiter = delimiterOf(text);
  return delimiter && (delimiter === '\t' ? 'tsv' : 'csv');
}

export function delimiterOf(text: string): Delimiter | undefined {
  const start = text.length <= mostCharacters ? text : startOf(text, mostCharacters);
  return delimiters.find((delimiter) => {
    const rows = delimitedRows(start, delimiter, mostLines);
    return rows !== undefined && isTable(rows, delimiter, start);
  });
}

function isTable([head = [], ...body]: readonly (readonly string[])[], delimiter: Delimiter, text: string): boolean {
  const width = head.length;
  if (width < 2 || body.length === 0 || body.some((row) => row.length !== width)) return false;

  const cells = body.flat();
  if (width > 2 && [...head, ...cells].every(isNumber)) return true;
  if (new Set(head).size < width || head.some((cell) => isNumber(cell) || !isName(cell))) return false;
  // Prose has commas too, each followed by a space.
  const isSpaced = delimiter === ',' && count(text, /, /g) * 2 > count(text, /,/g);
  return !isSpaced || cells.filter(isNumber).length * 6 >= cells.length;
}

function isName(cell: string): boolean {
  return /\S/.test(cell) && cell.split(' ').length <= 7 && !/[.!?]$|^[-•*]/.test(cell);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** The maximum length of a number. Removing the signs around a longer text would take quadratic time. */
const longestNumber = 200;

/** Whether a cell contains one number, with or without a currency or a percent sign. A date isn't a number. */
export function isNumber(cell: string): boolean {
  if (cell.length > longestNumber) return false;
  const digits = cell.replace(/^[-+($€£¥₹ ]+|[%€$£¥) ]+$/g, '');
  return /^(?:\d{1,3}(?:[.,' ]\d{3})+|\d+)(?:[.,]\d+)?(?:e[-+]?\d+)?$/i.test(digits);
}

const level = /^\[?(?:INFO|WARN|WARNING|ERROR|ERR|DEBUG|TRACE|FATAL|CRITICAL|NOTICE|SEVERE|PANIC)\b/;
const timestamp =
  /^(?:\[?\d{4}[-/]\d\d[-/]\d\d.\d\d:\d\d|.*\[\d\d\/\w+\/\d{4}:|\d\d:\d\d:\d\d[.,]\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) .\d \d\d:)/;
const trace = /^(?:at .*[)\d]$|File ".*", line |Caused by: |[\w.]+(?:Error|Exception)(?::|$)|Traceback \(most|[~^]+$)/;

function isGitLog(filled: readonly string[]): boolean {
  const [first = ''] = filled;
  if (/^commit [\da-f]{7,40}(?: |$)/.test(first)) return filled.slice(0, 4).some((line) => /^Author: .*>$/.test(line));
  return filled.length > 1 && filled.every((line) => /^(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{7,12} \S/.test(line));
}

function isLog(filled: readonly string[]): boolean {
  const marked = filled.filter((line) => level.test(line) || timestamp.test(line) || trace.test(line)).length;
  return marked >= 2 && marked * 2 >= filled.length;
}

/** Whether several lines form a drawing or aligned columns, so that the text needs a fixed-width font. */
function isAligned(lines: readonly string[]): boolean {
  return lines.filter(isDrawn).length >= 2 || lines.some((line, index) => hasGap(line) && hasGap(lines[index + 1] ?? ''));
}

/** Whether a line has a gap between two words, as between columns. After a sentence or in a list, two spaces aren't a gap. */
function hasGap(line: string): boolean {
  return !/^\s*[-*+] /.test(line) && /[^\s.!?*+•)-](?: {2}|\t)/.test(line.trim());
}

/** Whether a line is far indented, or belongs to a box, a tree, or a dotted list. */
function isDrawn(line: string): boolean {
  return line.startsWith(' '.repeat(8)) || /[│┌┐└┘├┤┬┴┼║╔╗╚╝╠╣╦╩╬]|^[|+].*[|+]$|\.{5}/.test(line.trim());
}

const diagram = /^(?:(?:graph|flowchart) (?:TD|LR)|(?:sequence|class|er)Diagram|gantt|@startuml)/;

/** Whether a text is a printed value or a diagram source. Examples are Python's `repr`, and JSON that is truncated or has comments. */
function isDump(filled: readonly string[]): boolean {
  const [first = ''] = filled;
  if (diagram.test(first)) return true;
  if (/^[[{(]+['"]|^[[{]$|^[\w.]+\(\w+=|^\w+=\S.* \w+=/.test(first)) return filled.filter(isProse).length * 2 <= filled.length;
  return filled.length >= 3 && filled.filter((line) => /[{};]$|^[\]})]/.test(line)).length * 2 >= filled.length;
}
