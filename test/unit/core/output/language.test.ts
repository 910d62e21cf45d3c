import fc from 'fast-check';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { contentFormat, delimiterOf, isNumericCell, formatOf } from '#core/output/language';
import { outputFormats } from '#core/output/outputFormats';
import { always } from '#test/support/checks';
import { assertLinear } from '#test/support/growth';

const folder = path.resolve('test/texts/outputs');
const snippets = JSON.parse(readFileSync('test/texts/snippets.json', 'utf8')) as Readonly<Record<string, readonly string[]>>;

describe('The language of an output', () => {
  for (const file of readdirSync(folder)) {
    const language = file.split('.').at(-2);
    it(`is ${language} for ${file}, even with CRLF line ends`, () => {
      const text = readFileSync(path.join(folder, file), 'utf8');
      assert.equal(contentFormat(text), language);
      assert.equal(contentFormat(text.replace(/\r?\n/g, '\r\n')), language);
    });
  }

  for (const [language, texts] of Object.entries(snippets)) {
    it(`is ${language} for short ${language} samples`, () => {
      for (const text of texts) assert.equal(formatOf(text), language, text);
    });
  }

  for (const [language, comment] of [
    ['sql', '--'],
    ['python', '#'],
    ['shell', '#'],
    ['dockerfile', '#'],
    ...['//', '/*', '#', '%'].map((comment) => ['code', comment] as const),
  ] as const) {
    it(`is ${language} even with a ${comment} comment before and after each line`, () => {
      const commented = (line: string) => [`${comment} This line says what the next one does.`, line, `${comment} The line above is done.`];
      for (const text of snippets[language] ?? [])
        if (!text.includes('\\\n')) assert.equal(formatOf(text.split('\n').flatMap(commented).join('\n')), language, text);
    });
  }

  it("isn't the language of a statement inside a line", () => {
    for (const code of [
      'import os',
      'def total():',
      'const total = 2',
      'function total',
      'interface Run',
      'SELECT id',
      'npm install',
      'using System',
      'fn total',
      'public class',
      'package main',
      'func main() {',
      '#include <a>',
      'FROM python',
      'Get-Item x',
      '<?php',
      'color: red;',
      'require x',
    ])
      assert.equal(formatOf(`we see ${code}\na = 1\nb = 2\nc = 3`), 'plain', code);
  });

  const manyItems = () => Array.from({ length: 40_000 }, (_, index) => ({ index, text: 'a "quoted" {brace}' }));

  it('is JSON for a valid object or array of any size', () => {
    for (const text of ['{}', ' [1]\n', '{"a": {"b": [1, 2.5e3, "}"]}}']) assert.equal(formatOf(text), 'json', text);
    assert.equal(formatOf(JSON.stringify(manyItems())), 'json');
  });

  it('is JSON Lines for 40,000 objects on separate lines', () => {
    const text = manyItems().map((item) => JSON.stringify(item));
    assert.equal(formatOf(text.join('\n')), 'jsonl');
  });

  it("isn't JSON for a short text that isn't a valid object or array", () => {
    for (const text of ['{"a": 1', '{"a": 1,}', '"text"', '42', '{"a": nan}', '[1] and more'])
      assert.notEqual(formatOf(text), 'json', text);
  });

  /** Returns a text that only begins and ends like JSON. */
  const wrong = (length: number) => `${'[1 2'.padEnd(length - 1)}]`;

  it("isn't JSON for a long text that doesn't begin and end like JSON", () => {
    assert.notEqual(formatOf(`{${"'a': 1, ".repeat(60_000)}}`), 'json');
    assert.notEqual(formatOf(`[${'1,'.repeat(200_000)}2] and more`), 'json');
    for (const text of [`${wrong(262_145)} x`, `x ${wrong(262_145)}`, `[x${wrong(262_145)}`]) assert.notEqual(formatOf(text), 'json');
  });

  it('is JSON for an invalid text only if it begins and ends like JSON and has more than 262,144 characters', () => {
    assert.notEqual(formatOf(wrong(262_144)), 'json');
    assert.equal(formatOf(wrong(262_145)), 'json');
  });

  it('is plain for a line with 200,000 or more characters of words', () => {
    for (const words of [40_000, 60_000]) assert.equal(formatOf('word '.repeat(words)), 'plain');
  });

  it('is JSON Lines only if each line is an object or array, however long', () => {
    const line = (length: number) => JSON.stringify({ text: 'x'.repeat(length - 11) });
    for (const length of [399, 400, 401, 5_000]) assert.equal(formatOf(`${line(length)}\n${line(length)}`), 'jsonl', String(length));
    assert.equal(formatOf(`[["${'a'.repeat(400)}"]]\n${line(12)}`), 'jsonl');
    assert.equal(formatOf(`${line(399).slice(0, -1)}\n${line(12)}`), 'preformatted');
    assert.equal(formatOf(`Note {"${'a'.repeat(400)}"]]\n${line(12)}`), 'plain');
    assert.equal(formatOf(`{"text": "${'long'.repeat(100)}`), 'preformatted');
  });

  const titled = (before: string, after: string) => formatOf(`${before}## Title\n${after}`);
  const lines = (count: number, line = 'A line\n') => line.repeat(count);

  it('depends only on the first and last 400 lines', () => {
    assert.equal(titled(lines(399), lines(1_000)), 'markdown');
    assert.equal(titled(lines(400), lines(1_000)), 'plain');
    assert.equal(titled(lines(1_000), lines(398)), 'markdown');
    assert.equal(titled(lines(1_000), lines(399)), 'plain');
    assert.equal(titled(lines(400), lines(398)), 'markdown');
  });

  it('depends only on the first and last 80,000 characters of a text with more than 160,000', () => {
    const long = `${'word '.repeat(60)}\n`;
    assert.equal(titled(lines(260, long), lines(400, long)), 'markdown');
    assert.equal(titled(lines(270, long), lines(400, long)), 'plain');
    assert.equal(titled(lines(400, long), lines(260, long)), 'markdown');
    assert.equal(titled(lines(400, long), lines(270, long)), 'plain');
    assert.equal(titled(lines(270, long), lines(250, long)), 'markdown');
  });

  it('is found for a large text even if the text is cut inside lines', () => {
    const text = 'x'.repeat(300);
    const rows = (row: (index: number) => string) => Array.from({ length: 700 }, (_, index) => row(index)).join('\n');
    assert.equal(formatOf(rows((index) => JSON.stringify({ index, text }))), 'jsonl');
    assert.equal(formatOf(rows((index) => (index === 0 ? 'name;note' : `${index};"${text}"`))), 'csv');
    assert.equal(formatOf(rows((index) => `KEY_${index}=${text}`)), 'ini');
  });

  it('depends only on the first 400 characters of each line', () => {
    assert.equal(formatOf(`${'x'.repeat(391)} **bold**`), 'markdown');
    assert.equal(formatOf(`${'x'.repeat(392)} **bold**`), 'plain');
  });

  it("doesn't depend on the colors of a terminal", () => {
    assert.equal(formatOf('\u001b[32mINFO\u001b[0m started\n\u001b[1;31mERROR\u001b[m failed'), 'log');
    assert.equal(formatOf('\u009b38;5;1mWARN\u009b0m slow\n\u001b[?25lDEBUG done'), 'log');
  });

  it('is plain for a text without visible characters', () => {
    for (const text of ['', ' ', '\n\r\n\t']) assert.equal(formatOf(text), 'plain', JSON.stringify(text));
  });

  it('is Markdown instead of code only if a heading has empty lines around it', () => {
    const code = 'import os\nprint(1)\nprint(2)';
    assert.equal(formatOf(`# Title\n${code}`), 'python');
    assert.equal(formatOf(`${code}\nprint("**bold**")`), 'python');
    assert.equal(formatOf(`${code}\n## Title\n${code}`), 'python');
    assert.equal(formatOf(`${code}\n\n## Title\n${code}`), 'python');
    assert.equal(formatOf(`${code}\n## Title\n\n${code}`), 'python');
    assert.equal(formatOf(`${code}\n\n## Title\n\n${code}`), 'markdown');
  });

  it('is plain for prose with characters that Markdown would hide', () => {
    for (const text of [
      'This is *not bold*.\n- one item',
      'See __init__ and main_loop.\n1. first',
      'Call #1 went well.\nScore: 3*4*5',
      '"Less is more."\n- Mies',
    ])
      assert.equal(formatOf(text), 'plain', text);
  });

  it("isn't CSV or TSV if the lines don't form a table", () => {
    for (const text of [
      'Roses are red, violets are blue\nSugar is sweet, and so are you',
      'Dear Ana,\nthanks for the call, it was great,\nBest, Bo',
      'Paris, France\nRome, Italy\nBonn, Germany',
      'a,b,c\n1,2\n3,4,5',
      'name,quote\nAna,"never closed',
    ])
      assert.ok(!['csv', 'tsv'].includes(formatOf(text)), text);
  });

  it('is preformatted for text with a schema that an editor would fetch', () => {
    for (const text of [
      '# yaml-language-server: $schema=http://h.example/s.json\na:\n  b: 1\n  c: 2',
      '$schema: http://h.example/s.json\na:\n  b: 1\n  c: 2',
      '"\\x24schema": http://h.example/s.json\na:\n  b: 1\n  c: 2\n  d: 3\n  e: 4\n  f: 5',
      '<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "http://h.example/a.dtd">\n<a>\n</a>',
      '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://h.example/a.xsd">\n<b>1</b>\n</a>',
      '<?xml-model href="http://h.example/a.rnc"?>\n<a>\n<b>1</b>\n</a>',
    ])
      assert.equal(formatOf(text), 'preformatted', text);
  });

  const line = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('a: b', '- a', '# a', 'x,y', '<a>', '{', '}', 'a = 1', '\t', '|a|b|'),
  );
  const lineLists = fc.array(line, { maxLength: 12 });

  always('is a known language for any text, and the same each time', 2_000, [lineLists], (some) => {
    const found = formatOf(some.join('\n'));
    assert.ok(outputFormats.includes(found));
    assert.equal(formatOf(some.join('\n')), found);
  });

  it('is found in linear time for 10 MB of text', () => {
    for (const unit of ['word ', 'a line of words\n', '{"a":1,"b":[2]},'])
      assertLinear((length) => formatOf(unit.repeat(length / unit.length)), 1_250_000, unit);
  }).timeout(20_000);
});

