import { delimitedRows } from '#core/output/delimited';
import { delimiterOf, isNumericCell } from '#core/output/language';
import { linkAddresses } from './escapeMarkdown';

/** The maximum number of rows. More rows would slow the preview down. The output's own tab contains all rows. */
const maxRows = 500;
const maxColumns = 60;
const maxCells = 12_000;

/** Returns a delimited text as an HTML table for Markdown, and whether rows or columns are left out. Undefined for other text. */
export function markdownTable(text: string): { readonly markdown: string; readonly isCut: boolean } | undefined {
  const delimiter = delimiterOf(text);
  const parsedRows = delimiter && delimitedRows(text, delimiter, maxRows + 2);
  const [firstRow] = parsedRows ?? [];
  if (!parsedRows || !firstRow) return undefined;

  const columnCount = Math.min(firstRow.length, maxColumns);
  const rowLimit = Math.min(maxRows + 1, Math.max(2, Math.floor(maxCells / columnCount)));
  const rows = parsedRows.slice(0, rowLimit).map((row) => Array.from({ length: columnCount }, (_, column) => row[column] ?? ''));
  // A first row that contains a number isn't a header row.
  const bodyRows = firstRow.some(isNumericCell) ? rows : rows.slice(1);
  const headCells = bodyRows === rows ? firstRow.slice(0, columnCount).map(() => ' ') : (rows[0] ?? []);
  const columnAttributes = headCells.map((_, column) => (isNumericColumn(bodyRows, column) ? ' align="right"' : ''));
  const rowHtml = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell, column) => `<${tag}${columnAttributes[column]}>${cellHtml(cell)}</${tag}>`).join('')}</tr>`;
  const lines = [rowHtml(headCells, 'th'), ...bodyRows.map((cells) => rowHtml(cells, 'td'))];
  return {
    markdown: `<div class="kickoffs-wide">\n<table>\n${lines.join('\n')}\n</table>\n</div>`,
    isCut: parsedRows.length > rowLimit || firstRow.length > columnCount,
  };
}

function isNumericColumn(rows: readonly (readonly string[])[], column: number): boolean {
  const cells = rows.map((row) => row[column] ?? '').filter((text) => /\S/.test(text));
  return cells.length > 0 && cells.every(isNumericCell);
}

function cellHtml(text: string): string {
  return text
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => linkAddresses(line))
    .join('<br>');
}
