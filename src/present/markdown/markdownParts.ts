import { blockFormula } from './formulas';

/** Consecutive lines of Markdown: code, a formula, or text. */
export interface Part {
  readonly kind: 'text' | 'code' | 'math';
  readonly lines: readonly string[];
}

const fence = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`]*$)|~{3,})/;
const listItem = /^\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;

export interface GrowingPart extends Part {
  readonly lines: string[];
}

/** Adds lines to the last part if it has the same kind. */
export function append(parts: GrowingPart[], { kind, lines }: Part, isNew = false): void {
  const last = parts.at(-1);
  if (last?.kind === kind && !isNew) for (const line of lines) last.lines.push(line);
  else parts.push({ kind, lines: [...lines] });
}

/** Splits Markdown into text, formulas, and fenced or indented code. */
export function partsOf(lines: readonly string[]): readonly Part[] {
  const parts: GrowingPart[] = [];
  const add = (kind: Part['kind'], line: string, isNew?: boolean): void => append(parts, { kind, lines: [line] }, isNew);
  let mark: string | undefined;
  let isInList = false;
  let wasIndented = false;
  let formulaEnd = 0;
  lines.forEach((line, index) => {
    if (mark !== undefined) {
      add('code', line);
      const [, end = ''] = /^[\s>]*(`{3,}|~{3,})[ \t]*$/.exec(line) ?? [];
      if (end.startsWith(mark)) mark = undefined;
      return;
    }
    mark = fence.exec(line)?.[1];
    if (mark !== undefined) {
      add('code', line, true);
      return;
    }

    if (index < formulaEnd) return;
    const formula = /^\s*[$\\]/.test(line) ? blockFormula(lines, index) : undefined;
    if (formula) {
      formulaEnd = formula.end;
      lines.slice(index, formulaEnd).forEach((one, at) => add('math', one, at === 0));
      return;
    }

    const isBlank = !/\S/.test(line);
    if (listItem.test(line)) isInList = true;
    else if (!isBlank && !/^\s/.test(line)) isInList = false;
    const isFirst = index === 0 || !/\S/.test(lines[index - 1] ?? '');
    wasIndented = !isInList && !isBlank && /^(?: {4}|\t)/.test(line) && (isFirst || wasIndented);
    add(wasIndented ? 'code' : 'text', line);
  });
  return parts;
}

export function changed(parts: readonly Part[], change: (lines: readonly string[]) => readonly Part[]): readonly Part[] {
  return parts.flatMap((part) => (part.kind === 'text' ? change(part.lines) : [part]));
}

export function isListItem(line: string): boolean {
  return listItem.test(line);
}

/** Whether a line is blank, or starts a heading, a list item, a quotation, a rule, or a table row. */
export function isBlockStart(line: string): boolean {
  return !/\S/.test(line) || listItem.test(line) || /^ {0,3}(?:#{1,6}(?:\s|$)|>|\||(?:[-_*][ \t]*){3,}$|={3,}\s*$)/.test(line);
}
