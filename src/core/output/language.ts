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
  /** The lines, truncated to `mostOfLine` characters. `filled` contains the nonblank lines. */
  readonly lines: readonly string[];
  readonly filled: readonly string[];
}

/** Returns the language of a text. When in doubt, returns `plain`, which is shown as it is. */
export function languageOf(text: string): Language {
  if (isJson(text)) return 'json';
  if (isJsonString(text)) return 'plain';
  const sample = sampleOf(text);
  const { filled } = sample;
  if (filled.length === 0) return 'plain';
  if (isJsonLines(filled)) return 'jsonl';

  const marks = markdownMarks(sample.lines);
  if (marks.fences > 0) return 'markdown';
  const found = markupIn(sample, marks) ?? changesIn(filled) ?? tableIn(sample) ?? logIn(filled);
  if (found) return found;

  const isProbablyMarkdown = marks.titles > 0 || (marks.certain >= 4 && filled.filter(isProse).length * 3 > filled.length);
  const code = isProbablyMarkdown ? undefined : codeLanguage(filled);
  const data = marks.certain === 0 ? dataIn(sample.lines) : undefined;
  if (code && (!data || code === 'python')) return code;
  if (data) return data;
  const needed = hasLiterals(sample.lines) ? 2 : 1;
  if (marks.certain >= 2 || (marks.certain + marks.possible >= needed && !isAligned(filled))) return 'markdown';
  return isAligned(filled) || isDump(sample.text, filled) ? 'preformatted' : 'plain';
}

function isJson(text: string): boolean {
  if (!looksLikeJson(text)) return false;
  return text.length <= mostParsed ? isJsonContainer(text) : isJsonStart(text, mostParsed);
}

/** Whether a text looks like a JSON string: one line in quotes. */
function isJsonString(text: string): boolean {
  const first = text.search(/\S/);
  return text[first] === '"' && !/\S/.test(text.slice(endOfString(text, first))) && !/[\r\n]/.test(text.trim());
}

