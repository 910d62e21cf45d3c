export type Align = '' | 'left' | 'center' | 'right';

/** Returns the alignments in the line of dashes below the header of a Markdown table. Undefined for any other line. */
export function columnAlignments(line: string): readonly Align[] | undefined {
  if (!/^(?!- )[-|:][-|:\s]*$/.test(line) || !line.includes('|')) return undefined;
  const cells = trimCells(line.split('|'));
  if (cells.length === 0 || !cells.every((cell) => /^:?-+:?$/.test(cell))) return undefined;
  return cells.map((cell) => (cell.endsWith(':') ? (cell.startsWith(':') ? 'center' : 'right') : cell.startsWith(':') ? 'left' : ''));
}

/** Splits a row into its cells. If there are too many, ignores pipes in code spans, because models don't escape such pipes. */
export function cellsOf(row: string, expectedCount: number): readonly string[] {
  const cells = trimCells(splitRow(row, false));
  return cells.length > expectedCount && row.includes('`') ? trimCells(splitRow(row, true)) : cells;
}

function splitRow(row: string, skipsCode: boolean): readonly string[] {
  const cells: string[] = [];
  let cell = '';
  let code = '';
  for (const [part] of row.matchAll(/\\\||\||`+|[^\\|`]+|\\/g)) {
    if (part === '\\|') cell += '|';
    else if (part === '|' && code === '') {
      cells.push(cell);
      cell = '';
    } else cell += part;
    if (skipsCode && part.startsWith('`')) code = code === '' ? part : code === part ? '' : code;
  }
  return [...cells, cell];
}

function trimCells(cells: readonly string[]): readonly string[] {
  const trimmed = cells.map((cell) => cell.trim());
  return trimmed.slice(trimmed[0] === '' ? 1 : 0, trimmed.length > 1 && trimmed.at(-1) === '' ? -1 : undefined);
}
