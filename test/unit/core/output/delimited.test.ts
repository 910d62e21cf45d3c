import fc from 'fast-check';
import assert from 'node:assert/strict';
import { delimitedRows, delimiters } from '#core/output/delimited';
import { always } from '#test/support/checks';
import { assertLinear } from '#test/support/growth';

describe('Delimited text', () => {
  it('can have quoted cells that contain delimiters, line breaks, and quotes', () => {
    const text = 'a,"b, c","say ""hi"""\r\n"two\nlines",,x\n\n';
    assert.deepEqual(delimitedRows(text, ','), [
      ['a', 'b, c', 'say "hi"'],
      ['two\nlines', '', 'x'],
    ]);
  });

  it('can have a byte order mark, quotes in unquoted cells, and empty cells', () => {
    assert.deepEqual(delimitedRows('\ufeffa\t5" pipe\n1\t', '\t'), [
      ['a', '5" pipe'],
      ['1', ''],
    ]);
  });

  it("isn't valid if a quote stays open or text follows a closing quote", () => {
    for (const text of ['"a', 'a,"b', '"a"b,c', 'a,"b""']) assert.equal(delimitedRows(text, ','), undefined, text);
  });

  const cells = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\t', '\n', '\r', ' ', '|') });
  const tables = fc.array(fc.array(cells, { minLength: 2, maxLength: 4 }), { maxLength: 5 });

  always('is parsed into the cells that were written', 1_000, [fc.constantFrom(...delimiters), tables], (delimiter, rows) => {
    const text = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)).join('\r\n');
    assert.deepEqual(delimitedRows(text, delimiter), rows);
  });

  it('is parsed only up to the maximum number of rows', () => {
    assert.equal(delimitedRows('a,b\n'.repeat(10_000), ',', 3)?.length, 3);
  });

  it('is parsed in linear time', () => {
    for (const unit of ['a,b\n', '"', '""', '"a",', ',', '\n', 'a'])
      assertLinear((length) => delimitedRows(unit.repeat(length / unit.length), ','), 200_000, JSON.stringify(unit));
  }).timeout(20_000);
});
