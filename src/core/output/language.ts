import { endOfString, isJsonContainer, isJsonStart, looksLikeJson } from '#core/lib/json';
import { delimitedRows, delimiters, type Delimiter } from './delimited';
import { isAligned, isDump } from './fixedWidth';
import { codeLanguage, isProse } from './languageCode';
import type { Language } from './languages';

/** The limits of a sample. Larger texts are judged by parts, and longer lines by their start, to limit the cost. */
const mostCharacters = 160_000;
const mostLines = 800;
const mostOfLine = 400;

/** The maximum number of characters of JSON that is parsed as a whole. */
const mostParsed = 262_144;

/** The parts of a text that determine its language. */
interface Sample {
  readonly text: string;
  /** The lines, truncated to `mostOfLine` characters. `filled` contains the nonblank lines without indentation. */
  readonly lines: readonly string[];
  readonly filled: readonly string[];
}

/** Returns the language of a text. When in doubt, returns `plain`, which is shown as it is. */
export function languageOf(text: string): Language {
  if (isJson(text)) return 'json';
  if (isJsonString(text)) return 'plain';
  const sample = sampleOf(text);
  const { lines, filled } = sample;
  if (filled.length === 0) return 'plain';
  if (isJsonLines(filled)) return 'jsonl';

  const marks = markdownMarks(lines);
  if (marks.fences > 0) return 'markdown';
  const found = markupIn(sample, marks) ?? changesIn(lines) ?? tableIn(sample) ?? logIn(filled);
  if (found) return found;

  const isProbablyMarkdown = marks.titles > 0 || (marks.certain >= 2 && filled.filter(isProse).length * 3 > filled.length);
  const code = isProbablyMarkdown ? undefined : codeLanguage(filled);
  const data = marks.certain === 0 ? dataIn(lines) : undefined;
  if (code && (!data || code === 'python')) return code;
  if (data) return data;
  if (marks.certain > 0) return 'markdown';
  if (isAligned(lines)) return 'preformatted';
  if (marks.possible >= (filled.some(hasLiterals) ? 2 : 1)) return 'markdown';
  return isDump(filled) ? 'preformatted' : 'plain';
}

function isJson(text: string): boolean {
  if (!looksLikeJson(text)) return false;
  return text.length <= mostParsed ? isJsonContainer(text) : isJsonStart(text, mostParsed);
}

/** Whether a text looks like a JSON string: one line in quotes. */
function isJsonString(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.startsWith('"') && endOfString(trimmed, 0) === trimmed.length && !/[\r\n]/.test(trimmed);
}