describe('The delimiter of a table', () => {
  it('is a tab, semicolon, or comma if at least two rows form a table, and otherwise undefined', () => {
    for (const delimiter of ['\t', ';', ','] as const) {
      assert.equal(delimiterOf(`name${delimiter}size\na${delimiter}1`), delimiter);
      for (const text of [`name${delimiter}size`, `name${delimiter}\na${delimiter}1`, `name${delimiter}size\na`, 'name\na', ''])
        assert.equal(delimiterOf(text), undefined, JSON.stringify(text));
    }
  });
});

describe('A table cell', () => {
  it('is a number only in a common number format', () => {
    for (const text of [
      ...[
        '1',
        '42',
        '-1',
        '+4.25',
        '(3)',
        '10%',
        '10 %',
        '€1.50',
        '-$ 5',
        '1 €',
        "1'000",
        '1,234,567',
        '1.234.567,89',
        '12 345',
        '999.999',
      ],
      '1'.repeat(200),
      ...['1e5', '1E-5', '2.5e+10', ' 7 ', '0,5', '12345,678'],
    ])
      assert.ok(isNumericCell(text), text);
    for (const text of [
      ...['', ' ', 'a1', '1a', 'x 1', '1 kg', '2026-11-28', '28.11.2026', '10:00', '1.2.3', '1.2345.6', '1e', '1ee5', '1ex', '5-1', '€'],
      '1'.repeat(201),
      ...['1 2', '12345 678', '1,,000', '1..5', '1x000'],
    ])
      assert.ok(!isNumericCell(text), text);
  });
});
