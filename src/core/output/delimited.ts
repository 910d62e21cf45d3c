/** Characters that can separate the cells of a table, in the order in which they are tried. */
export const delimiters = ['\t', ';', ','] as const;

export type Delimiter = (typeof delimiters)[number];

/** Parses up to `maxRows` rows (RFC 4180), ignoring blank lines. Undefined if a closing quote is missing, or not at a cell's end. */
export function delimitedRows(text: string, delimiter: Delimiter, maxRows = Infinity): readonly (readonly string[])[] | undefined {
  const rows: string[][] = [];
  const unquotedPattern = new RegExp(`[^${delimiter}\\r\\n]*`, 'y');
  let row: string[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;

  while (at < text.length && rows.length < maxRows) {
    let cell: string;
    if (text[at] === '"') {
      const end = closingQuote(text, at);
      if (end === undefined) return undefined;
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      unquotedPattern.lastIndex = at;
      cell = unquotedPattern.exec(text)?.[0] ?? '';
      at += cell.length;
    }
    row.push(cell);
    if (text[at] === delimiter) {
      at++;
      if (at < text.length) continue;
      row.push('');
    } else if (at < text.length && text[at] !== '\r' && text[at] !== '\n') return undefined;
    at += text.startsWith('\r\n', at) ? 2 : 1;
    if (row.length > 1 || row[0]?.trim() !== '') rows.push(row);
    row = [];
  }
  return rows;
}

function closingQuote(text: string, openingQuote: number): number | undefined {
  for (let at = text.indexOf('"', openingQuote + 1); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  return undefined;
}
