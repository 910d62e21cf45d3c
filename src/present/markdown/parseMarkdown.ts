import MarkdownIt, { type Token } from 'markdown-it';
import type StateBlock from 'markdown-it/lib/rules_block/state_block.mjs';
import type StateInline from 'markdown-it/lib/rules_inline/state_inline.mjs';
import { blockFormula, inlineFormula } from './formulas';
import { lineBreakRule, cjkPattern } from './lineBreaks';

type Alignment = '' | 'left' | 'center' | 'right';

/** The maximum nesting of lists and quotations. markdown-it leaves out the content of deeper levels. */
const maxNesting = 60;

const maxFormulaLines = 60;

/** The maximum number of emphasis marks in a paragraph. Each mark is a token, and 100,000 tokens take a third of a second. */
const maxEmphasisMarks = 20_000;

/** Returns the tokens of a Markdown text. Undefined if lists or quotations are nested so deep that the parser would lose text. */
export function parseMarkdown(text: string): readonly Token[] | undefined {
  const footnoteNames = new Set(Array.from(text.matchAll(/^ {0,3}\\\[\^([\w.-]{1,40})\]:/gm), ([, name]) => name));
  const tokens = parser.parse(text, { footnoteNames });
  return tokens.some(({ level }) => level >= maxNesting - 1) ? undefined : tokens;
}

/** Returns the tokens of blocks, without parsing the texts in them. */
export function parseBlocks(text: string): readonly Token[] {
  const tokens: Token[] = [];
  parser.block.parse(text, parser, {}, tokens);
  return tokens;
}

/** Returns a parser for CommonMark with tables, formulas, footnotes, and a few HTML tags. The writer checks the targets of links. */
function createParser(): MarkdownIt {
  const markdownIt = new MarkdownIt({ html: false, linkify: false, ...{ maxNesting } });
  markdownIt.disable('lheading');
  markdownIt.validateLink = () => true;
  markdownIt.normalizeLink = (url) => url;
  markdownIt.normalizeLinkText = (url) => url;
  markdownIt.block.ruler.at('table', tableRule, { alt: ['paragraph'] });
  markdownIt.block.ruler.before('fence', 'formula', blockFormulaRule, { alt: ['paragraph', 'blockquote', 'list'] });
  markdownIt.block.ruler.before('fence', 'fold', foldRule, { alt: ['paragraph', 'blockquote', 'list'] });
  markdownIt.core.ruler.before('inline', 'lineBreak', lineBreakRule);
  markdownIt.inline.ruler.before('escape', 'footnote', footnoteRule);
  markdownIt.inline.ruler.before('escape', 'formula', inlineFormulaRule);
  markdownIt.inline.ruler.before('escape', 'path', pathRule);
  markdownIt.inline.ruler.before('strikethrough', 'manyMarks', manyMarksRule);
  markdownIt.inline.ruler.before('emphasis', 'dunder', dunderRule);
  markdownIt.inline.ruler.before('autolink', 'tag', tagRule);
  markdownIt.inline.State = class extends markdownIt.inline.State {
    override scanDelims(start: number, canSplitWord: boolean) {
      return adjustDelimiters(this.src, start, super.scanDelims(start, canSplitWord));
    }
  };
  return markdownIt;
}

const letterOrDigitPattern = /[\p{L}\p{N}]/u;

/** Decides whether a mark can begin or end emphasis. It can't in `5*3` and globs, but can in `**Note:**text` and Chinese text. */
function adjustDelimiters(text: string, start: number, scan: ReturnType<StateInline['scanDelims']>): typeof scan {
  const mark = text[start];
  const [before, after] = [text[start - 1] ?? ' ', text[start + scan.length] ?? ' '];
  const isCjk = cjkPattern.test(before) || cjkPattern.test(after);
  const isInWord = letterOrDigitPattern.test(before) && letterOrDigitPattern.test(after) && !isCjk;
  const isGlob =
    mark === '*' && (before === '/' || after === '/' || /^\.[a-z]/.test(text.slice(start + scan.length, start + scan.length + 2)));
  if (mark === '_' ? before === '/' : isInWord || isGlob) return { ...scan, can_open: false, can_close: false };
  if (mark === '_' || (scan.length === 1 && !isCjk)) return scan;
  return { ...scan, can_open: /\S/.test(after), can_close: /\S/.test(before) };
}

function blockFormulaRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (!/[$\\]/.test(state.src[(state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0)] ?? '')) return false;
  const lines: string[] = [];
  const limit = Math.min(endLine, startLine + maxFormulaLines);
  for (let line = startLine; line < limit && !(state.isEmpty(line) && lines.at(-1) === ''); line++) lines.push(lineAt(state, line));
  const formula = blockFormula(lines);
  if (!formula) return false;
  if (silent) return true;
  const token = state.push('formula', '', 0);
  token.content = formula.source;
  token.block = true;
  state.line = startLine + formula.end;
  token.map = [startLine, state.line];
  return true;
}