function isJsonLines(filled: readonly string[]): boolean {
  return filled.length > 1 && filled.every((line) => (line.length >= mostOfLine ? /^\s*[[{]/.test(line) : isJsonContainer(line)));
}

function sampleOf(text: string): Sample {
  const taken = text.length <= mostCharacters ? text : partsOf(text);
  const all = taken.replace(/(?:\u001b\[|\u009b)[\d;:?]*[A-Za-z]/g, '').split(/\r\n|\r|\n/);
  const lines = (all.length <= mostLines ? all : [...all.slice(0, mostLines / 2), ...all.slice(-mostLines / 2)]).map((line) =>
    line.slice(0, mostOfLine),
  );
  return { text: taken, lines, filled: lines.filter((line) => /\S/.test(line)) };
}

/** Returns the start, the middle, and the end of a text, cut at line breaks if there are any. */
function partsOf(text: string): string {
  const [quarter, middle] = [mostCharacters / 4, Math.floor(text.length / 2)];
  const start = text.slice(0, 2 * quarter).replace(/(\n)[^\n]*$/, '$1');
  const others = [text.slice(middle, middle + quarter).replace(/(\n)[^\n]*$/, '$1'), text.slice(-quarter)];
  return [start, ...others.map((part) => part.replace(/^[^\n]*\n/, ''))].join('\n');
}

/**
 * The evidence for Markdown. `certain` is the weight of features that are rare in other texts. `possible` is the weight of features that
 * are common in other texts too.
 */
interface Marks {
  readonly fences: number;
  readonly certain: number;
  readonly possible: number;
  /**
   * The number of headings below the first level with blank lines around them. Comments in code look similar, but usually have no blank
   * lines around them.
   */
  readonly titles: number;
}

const certainMarks: readonly (readonly [RegExp, number])[] = [
  [/^#{2,6}\s+\S/, 2],
  [/(?<![\w*])\*\*(?=[^\s*])[^*\n]*[^\s*]\*\*(?!\*)/, 2],
  [/\[[^\]\n]+\]\((?:https?:|mailto:|#|\/)[^)\s]*\)/, 2],
  [/^\s*[-*+] \[[ xX]\] /, 1],
  // Matches formulas, but not regular expressions.
  [/^(?!.*\\[dswbDSWB.+*?](?![a-z])).*(?:\\\(|\\\[|\$).*(?:\\[a-z]{2,}|\w\s*[\^_=]\s*[\w{\\-]).*(?:\\\)|\\\]|\$)/, 2],
];

const possibleMarks: readonly (readonly [RegExp, number])[] = [
  [/^>\s?\S/, 1],
  [/^\s*\|.+\|\s*$/, 1],
  [/(?<![\w`])`[^`\n]+`(?![\w`])/, 0.9],
  [/^\s*(?:\$\$|\\\[)\s*$/, 2],
];

const tableRule = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*$/;
/** Matches a fence. A longer line of tildes underlines a title in other formats. */
const fence = /^ {0,3}(?:`{3,}[^`]*|~{3,4}[^~]*)$/;
const item = /^\s*(?:[-*+]|\d{1,3}[.)])\s+\S/;

function markdownMarks(lines: readonly string[]): Marks {
  let [fences, certain, possible, titles] = [0, 0, 0, 0];
  lines.forEach((line, index) => {
    const before = lines[index - 1] ?? '';
    const isAlone = !/\S/.test(before) && !/\S/.test(lines[index + 1] ?? '');
    for (const [mark, weight] of certainMarks) if (mark.test(line)) certain += weight;
    for (const [mark, weight] of possibleMarks) if (mark.test(line)) possible += weight;
    if (fence.test(line)) fences++;
    if (tableRule.test(line) && before.includes('|')) certain += 4;
    if (isAlone && /^#{2,6}\s+\S/.test(line)) titles++;
    // In other texts, `# x` can be a comment, and `===` a rule. After a quotation, `- x` can be the name of an author.
    if (/^#\s+\S/.test(line)) possible += isAlone || index === 0 ? 2 : 0.5;
    if (item.test(line) && !/["'”’»]\s*$/.test(before)) possible += 1;
    if (/^={3,}\s*$/.test(line) && Math.abs(before.trim().length - line.trim().length) <= 3) possible += 1;
  });
  return { fences, certain, possible, titles };
}

/** Whether a text contains characters that Markdown would hide. If so, one Markdown feature isn't enough to treat the text as Markdown. */
function hasLiterals(lines: readonly string[]): boolean {
  return lines.some((line) => /(?<![\w*])\*[^\s*][^*]*\*|(?<!\w)_{1,2}\w[^_]*_{1,2}(?!\w)|\\[^\w\s]|^ {4,}\S|<\/?\w/.test(line));
}

const htmlTags =
  /^(?:!doctype|html|head|body|div|span|p|a|table|tr|td|th|ul|ol|li|h[1-6]|img|br|section|article|main|nav|header|footer|form|input|button|style|script|link|meta|strong|em|b|i|svg|title)$/i;

/** Recognizes HTML and XML source. Such source begins and ends with a tag, and usually has more lines with tags than with Markdown. */
function markupIn({ text, filled }: Sample, marks: Marks): Language | undefined {
  const [, first = ''] = /^\s*<([?!]?[\w:-]+)/.exec(text) ?? [];
  if (first === '' || !/>\s*$/.test(text.slice(-1_000))) return undefined;
  const isDeclared = /^(?:\?xml|!doctype|html)$/i.test(first);
  const tagged = filled.filter((line) => /<\/?[a-z!?][^<>]*>|^\s*<[a-z]/i.test(line)).length;
  const tags = text.slice(0, 20_000).match(/<\/?[a-z][\w:-]*/gi) ?? [];
  if (!isDeclared && (tagged * 3 < filled.length || tags.length < 2 || marks.certain + marks.possible >= tagged)) return undefined;
  if (/^\s*<(?:!doctype\s+html|html)\b/i.test(text)) return 'html';
  if (hasSchema(text)) return 'preformatted';
  const html = tags.filter((tag) => htmlTags.test(tag.replace(/^<\/?/, ''))).length;
  return !/^\?xml$/i.test(first) && html * 2 >= tags.length ? 'html' : 'xml';
}

/** Whether XML refers to a DTD, a schema, or a style sheet. Editors would fetch such a file from any URL. */
function hasSchema(text: string): boolean {
  return /<!DOCTYPE|<!ENTITY|schemaLocation|xml-model|<\?xml-stylesheet/i.test(text);
}

function changesIn(filled: readonly string[]): Language | undefined {
  const isDiff = filled.some((line) => /^(?:diff --git |@@ -\d)/.test(line)) && filled.some((line) => /^(?:---|\+\+\+) \S/.test(line));
  return isDiff &&
    filled.filter((line) => /^[-+ @\\]|^(?:diff|index|new|deleted|rename|similarity)/.test(line)).length * 5 > filled.length * 4
    ? 'diff'
    : undefined;
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

  const hasHead = head.every(
    (cell, index) => /\S/.test(cell) && cell.length <= 80 && !/[.!?]$|^\s*[-•*]|\n/.test(cell) && head.indexOf(cell) === index,
  );
  const isNumeric = width > 2 && rows.every((row) => row.every(isNumber));
  if (isNumeric) return true;
  if (!hasHead || head.some(isNumber)) return false;
  if (delimiter !== ',') return true;

  // Prose has commas too, each followed by a space.
  const cells = body.flat();
  const spaced = (text.match(/, /g)?.length ?? 0) * 2 > (text.match(/,/g)?.length ?? 0);
  const numbers = cells.filter(isNumber).length;
  const words = cells.reduce((sum, cell) => sum + cell.split(/\s+/).length, 0);
  if (words > 12 * cells.length) return false;
  return spaced ? width > 2 && body.length > 1 && numbers * 6 >= cells.length : !head.some((cell) => cell.split(/\s+/).length > 6);
}

/** Whether a cell contains one number, with or without a currency or a percent sign. A date isn't a number. */
export function isNumber(cell: string): boolean {
  return /^\s*[-+(]?\s?[$€£¥₹]?\s?(?:\d{1,3}(?:[.,' ]\d{3})+|\d+)(?:[.,]\d+)?\s?(?:[eE][-+]?\d+)?[%€$£¥)]?\s*$/.test(cell);
}

const level = /^\W{0,3}(?:INFO|WARN(?:ING)?|ERROR|ERR|DEBUG|TRACE|FATAL|CRITICAL|NOTICE|SEVERE|PANIC)\b/;
const timestamp =
  /^\W?(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|\d\d\/\w{3}\/\d{4}:\d\d|\d\d:\d\d:\d\d[.,]\d{3}|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d|\d{1,3}(?:\.\d{1,3}){3} \S+ \S+ \[)/;
const trace =
  /^\s+at [\w.$<>/]+.*[):\d]$|^\s*File ".+", line \d+|^Caused by: |^\s*\.{3} \d+ more|^[\w.]+(?:Error|Exception|Exit|Interrupt)\b(?::|$)|^Traceback \(most recent/;

/** Recognizes log lines and stack traces. */
function logIn(filled: readonly string[]): Language | undefined {
  const count = (pattern: RegExp): number => filled.filter((line) => pattern.test(line)).length;
  const traced = count(trace);
  if (filled.some((line) => /^Traceback \(most recent/.test(line)) && (traced >= 3 || traced * 2 >= filled.length)) return 'log';
  const [leveled, dated] = [count(level), count(timestamp)];
  const withLevel = filled.filter(
    (line) => timestamp.test(line) && /\b(?:INFO|WARN(?:ING)?|ERROR|DEBUG|TRACE|FATAL|CRITICAL)\b/i.test(line),
  ).length;
  const all = leveled + dated + traced;
  if (all * 2 < filled.length) return undefined;
  return leveled >= 2 || withLevel >= 1 || dated >= 3 || traced >= 3 ? 'log' : undefined;
}

/** Recognizes YAML, and settings as in TOML, INI, and `.env` files. */
function dataIn(lines: readonly string[]): Language | undefined {
  if (isSettings(lines)) return 'ini';
  if (!isYaml(lines)) return undefined;
  // Editors fetch the schema that a YAML file refers to. An escape could spell the name of a schema.
  return lines.some((line) => /\$schema|yaml-language-server|\\/i.test(line)) ? 'preformatted' : 'yaml';
}

function isSettings(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => /\S/.test(line) && !/^\s*[#;]/.test(line));
  const settings = filled.filter((line) => /^\s*(?:export )?[\w."-]+\s*=\s*\S?/.test(line)).length;
  const sections = filled.filter((line) => /^\[{1,2}[\w .":/-]+\]{1,2}\s*$/.test(line)).length;
  const items = filled.filter((line) => /^\s+["'\d{[].*,?$|^\s*[\]}],?\s*$/.test(line)).length;
  if (settings < 2 || settings + sections + items < filled.length) return false;
  return sections > 0 || filled.every((line) => /^(?:export )?[A-Za-z][\w.-]*=/.test(line));
}

/**
 * Whether a text is probably YAML: most keys are single words, and keys are nested or lowercase. A list of labels such as `Name: value`
 * isn't YAML.
 */
function isYaml(lines: readonly string[]): boolean {
  let [keys, names, nested, others] = [0, 0, 0, 0];
  let block: number | undefined;
  let parent: number | undefined;
  for (const line of lines) {
    if (!/\S/.test(line)) continue;
    const indent = line.search(/\S/);
    if (block !== undefined && indent > block) continue;
    block = undefined;
    if (/^\s*#/.test(line) || /^(?:---|\.\.\.)(?:\s|$)/.test(line)) continue;
    if (line.slice(0, indent).includes('\t')) return false;

    const [, dashes = '', key, value = ''] = /^\s*((?:- +)*)("[^"]+"|'[^']+'|[^\s:#{["'*&!|>%@`-][^:#]*?):(?: +(.*))?$/.exec(line) ?? [];
    if (parent !== undefined && (indent > parent || (indent === parent && /^\s*- /.test(line)))) nested++;
    parent = undefined;
    if (key !== undefined) {
      keys++;
      if (/^["']?[\w./$-]+["']?$/.test(key)) names++;
      if (/^[|>][+-]?\d?\s*(?:#.*)?$/.test(value)) block = indent;
      else if (value === '' || value.startsWith('#')) parent = indent + (dashes === '' ? 0 : dashes.length);
    } else if (!/^\s*- /.test(line) && !/^\s*-$/.test(line)) others++;
  }
  // Lines of a block text can look like keys, so `lower` can exceed `keys`.
  const lower = lines.filter((line) => /^\s*(?:- +)?["']?[a-z][\w./-]*["']?:(?:\s|$)/.test(line)).length;
  if (keys < 2 || others * 12 > keys || names * 5 < keys * 4) return false;
  return nested > 0 ? lower * 2 >= keys || nested >= 3 : keys >= 3 && lower >= keys;
}
