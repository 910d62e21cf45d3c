import { isBlockStart, type Part } from './markdownParts';
import { isRuleOfTable } from './tableRows';

/** The range of line widths at which a text can count as wrapped by its author. */
const narrowest = 50;
const widest = 130;

interface Join {
  readonly width: number;
  readonly goesOn: boolean;
  /** The width that the line would have with the first word of the next line. */
  readonly needed: number;
  /** Whether the next line begins an entry or has a label, so that its author began a new line. */
  readonly isEntry: boolean;
}

/**
 * Turns line ends in paragraphs into hard breaks. In text that the author wrapped at a fixed width, only short lines and lines before
 * entries get hard breaks.
 */
export function withBreaks(parts: readonly Part[]): readonly Part[] {
  const joinsOfParts = parts.map(({ kind, lines }) => (kind === 'text' ? joinsOf(lines) : []));
  const joins = joinsOfParts.flatMap((all) => all.flatMap((join) => (join && !join.isEntry ? [join] : [])));
  const width = joins.slice(0, 2_000).reduce((most, join) => Math.max(most, join.width), 0);
  const wrapped = joins.filter((join) => join.goesOn && join.needed > 0.85 * width).length;
  const isWrapped = width >= narrowest && width <= widest && wrapped * 2 >= joins.length;
  return parts.map((part, index) => {
    if (part.kind !== 'text') return part;
    const lines = part.lines.map((line, at) => {
      const join = joinsOfParts[index]?.[at];
      if (!join || (isWrapped && join.width >= 0.6 * width && !join.isEntry)) return line;
      return /\\$| {2}$/.test(line) ? line : `${line.trimEnd()}  `;
    });
    return { ...part, lines };
  });
}

const wide = /[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]/;

/** Returns the end of each line whose next line continues the paragraph. Undefined for other lines. */
function joinsOf(lines: readonly string[]): readonly (Join | undefined)[] {
  const isRow = rowsOfTables(lines);
  /** The mark that begins the paragraph, such as `[1]`. A later line of the paragraph with such a mark is an entry too. */
  let mark: string | undefined;
  return lines.map((line, index) => {
    const next = lines[index + 1] ?? '';
    const isQuoted = quotation.test(line) && quotation.test(next);
    const [own, following] = isQuoted ? [unquoted(line), unquoted(next)] : [line, next];
    if (!/\S/.test(own) || !/\S/.test(following) || isBlockStart(following) || isTitleOrRule(own) || isRow[index]) {
      mark = undefined;
      return undefined;
    }
    mark ??= markOf(own);
    const [word = ''] = /\S+/.exec(following) ?? [];
    const isWide = wide.test(own.trimEnd().at(-1) ?? '') || wide.test(word[0] ?? '');
    const width = isWide ? 0 : own.trimEnd().length;
    return {
      width,
      goesOn: /^[("'`*_[]*[\p{Ll}\d]/u.test(word),
      needed: width + 1 + word.length,
      isEntry: isLabel(following) || (mark !== '' && markOf(following) === mark),
    };
  });
}

const marks: readonly RegExp[] = [
  /^\[\^?\d{1,3}\]/,
  /^\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})\)/,
  /^[ivx]{1,5}\. /,
  /^[-+~]?\d/,
  /^[^\s:]{1,30}(?: [–—-] |: )/,
];

function markOf(line: string): string {
  const text = line.trim().replace(/^[*_`]+/, '');
  return marks.find((mark) => mark.test(text))?.source ?? '';
}

const quotation = /^ {0,3}>/;

function unquoted(line: string): string {
  return line.replace(/^ {0,3}>\s?/, '');
}

function isTitleOrRule(line: string): boolean {
  return /^ {0,3}(?:#{1,6}(?:\s|$)|(?:[-_*][ \t]*){3,}$|={3,}\s*$)/.test(line);
}

/** Returns for each line whether it belongs to a table: a line of dashes, the header above it, and the rows below it. */
function rowsOfTables(lines: readonly string[]): readonly boolean[] {
  let isInTable = false;
  return lines.map((line, index) => {
    isInTable = line.includes('|') && (isInTable || isRuleOfTable(line.trim()) !== undefined);
    return isInTable || (line.includes('|') && isRuleOfTable((lines[index + 1] ?? '').trim()) !== undefined);
  });
}

function isLabel(line: string): boolean {
  return /^\s*(?:\*\*)?[\p{Lu}\d][\p{L}\d /&-]{0,30}(?:\*\*)?[:：]|^\s*[•◦▪–—→✓✅❌⬜🔹]/u.test(line);
}