function isJsonLines(filled: readonly string[]): boolean {
  return filled.length > 1 && filled.every((line) => (line.length >= mostOfLine ? /^[[{]/.test(line) : isJsonContainer(line)));
}

function sampleOf(text: string): Sample {
  const taken = text.length <= mostCharacters ? text : partsOf(text);
  const all = taken.replace(/(?:\u001b\[|\u009b)[\d;:?]*[A-Za-z]/g, '').split(/\r\n|\r|\n/);
  const lines = (all.length <= mostLines ? all : [...all.slice(0, mostLines / 2), ...all.slice(-mostLines / 2)]).map((line) =>
    line.slice(0, mostOfLine),
  );
  return { text: taken, lines, filled: lines.map((line) => line.trim()).filter((line) => line !== '') };
}

/** Returns the start, the middle, and the end of a text, cut at line breaks if there are any. */
function partsOf(text: string): string {
  const [quarter, middle] = [mostCharacters / 4, Math.floor(text.length / 2)];
  const start = text.slice(0, 2 * quarter).replace(/(\n)[^\n]*$/, '$1');
  const others = [text.slice(middle, middle + quarter).replace(/(\n)[^\n]*$/, '$1'), text.slice(-quarter)];
  return [start, ...others.map((part) => part.replace(/^[^\n]*\n/, ''))].join('\n');
}

/** The evidence for Markdown. */
interface Marks {
  readonly fences: number;
  /** The number of features that are rare in other texts. */
  readonly certain: number;
  /** The weight of features that are common in other texts too. */
  readonly possible: number;
  /**
   * The number of headings below the first level with blank lines around them. Comments in code look similar, but usually have no blank
   * lines around them.
   */
  readonly titles: number;
}

const heading = /^##+ /;
const bold = /(?<!\w)\*\*[^\s*][^*]*\*\*/;
const link = /\]\((?:http|mailto:|#|\/)/;
const formula = /\\\(.*\\\)|\$[^$]+[\\^_=][^$]*\$(?!\w)/;
/** Matches a fence. A longer line of tildes underlines a title in other formats. */
const fence = /^(?:```|~~~(?!~))/;
const item = /^(?:[-*+]|\d\d?[.)])\s/;

function markdownMarks(indented: readonly string[]): Marks {
  let [fences, certain, possible, titles] = [0, 0, 0, 0];
  const lines = indented.map((line) => line.trim());
  lines.forEach((line, index) => {
    const [before, after] = [lines[index - 1] ?? '', lines[index + 1] ?? ''];
    const isAlone = before === '' && after === '';
    if (fence.test(line)) fences++;
    if (indented[index]?.startsWith('##') && heading.test(line)) {
      certain++;
      if (isAlone) titles++;
    }
    if (bold.test(line) || link.test(line) || formula.test(line)) certain++;
    if (/^[-|: ]+$/.test(line) && line.includes('--') && line.includes('|') && before.includes('|')) certain += 2;
    if (line.startsWith('> ')) possible += 1;
    if (/(?<!`)`[^`]+`/.test(line)) possible += 0.9;
    if (line === '$$' || line === '\\[') possible += 2;
    // In other texts, `# x` can be a comment, and `===` a rule. After a quotation, `- x` can be the name of an author.
    if (line.startsWith('# ') && before === '' && !after.startsWith('#')) possible += 2;
    if (item.test(line) && !/["'”’»]$/.test(before)) possible += 1;
    if (/^===+$/.test(line) && Math.abs(before.length - line.length) <= 3) possible += 1;
  });
  return { fences, certain, possible, titles };
}

/** Whether a line contains characters that Markdown would hide. If so, one Markdown feature isn't enough to treat the text as Markdown. */
function hasLiterals(line: string): boolean {
  return /<\w|\\\W|\b_|.\*/.test(line);
}

const htmlTags = new Set(
  `html head body div span p a table tr td th ul ol li h1 h2 h3 h4 h5 h6 img br section article main nav header footer form input button
   style script link meta strong em b i title`.split(/\s+/),
);

/** Recognizes HTML and XML source. Such source begins and ends with a tag, and usually has more lines with tags than with Markdown. */
function markupIn({ text, filled }: Sample, marks: Marks): Language | undefined {
  const [first = ''] = filled;
  if (!/^<[?!\w]/.test(first) || !text.trimEnd().endsWith('>')) return undefined;
  const isHtml = /^<(?:!doctype html|html)/i.test(first);
  const tagged = filled.filter((line) => /^<|>$/.test(line)).length;
  const tags = text.slice(0, 20_000).match(/<\/?\w+/g) ?? [];
  const isDeclared = isHtml || /^<(?:\?xml|!doctype)/i.test(first);
  if (!isDeclared && (tagged * 3 < filled.length || tags.length < 2 || marks.certain + marks.possible >= tagged)) return undefined;
  if (isHtml) return 'html';
  if (hasSchema(text)) return 'preformatted';
  if (first.startsWith('<?xml')) return 'xml';
  const html = tags.filter((tag) => htmlTags.has(tag.replace(/<\/?/, '').toLowerCase())).length;
  return html * 2 >= tags.length ? 'html' : 'xml';
}

/** Whether XML refers to a DTD, a schema, or a style sheet. Editors would fetch such a file from any URL. */
function hasSchema(text: string): boolean {
  return /<!DOCTYPE|<!ENTITY|schemaLocation|xml-model|<\?xml-stylesheet/i.test(text);
}

function changesIn(lines: readonly string[]): Language | undefined {
  if (!lines.some((line) => line.startsWith('@@ -')) || !lines.some((line) => line.startsWith('+++ '))) return undefined;
  return lines.filter((line) => /^[-+ @\\]|^$/.test(line)).length * 2 > lines.length ? 'diff' : undefined;
}

/**
 * Returns the language of a delimited table. All rows of a table have the same number of cells. The first row looks like a header, unless
 * all cells are numbers.
 */
function tableIn({ text, filled }: Sample): Language | undefined {
  if (filled.length < 2) return undefined;
  const delimiter = delimiterOf(text);
  return delimiter && (delimiter === '\t' ? 'tsv' : 'csv');
}

/** Returns the delimiter of a table; `undefined` if the text isn't a table. */
export function delimiterOf(text: string): Delimiter | undefined {
  const start = text.slice(0, mostCharacters);
  return delimiters.find((delimiter) => {
    if (!start.includes(delimiter)) return false;
    const rows = delimitedRows(start, delimiter, mostLines) ?? [];
    const whole = start === text || rows.length === mostLines ? rows : rows.slice(0, -1);
    return isTable(whole, delimiter, start);
  });
}

function isTable(rows: readonly (readonly string[])[], delimiter: Delimiter, text: string): boolean {
  const [head, ...body] = rows;
  const width = head?.length ?? 0;
  if (!head || width < 2 || body.length === 0 || body.some((row) => row.length !== width)) return false;

  if (width > 2 && rows.every((row) => row.every(isNumber))) return true;
  if (new Set(head).size < width || head.some((cell) => isNumber(cell) || !isName(cell))) return false;
  if (delimiter !== ',') return true;

  // Prose has commas too, each followed by a space.
  const cells = body.flat();
  if (count(text, /, /g) * 2 <= count(text, /,/g)) return count(text, / /g) < 12 * cells.length;
  return width > 2 && body.length > 1 && cells.filter(isNumber).length * 6 >= cells.length;
}

/** Whether a cell can be the name of a column. */
function isName(cell: string): boolean {
  const name = cell.trim();
  return name !== '' && name.split(' ').length <= 7 && !/[.!?]$|^[-•*]/.test(name);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Whether a cell contains one number, with or without a currency or a percent sign. A date isn't a number. */
export function isNumber(cell: string): boolean {
  const digits = cell.trim().replace(/^[-+($€£¥₹ ]+|[%€$£¥) ]+$/g, '');
  return /^(?:\d{1,3}(?:[.,' ]\d{3})+|\d+)(?:[.,]\d+)?(?:e[-+]?\d+)?$/i.test(digits);
}

const level = /^\[?(?:INFO|WARN|WARNING|ERROR|ERR|DEBUG|TRACE|FATAL|CRITICAL|NOTICE|SEVERE|PANIC)\b/;
const timestamp =
  /^\[?\d{4}[-/]\d\d[-/]\d\d.\d\d:\d\d|\[\d\d\/\w+\/\d{4}:|^\d\d:\d\d:\d\d[.,]\d|^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) .\d \d\d:\d\d:/;
const trace = /^at .*[)\d]$|^File ".*", line |^Caused by: |^\.\.\. \d+ more|^[\w.]+(?:Error|Exception)(?::|$)|^Traceback \(most|^[~^]+$/;

/** Recognizes log lines and stack traces. */
function logIn(filled: readonly string[]): Language | undefined {
  const marked = filled.filter((line) => level.test(line) || timestamp.test(line) || trace.test(line)).length;
  return marked >= 2 && marked * 2 >= filled.length ? 'log' : undefined;
}

/** Recognizes YAML, and settings as in TOML, INI, and `.env` files. */
function dataIn(lines: readonly string[]): Language | undefined {
  if (isSettings(lines)) return 'ini';
  if (!isYaml(lines)) return undefined;
  // Editors fetch the schema that a YAML file refers to. An escape could spell the name of a schema.
  return lines.some((line) => /\$schema|yaml-language-server|\\/i.test(line)) ? 'preformatted' : 'yaml';
}

/** Whether a text consists of settings. Without sections, each setting has the form `KEY=value`, since assignments in code have spaces. */
function isSettings(lines: readonly string[]): boolean {
  const filled = lines.map((line) => line.trim()).filter((line) => !/^[#;]|^$/.test(line));
  const settings = filled.filter((line) => /^(?:export )?[\w."-]+ *=(?!=)/.test(line));
  // Values in several lines consist of quoted texts, numbers, and brackets.
  const others = filled.filter((line) => !settings.includes(line) && !/^["'\d{}[\]]/.test(line));
  if (settings.length < 2 || others.length > 0) return false;
  return filled.some((line) => /^\[.*\]$/.test(line)) || filled.every((line) => /^(?:export )?[\w.-]+=/.test(line));
}

/**
 * Whether a text is probably YAML: nearly all lines have keys that are single words, and keys are nested or lowercase. A list of labels
 * such as `Name: value` isn't YAML.
 */
function isYaml(lines: readonly string[]): boolean {
  let [keys, lower, nested, others] = [0, 0, 0, 0];
  let block: number | undefined;
  let parent: number | undefined;
  for (const line of lines) {
    const indent = line.search(/\S/);
    if (indent < 0 || (block !== undefined && indent > block)) continue;
    block = undefined;
    if (/^\s*(?:#|---)/.test(line)) continue;
    if (line.startsWith('\t')) return false;

    const isItem = line.trim().startsWith('-');
    if (parent !== undefined && (indent > parent || (indent === parent && isItem))) nested++;
    parent = undefined;
    const own = line.trim().replace(/^(?:- +)+/, '');
    if (/^["']?[\w./${}-]+["']?:(?: |$)/.test(own)) {
      keys++;
      if (/^["']?[a-z]/.test(own)) lower++;
      if (/: +[|>][-+]?$/.test(own)) block = indent;
      if (own.endsWith(':')) parent = line.trimEnd().length - own.length;
    } else if (!isItem) others++;
  }
  if (keys < 2 || others * 6 > keys) return false;
  return nested > 0 ? lower * 2 >= keys : keys >= 3 && lower >= keys;
}