function lineAt(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
}

function inlineFormulaRule(state: StateInline, silent: boolean): boolean {
  const formula = inlineFormula(state.src, state.pos);
  if (!formula || formula.end > state.posMax) return false;
  if (!silent) {
    const token = state.push('formula', '', 0);
    token.content = formula.source;
    token.markup = state.src.slice(state.pos, formula.end);
  }
  state.pos = formula.end;
  return true;
}

/** Recognizes `</details>`, and `<details>` alone or with a `<summary>` on this or the next line. The writer renders only paired tags. */
function foldRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const line = lineAt(state, startLine).trim();
  const [, tag = '', rest = ''] = /^<(\/?details)(?: open)?>(.*)$/i.exec(line) ?? [];
  const checksNextLine = rest === '' && startLine + 1 < endLine && (state.sCount[startLine + 1] ?? 0) >= state.blkIndent;
  const [summary, title = ''] = /^<summary>(.*)<\/summary>$/i.exec((checksNextLine ? lineAt(state, startLine + 1) : rest).trim()) ?? [];
  const isClosing = tag.startsWith('/');
  if (tag === '' || (rest !== '' && (isClosing || summary === undefined))) return false;
  if (silent) return true;
  const token = state.push('tag', tag.toLowerCase(), 0);
  token.content = line;
  const inlineToken = state.push('inline', '', 0);
  inlineToken.content = isClosing ? '' : title;
  inlineToken.children = [];
  state.line = startLine + (checksNextLine && !isClosing && summary !== undefined ? 2 : 1);
  return true;
}

const footnotePattern = /\[\^([\w.-]{1,40})\]|\\\[\^([\w.-]{1,40})\]:/y;

/** Recognizes a reference such as `[^1]` if its footnote exists, and the footnote's own mark, which `repairMarkdown` escapes. */
function footnoteRule(state: StateInline, silent: boolean): boolean {
  const [whole = '', reference, definition = ''] = matchAt(footnotePattern, state.src, state.pos) ?? [];
  const name = reference ?? definition;
  if (!(state.env as { readonly footnoteNames: ReadonlySet<string> }).footnoteNames.has(name)) return false;
  if (!silent) {
    state.push('tag', 'sup', 0);
    state.push('text', '', 0).content = name;
    state.push('tag', '/sup', 0);
  }
  state.pos += whole.length;
  return true;
}

/** Returns a parser rule for text that is shown unchanged. `match` returns the text at the current position. */
function literalRule(match: (state: StateInline) => string | undefined) {
  return (state: StateInline, silent: boolean): boolean => {
    const text = match(state);
    if (text === undefined || state.pos + text.length > state.posMax) return false;
    if (!silent) state.pending += text;
    state.pos += text.length;
    return true;
  };
}

