import { delimitedRows } from '#core/output/delimited';
import { delimiterOf, isNumericCell } from '#core/output/language';
import { linkAddresses } from './escapeMarkdown';

/** The maximum number of rows. More rows would slow the preview down. The output's own tab contains all rows. */
const mostRows = 500;
const mostColumns = 60;
const mostCells = 12_000;

/** Returns a delimited text as a Markdown table, and whether rows or columns are left out. Undefined if the text isn't a table. */
export function table(text: string): { readonly markdown: string; readonly isCut: boolean } | undefined {
  const delimiter = delimiterOf(text);
  const all = delimiter && delimitedRows(text, delimiter, mostRows + 2);
  const [first] = all ?? [];
  if (!all || !first) return undefined;

  const width = Math.min(first.length, mostColumns);
  const height = Math.min(mostRows + 1, Math.max(2, Math.floor(mostCells / width)));
  const rows = all.slice(0, height).map((row) => Array.from({ length: width }, (_, column) => row[column] ?? ''));
  // A first row that contains a number isn't a header row.
  const body = first.some(isNumericCell) ? rows : rows.slice(1);
  const head = body === rows ? first.slice(0, width).map(() => ' ') : (rows[0] ?? []);
  const ends = head.map((_, column) => (isNumeric(body, column) ? ' align="right"' : ''));
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((text, column) => `<${tag}${ends[column]}>${cell(text)}</${tag}>`).join('')}</tr>`;
  const lines = [row(head, 'th'), ...body.map((cells) => row(cells, 'td'))];
  return {
    markdown: `<div class="kickoffs-wide">\n<table>\n${lines.join('\n')}\n</table>\n</div>`,
    isCut: all.length > height || first.length > width,
  };
}

function isNumeric(rows: readonly (readonly string[])[], column: number): boolean {
  const cells = rows.map((row) => row[column] ?? '').filter((text) => /\S/.test(text));
  return cells.length > 0 && cells.every(isNumericCell);
}

function cell(text: string): string {
  return text
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => linkAddresses(line))
    .join('<br>');
}
