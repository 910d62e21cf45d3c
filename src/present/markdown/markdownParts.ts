/** Consecutive lines of Markdown: code, a formula, or text. */
export interface Part {
  readonly kind: 'text' | 'code' | 'math';
  readonly lines: readonly string[];
}

const fence = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`]*$)|~{3,})/;
const listItem = /^\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;

/** Splits Markdown into text and fenced or indented code. */
export function partsOf(lines: readonly string[]): readonly Part[] {
  const parts: { kind: Part['kind']; lines: string[] }[] = [];
  const add = (kind: Part['kind'], line: string, isNew = false): void => {
    const last = parts.at(-1);
    if (last?.kind === kind && !isNew) last.lines.push(line);
    else parts.push({ kind, lines: [line] });
  };
  let mark: string | undefined;
  let isInList = false;
  let wasIndented = false;
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

    const isBlank = !/\S/.test(line);
    if (listItem.test(line)) isInList = true;
    else if (!isBlank && !/^\s/.test(line)) isInList = false;
    const isFirst = index === 0 || !/\S/.test(lines[index - 1] ?? '');
    wasIndented = !isInList && !isBlank && /^(?: {4}|\t)/.test(line) && (isFirst || wasIndented);
    add(wasIndented ? 'code' : 'text', line);
  });
  return parts;
}

/** Applies a change to the text parts. Code and formulas don't change. */
export function changed(parts: readonly Part[], change: (lines: readonly string[]) => readonly Part[]): readonly Part[] {
  return parts.flatMap((part) => (part.kind === 'text' ? change(part.lines) : [part]));
}

/** Applies a change to the parts of a line outside code spans. */
export function outsideCode(line: string, change: (text: string) => string): string {
  if (!line.includes('`')) return change(line);
  return line
    .split(/((?<!`)`+[^`]+`+)/)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('');
}

/** Whether a line is blank, or starts a heading, a list item, a quotation, a rule, or a table row. */
export function isBlockStart(line: string): boolean {
  return !/\S/.test(line) || listItem.test(line) || /^ {0,3}(?:#{1,6}(?:\s|$)|>|\||(?:[-_*][ \t]*){3,}$|={3,}\s*$)/.test(line);
}
