import { isJsonContainer, isJsonStart, isJsonString, looksLikeJson } from '#core/lib/json';
import { delimitedRows, delimiters, type Delimiter } from './delimited';
import { contentOf, withoutColors, withoutByteOrderMark } from './content';
import { codeFormat, isProse } from './languageCode';
import type { OutputFormat } from './outputFormats';
import { settingsFormat } from './settings';

/** The limits of a sample, because judging a whole text could take seconds. Longer lines are truncated. */
const maxCharacters = 160_000;
const maxLines = 800;
const maxLineLength = 400;

const maxParsedLength = 262_144;

interface Sample {
  readonly wholeText: string;
  /** The start and the end of a large text, and all of any other text. */
  readonly text: string;
  /** The first and last lines without colors, truncated to `maxLineLength` characters. `nonblankLines` has the nonblank lines, trimmed. */
  readonly lines: readonly string[];
  readonly nonblankLines: readonly string[];
  readonly marks: ReturnType<typeof markdownMarks>;
}

/** The rules in their order. The first rule that recognizes a text decides. */
const rules: readonly ((sample: Sample) => OutputFormat | false | undefined)[] = [
  ({ nonblankLines }) => isJsonLines(nonblankLines) && 'jsonl',
  ({ marks }) => marks.fenceCount > 0 && 'markdown',
  markupFormat,
  ({ lines }) => isDiff(lines) && 'diff',
  ({ wholeText }) => tableFormat(wholeText),
  ({ nonblankLines }) => isLog(nonblankLines) && 'log',
  ({ lines, marks }) => marks.certainPoints === 0 && settingsFormat(lines),
  ({ nonblankLines, marks }) => marks.titleCount === 0 && codeFormat(nonblankLines),
  ({ marks }) => marks.certainPoints > 0 && 'markdown',
  ({ lines }) => isAligned(lines) && 'preformatted',
  ({ nonblankLines, marks }) => marks.possiblePoints >= (nonblankLines.some((line) => hiddenPattern.test(line)) ? 2 : 1) && 'markdown',
  ({ nonblankLines }) => isDumpOrDiagram(nonblankLines) && 'preformatted',
];

/** Returns the format of a text; when in doubt, or for a JSON string, `plain`. Unlike `contentFormat`, doesn't remove wrappers. */
export function formatOf(output: string): OutputFormat {
  const text = withoutByteOrderMark(output);
  if (isJson(text)) return 'json';
  if (isJsonString(text)) return 'plain';
  const sample = sampleOf(text);
  for (const rule of rules) {
    const format = rule(sample);
    if (format) return format;
  }
  return 'plain';
}

/** Formats that a wrapper, such as quotes or a tag, would break. A wrapped text of such a format is plain, except JSON in a JSON string. */
const strictFormats = new Set<OutputFormat>(['yaml', 'toml', 'html', 'xml', 'svg', 'json', 'jsonl']);

/** Returns the format of a text's content, or `plain` if the wrapper would break that format. A JSON string with Markdown is Markdown. */
export function contentFormat(text: string): OutputFormat {
  const content = contentOf(text).text;
  const format = formatOf(content);
  if (content === withoutByteOrderMark(text) || !strictFormats.has(format)) return format;
  return format === 'json' && isJsonString(text) ? 'json' : 'plain';
}

function isJson(text: string): boolean {
  return text.length <= maxParsedLength ? isJsonContainer(text) : looksLikeJson(text) && isJsonStart(text);
}

