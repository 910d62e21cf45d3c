import { isBlockStart, type Part } from './markdownParts';

/** The range of line widths at which a text can count as wrapped by its author. */
const narrowest = 50;
const widest = 130;

/** The end of a line inside a paragraph. */
interface Join {
  readonly width: number;
  /** Whether the next line continues a sentence. */
  readonly goesOn: boolean;
  /** The width that the line would have with the first word of the next line. */
  readonly needed: number;
}

/**
 * Turns line ends in paragraphs into hard breaks, for example in addresses, poems, signatures, and lists with unusual bullets.
 *
 * If the author wrapped the text at a fixed width, only short lines and lines before labels get hard breaks. The preview wraps the other
 * lines at its own width.
 */
export function withBreaks(parts: readonly Part[]): readonly Part[] {
  const joins = parts.flatMap(({ kind, lines }) => (kind === 'text' ? lines.flatMap((_, index) => joinAt(lines, index) ?? []) : []));
  const width = Math.max(0, ...joins.slice(0, 2_000).map((join) => join.width));
  const isFull = (join: Join): boolean => join.needed > 0.85 * width;
  const wrapped = joins.filter((join) => join.goesOn && isFull(join)).length;
  const isWrapped = width >= narrowest && width <= widest && wrapped * 2 >= joins.length;
  return parts.map((part) => {
    if (part.kind !== 'text') return part;
    const lines = part.lines.map((line, index) => {
      const join = joinAt(part.lines, index);
      if (!join || (isWrapped && join.width >= 0.6 * width && !isLabel(part.lines[index + 1] ?? ''))) return line;
      return /\\$| {2}$/.test(line) ? line : `${line.trimEnd()}  `;
    });
    return { ...part, lines };
  });
}

const wide = /[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]/;

/** Returns the end of a line if the next line continues the paragraph. Undefined for other lines. */
function joinAt(lines: readonly string[], index: number): Join | undefined {
  const [line = '', next = ''] = [lines[index], lines[index + 1]];
  const isQuoted = /^ {0,3}>/.test(line) && /^ {0,3}>/.test(next);
  const [own, following] = isQuoted ? [unquoted(line), unquoted(next)] : [line, next];
  if (!/\S/.test(own) || !/\S/.test(following) || isBlockStart(following) || isTitleOrRule(own) || isRow(lines, index)) return undefined;
  const [word = ''] = /^\S+/.exec(following.trim()) ?? [];
  const isWide = wide.test(own.trimEnd().at(-1) ?? '') || wide.test(word[0] ?? '');
  const width = isWide ? 0 : own.trimEnd().length;
  return { width, goesOn: /^[("'`*_[]*[\p{Ll}\d]/u.test(word), needed: width + 1 + word.length };
}

function unquoted(line: string): string {
  return line.replace(/^ {0,3}>\s?/, '');
}

function isTitleOrRule(line: string): boolean {
  return /^ {0,3}(?:#{1,6}(?:\s|$)|(?:[-_*][ \t]*){3,}$|={3,}\s*$)/.test(line);
}

/** Whether a line is a row of a table. Markdown tables have a line of dashes below their header. */
function isRow(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? '';
  if (!line.includes('|')) return false;
  const isRule = (one: string | undefined): boolean =>
    /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/.test(one ?? '') && (one ?? '').includes('-');
  if (isRule(line) || isRule(lines[index + 1])) return true;
  for (let at = index; at >= 0 && /\S/.test(lines[at] ?? '') && (lines[at] ?? '').includes('|'); at--) if (isRule(lines[at])) return true;
  return false;
}

function isLabel(line: string): boolean {
  return /^\s*(?:\*\*)?[\p{Lu}\d][\p{L}\d /&-]{0,30}(?:\*\*)?[:：]|^\s*[•◦▪–—→✓✅❌⬜🔹]/u.test(line);
}
