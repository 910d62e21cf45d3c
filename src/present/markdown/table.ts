import { delimitedRows } from '#core/output/delimited';
import { delimiterOf, isNumericCell } from '#core/output/language';
import { linkAddresses } from './escapeMarkdown';

/** The maximum number of rows. More rows would slow the preview down. The output's own tab contains all rows. */
const maxRows = 500;
const maxColumns = 60;
const maxCells = 12_000;

/** Returns a delimited text as a Markdown table, and whether rows or columns are left out. Undefined if the text isn't a table. */
export function table(text: string): { readonly markdown: string; readonly isCut: boolean } | undefined {
  const delimiter = delimiterOf(text);
  const parsedRows = delimiter && delimitedRows(text, delimiter, maxRows + 2);
  const [firstRow] = parsedRows ?? [];
  if (!parsedRows || !firstRow) return undefined;

  const width = Math.min(firstRow.length, maxColumns);
  const height = Math.min(maxRows + 1, Math.max(2, Math.floor(maxCells / width)));
  const rows = parsedRows.slice(0, height).map((row) => Array.from({ length: width }, (_, column) => row[column] ?? ''));
  // A first row that contains a number isn't a header row.
  const body = firstRow.some(isNumericCell) ? rows : rows.slice(1);
  const head = body === rows ? firstRow.slice(0, width).map(() => ' ') : (rows[0] ?? []);
  const attributes = head.map((_, column) => (isNumericColumn(body, column) ? ' align="right"' : ''));
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((text, column) => `<${tag}${attributes[column]}>${cell(text)}</${tag}>`).join('')}</tr>`;
  const lines = [row(head, 'th'), ...body.map((cells) => row(cells, 'td'))];
  return {
    markdown: `<div class="kickoffs-wide">\n<table>\n${lines.join('\n')}\n</table>\n</div>`,
    isCut: parsedRows.length > height || firstRow.length > width,
  };
}

function isNumericColumn(rows: readonly (readonly string[])[], column: number): boolean {
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