/** Matches the rest of a Windows path. A blank belongs to the path if a backslash follows in the next word. */
const pathRestPattern = /(?:[^\s<>"|`]| (?=[^\s<>"|`\\]{1,40}\\))+/y;
const networkSharePattern = /\\\\[\w.-]+\\(?=[^\s\\])/y;

/** Copies the backslashes and stars of a Windows path, such as `C:\new\_tmp\*.log`, which would be escapes and emphasis. */
const pathRule = literalRule(({ src, pos }) => {
  if (src[pos] !== '\\') return undefined;
  const isDrive = src[pos - 1] === ':' && /[a-z]/i.test(src[pos - 2] ?? '') && !/[\p{L}\p{N}]/u.test(src[pos - 3] ?? ' ');
  if (!isDrive && (/\S/.test(src[pos - 1] ?? ' ') || !matchAt(networkSharePattern, src, pos))) return undefined;
  return trimPunctuation(matchAt(pathRestPattern, src, pos)?.[0] ?? '');
});

/** Removes punctuation after a path, such as the end of bold text, but not directly after a backslash. */
function trimPunctuation(path: string): string {
  let end = path.length;
  while (end > 2 && "*_~)].,;:!?'".includes(path[end - 1] ?? '') && path[end - 2] !== '\\') end--;
  return path.slice(0, end);
}

const manyMarksRule = literalRule(({ src, pos, delimiters }) => {
  const mark = src[pos] ?? '';
  return '*_~'.includes(mark) && delimiters.length >= maxEmphasisMarks ? mark : undefined;
});

const dunderPattern = /__[a-z][a-z\d_]*__(?!\w)/y;

const dunderRule = literalRule(({ src, pos }) => (/\w/.test(src[pos - 1] ?? ' ') ? undefined : matchAt(dunderPattern, src, pos)?.[0]));

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}

const tagPattern = /<(?:(\/?(?:sub|sup|b|i|u|s|em|strong|kbd|mark|small))|br ?\/?)>/iy;

const imagePattern = /<img\b[^<>]*>/iy;

/** Recognizes `<br>`, and harmless tags, which are rendered only in pairs. Replaces an image with its alt text, or drops base64 data. */
function tagRule(state: StateInline, silent: boolean): boolean {
  const image = matchAt(imagePattern, state.src, state.pos)?.[0];
  const alt = /\balt="([^"]*)"/i.exec(image ?? '')?.[1];
  if (image !== undefined && (alt !== undefined || image.includes('base64'))) {
    if (!silent) state.pending += alt ?? '';
    state.pos += image.length;
    return true;
  }
  const [whole, tagName] = matchAt(tagPattern, state.src, state.pos) ?? [];
  if (whole === undefined) return false;
  if (!silent) {
    const token = state.push(tagName === undefined ? 'hardbreak' : 'tag', tagName?.toLowerCase() ?? 'br', 0);
    token.content = whole;
  }
  state.pos += whole.length;
  return true;
}

/** Recognizes a table, even if a row has more cells than the header, or the line of dashes has fewer cells. */
function tableRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const hasOtherIndent = (line: number): boolean =>
    (state.sCount[line] ?? 0) < state.blkIndent || (state.sCount[line] ?? 0) - state.blkIndent >= 4;
  if (startLine + 1 >= endLine || hasOtherIndent(startLine) || hasOtherIndent(startLine + 1)) return false;
  const headLine = lineAt(state, startLine);
  const alignments = headLine.includes('|') ? columnAlignments(lineAt(state, startLine + 1)) : undefined;
  if (!alignments) return false;
  const headCells = cellsOf(headLine, alignments.length);
  if (headCells.length < 2 && alignments.length > 1) return false;
  if (silent) return true;

  state.push('table_open', 'table', 1);
  pushRow(state, 'th', headCells, alignments);
  let line = startLine + 2;
  const terminators = state.md.block.ruler.getRules('blockquote');
  for (; line < endLine && !state.isEmpty(line) && !hasOtherIndent(line); line++) {
    const text = lineAt(state, line);
    if (!text.includes('|') || terminators.some((rule) => rule(state, line, endLine, true))) break;
    pushRow(state, 'td', cellsOf(text, headCells.length), alignments);
  }
  state.push('table_close', 'table', -1);
  state.line = line;
  return true;
}

function pushRow(state: StateBlock, cellTag: 'th' | 'td', cells: readonly string[], alignments: readonly Alignment[]): void {
  state.push('tr_open', 'tr', 1);
  cells.forEach((cell, column) => {
    const token = state.push('cell_open', cellTag, 1);
    token.info = alignments[column] ?? '';
    const inlineToken = state.push('inline', '', 0);
    inlineToken.content = cell;
    inlineToken.children = [];
    state.push('cell_close', cellTag, -1);
  });
  state.push('tr_close', 'tr', -1);
}

const parser = createParser();

/** Returns the alignments in the line of dashes below the header of a Markdown table. Undefined for any other line. */
function columnAlignments(line: string): readonly Alignment[] | undefined {
  if (!/^(?!- )[-|:][-|:\s]*$/.test(line) || !line.includes('|')) return undefined;
  const cells = trimCells(line.split('|'));
  if (cells.length === 0 || !cells.every((cell) => /^:?-+:?$/.test(cell))) return undefined;
  return cells.map((cell) => (cell.endsWith(':') ? (cell.startsWith(':') ? 'center' : 'right') : cell.startsWith(':') ? 'left' : ''));
}

/** Splits a row into cells. If it has too many cells, ignores pipes in code spans, because models don't escape such pipes. */
function cellsOf(row: string, expectedCount: number): readonly string[] {
  const cells = trimCells(splitRow(row, false));
  return cells.length > expectedCount && row.includes('`') ? trimCells(splitRow(row, true)) : cells;
}

function splitRow(row: string, skipsCode: boolean): readonly string[] {
  const cells: string[] = [];
  let cell = '';
  let codeMark = '';
  for (const [part] of row.matchAll(/\\\||\||`+|[^\\|`]+|\\/g)) {
    if (part === '\\|') cell += '|';
    else if (part === '|' && codeMark === '') {
      cells.push(cell);
      cell = '';
    } else cell += part;
    if (skipsCode && part.startsWith('`')) codeMark = codeMark === '' ? part : codeMark === part ? '' : codeMark;
  }
  return [...cells, cell];
}

function trimCells(cells: readonly string[]): readonly string[] {
  const trimmedCells = cells.map((cell) => cell.trim());
  return trimmedCells.slice(trimmedCells[0] === '' ? 1 : 0, trimmedCells.length > 1 && trimmedCells.at(-1) === '' ? -1 : undefined);
}