function isJsonLines(nonblankLines: readonly string[]): boolean {
  const isJsonLine = (line: string) => (line.length >= maxLineLength ? /^[[{]["[{]/.test(line) : isJsonContainer(line));
  return nonblankLines.length > 1 && nonblankLines.every(isJsonLine);
}

function sampleOf(text: string): Sample {
  const sampledText = text.length <= maxCharacters ? text : firstLines(text, maxCharacters / 2) + lastLines(text, maxCharacters / 2);
  const allLines = withoutColors(sampledText).split(/\r\n|\r|\n/);
  const sampledLines = allLines.toSpliced(maxLines / 2, allLines.length - maxLines);
  const lines = sampledLines.map((line) => line.slice(0, maxLineLength));
  return {
    wholeText: text,
    text: sampledText,
    lines,
    nonblankLines: lines.map((line) => line.trim()).filter((line) => line !== ''),
    marks: markdownMarks(lines),
  };
}

/** Returns the start of a text, up to a line break, because the line after it can be incomplete. */
function firstLines(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/\n[^\n]*$/, '\n');
}

/** Returns the end of a text, from the start of a line, because the line before it can be incomplete. */
function lastLines(text: string, maxLength: number): string {
  const end = text.slice(-maxLength);
  return end.slice(end.indexOf('\n') + 1);
}

/** Matches characters that Markdown would hide. With such characters, a text needs two points of `possibleFeatures` instead of one. */
const hiddenPattern = /<\w|\\\W|\b_|.\*/;
const headingPattern = /^##+ /;
const boldPattern = /(?<!\w)\*\*[^\s*][^*]*\*\*/;
const linkPattern = /\]\((?:http|mailto:|#|\/)/;
const formulaPattern = /\\\(.*\\\)|\$[^$]*[\\^_=][^$]*\$(?!\w)/;
/** Matches a fence. Other lines of tildes underline titles, or parts of the code in a stack trace. */
const fencePattern = /^(?:```|~~~\w*$)/;

/** Markdown features that other texts have, too. Two points are enough, or one point if Markdown would hide no characters of the text. */
const possibleFeatures: readonly { readonly points: number; readonly isIn: (line: string, before: string, after: string) => boolean }[] = [
  // A comment in code begins with `# `, too. It rarely has a blank line above, and often a comment below.
  { points: 2, isIn: (line, before, after) => line.startsWith('# ') && before === '' && !after.startsWith('#') },
  { points: 2, isIn: (line) => line === '$$' || line === '\\[' },
  // After a quotation, `- x` can be the name of an author.
  { points: 1, isIn: (line, before) => /^(?:[-*+]|\d\d?[.)])\s/.test(line) && !/["'”’»]$/.test(before) },
  { points: 1, isIn: (line) => line.startsWith('> ') },
  { points: 1, isIn: (line, before) => /^===+$/.test(line) && Math.abs(before.length - line.length) <= 3 },
  // Plain text can have a name in backticks.
  { points: 0.9, isIn: (line) => /(?<!`)`[^`]+`/.test(line) },
];

/** Counts Markdown features. `titleCount` counts headings such as `## Title` between blank lines, which code rarely has. */
function markdownMarks(lines: readonly string[]) {
  const marks = { fenceCount: 0, certainPoints: 0, possiblePoints: 0, titleCount: 0 };
  const lineAt = (index: number) => (lines[index] ?? '').trim();
  lines.forEach((indented, index) => {
    const [before, line, after] = [lineAt(index - 1), lineAt(index), lineAt(index + 1)];
    if (fencePattern.test(line)) marks.fenceCount++;
    if (headingPattern.test(indented) && before === '' && after === '') marks.titleCount++;
    const isTableDivider = /^[-|: ]+$/.test(line) && line.includes('--') && line.includes('|') && before.includes('|');
    if (isTableDivider) marks.certainPoints += 2;
    if (headingPattern.test(indented)) marks.certainPoints++;
    if ([boldPattern, linkPattern, formulaPattern].some((pattern) => pattern.test(line))) marks.certainPoints++;
    for (const { points, isIn } of possibleFeatures) if (isIn(line, before, after)) marks.possiblePoints += points;
  });
  return marks;
}

const htmlTagPattern =
  /<(?:html|head|body|div|span|p|a|table|tr|td|th|ul|ol|li|h[1-6]|img|br|section|form|input|button|style|script|link|meta|strong|em|b|i|title)\b/gi;

/** Recognizes HTML, SVG, and other XML. It begins and ends with a tag, and usually has more lines with tags than with Markdown. */
function markupFormat({ text, nonblankLines, marks }: Sample): OutputFormat | undefined {
  const [first = ''] = nonblankLines;
  if (!/^<[?!\w:-]+(?:[ >]|$)/.test(first) || !text.trimEnd().endsWith('>')) return undefined;
  if (/^<(?:!doctype html|html)/i.test(first)) return 'html';
  const tagLineCount = nonblankLines.filter((line) => /^<|>$/.test(line)).length;
  const isDeclared = /^<(?:\?xml|!d)/i.test(first);
  if (!isDeclared && (tagLineCount * 3 < nonblankLines.length || marks.certainPoints + marks.possiblePoints >= tagLineCount))
    return undefined;
  // Editors would fetch a DTD, a schema, or a style sheet from any URL.
  if (/<!DOCTYPE|<!ENTITY|schemaLocation|xml-model|<\?xml-stylesheet/i.test(text)) return 'preformatted';
  if (/<svg[ >]/.test(text.slice(0, 1_000)) && text.trimEnd().endsWith('</svg>')) return 'svg';
  return !isDeclared && matchCount(text, htmlTagPattern) * 2 >= matchCount(text, /<\w/g) ? 'html' : 'xml';
}

function isDiff(lines: readonly string[]): boolean {
  return lines.some((line) => line.startsWith('@@ -')) && lines.filter((line) => /^[-+ @\\]/.test(line)).length * 2 > lines.length;
}

/** Recognizes a table whose rows have the same number of cells, and whose first row looks like a header unless all cells are numbers. */
function tableFormat(text: string): OutputFormat | undefined {
  const delimiter = delimiterOf(text);
  return delimiter && (delimiter === '\t' ? 'tsv' : 'csv');
}

export function delimiterOf(text: string): Delimiter | undefined {
  const start = text.length <= maxCharacters ? text : firstLines(text, maxCharacters);
  return delimiters.find((delimiter) => {
    const rows = delimitedRows(start, delimiter, maxLines);
    return rows !== undefined && isTable(rows, delimiter, start);
  });
}

function isTable([header = [], ...body]: readonly (readonly string[])[], delimiter: Delimiter, text: string): boolean {
  const columnCount = header.length;
  if (columnCount < 2 || body.length === 0 || body.some((row) => row.length !== columnCount)) return false;

  const cells = body.flat();
  if (columnCount > 2 && [...header, ...cells].every(isNumericCell)) return true;
  const isHeader = (cell: string) => /\S/.test(cell) && cell.split(' ').length <= 7 && !/[.!?]$|^[-•*]/.test(cell) && !isNumericCell(cell);
  if (new Set(header).size < columnCount || !header.every(isHeader)) return false;
  // Prose has commas, too, usually with a space after each.
  const isSpaced = delimiter === ',' && matchCount(text, /, /g) * 2 > matchCount(text, /,/g);
  return !isSpaced || cells.filter(isNumericCell).length * 6 >= cells.length;
}

function matchCount(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Whether a cell contains one number, with or without a currency or a percent sign. A date isn't a number. */
export function isNumericCell(cell: string): boolean {
  // Removing the signs around a longer text would take quadratic time.
  if (cell.length > 200) return false;
  const digits = cell.replace(/^[-+($€£¥₹ ]+|[%€$£¥) ]+$/g, '');
  return /^(?:\d{1,3}(?:[.,' ]\d{3})+|\d+)(?:[.,]\d+)?(?:e[-+]?\d+)?$/i.test(digits);
}

const levelPattern = /^\[?(?:INFO|WARN|WARNING|ERROR|ERR|DEBUG|TRACE|FATAL|CRITICAL|NOTICE|SEVERE|PANIC)\b/;
const timestampPattern =
  /^(?:\[?\d{4}[-/]\d\d[-/]\d\d.\d\d:\d\d|.*\[\d\d\/\w+\/\d{4}:|\d\d:\d\d:\d\d[.,]\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) .\d \d\d:)/;
const tracePattern = /^(?:at .*[)\d]$|File ".*", line |Caused by: |[\w.]+(?:Error|Exception)(?::|$)|Traceback \(most|[~^]+$)/;

function isLog(nonblankLines: readonly string[]): boolean {
  const logCount = nonblankLines.filter((line) => levelPattern.test(line) || timestampPattern.test(line) || tracePattern.test(line)).length;
  return logCount >= 2 && logCount * 2 >= nonblankLines.length;
}

/** Whether several lines form a drawing or aligned columns, so that the text needs a fixed-width font. */
function isAligned(lines: readonly string[]): boolean {
  return lines.filter(isDrawingLine).length >= 2 || lines.some((line, index) => hasGap(line) && hasGap(lines[index + 1] ?? ''));
}

/** Whether a line has a gap between two words, as between columns. After a sentence or in a list, two spaces aren't a gap. */
function hasGap(line: string): boolean {
  return !/^\s*[-*+] /.test(line) && /[^\s.!?*+•)-](?: {2}|\t)/.test(line.trim());
}

/** Whether a line is far indented, belongs to a box or a tree, or has a row of dots as in a table of contents. */
function isDrawingLine(line: string): boolean {
  return line.startsWith(' '.repeat(8)) || /[│┌┐└┘├┤┬┴┼║╔╗╚╝╠╣╦╩╬]|^[|+].*[|+]$|\.{5}/.test(line.trim());
}

/** Whether a text is a printed value or a diagram source. Examples are Python's `repr`, and JSON that is truncated or has comments. */
function isDumpOrDiagram(nonblankLines: readonly string[]): boolean {
  const [first = ''] = nonblankLines;
  if (/^(?:(?:graph|flowchart) (?:TD|LR)|(?:sequence|class|er)Diagram|gantt|@startuml)/.test(first)) return true;
  if (/^[[{(]+['"]|^[[{]$|^[\w.]+\(\w+=|^\w+=\S.* \w+=/.test(first))
    return nonblankLines.filter(isProse).length * 2 <= nonblankLines.length;
  return nonblankLines.length >= 3 && nonblankLines.filter((line) => /[{};]$|^[\]})]/.test(line)).length * 2 >= nonblankLines.length;
}
