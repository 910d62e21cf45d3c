import fc from 'fast-check';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { delimitedRows } from '#core/output/delimited';
import { isJsonContainer } from '#core/lib/json';
import { delimiterOf, formatOf } from '#core/output/language';
import { reportOutput } from '#present/documents/reportOutput';
import { figure, times, tries } from '#test/support/fuzz';
import type { Page } from '#test/support/page';
import { t } from './hostile';
import { page } from './preview';
import { pythonSamples } from './pythonSamples';

const folder = path.resolve('test/texts/outputs');

const shown = (text: string): Page => page(reportOutput(text, t));

/** Returns the tokens of JSON, without the spaces between them. */
const tokens = (json: string): string => (json.match(/"(?:[^"\\]|\\.)*"|[^\s"]+|"/g) ?? []).join('');

/** The parts of a document whose texts must be copied unchanged. */
interface Exact {
  readonly markdown: string;
  readonly blocks: readonly string[];
  readonly spans: readonly string[];
  /** Cells, numbers, and paths, in their order. */
  readonly texts: readonly string[];
}

const none: Omit<Exact, 'markdown'> = { blocks: [], spans: [], texts: [] };

function joined(parts: readonly Exact[], between: string): Exact {
  return {
    markdown: parts.map(({ markdown }) => markdown).join(between),
    blocks: parts.flatMap(({ blocks }) => blocks),
    spans: parts.flatMap(({ spans }) => spans),
    texts: parts.flatMap(({ texts }) => texts),
  };
}

/** Puts marks of a list or a quotation in front of lines. */
function prefixed(part: Exact, first: string, rest: string): Exact {
  const lines = part.markdown.split('\n').map((line, index) => (index === 0 ? first : line === '' ? rest.trimEnd() : rest) + line);
  return { ...part, markdown: lines.join('\n') };
}

const signs = [
  ...['<T>', '<b>', '</details>', '<!--', '&amp;', '&lt;', '&#10;', '![', '](x)', ']:', '[x]: y', 'a[i](b)', '$x$', '$$', '\\('],
  ...['\\\\', '\\_', '\\n'],
  ...['"""', "'", '*', '**', '_x_', '__init__', '~~', '# x', '- x', '1. x', '> x', '|', ' | ', '{', '}', ';', '=', '    ', '\t'],
  ...['https://h.example', '…', '中文', 'שלום'],
];
const piece = fc.oneof(
  fc.constantFrom(...signs),
  fc.constantFrom('a', ' ', 'x = 1', 'def f(x):'),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const line = fc.array(piece, { maxLength: 6 }).map((all) => all.join('').replace(/[\r\n\0`~]/g, ''));
const codeBlock = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 5 }), fc.constantFrom('```', '~~~', '````'), fc.constantFrom('', 'python', 'ts', 'html'))
  .map(([lines, mark, language]): Exact => {
    const code = ['x', ...lines, 'y'].join('\n');
    return { ...none, markdown: `${mark}${language}\n${code}\n${mark}`, blocks: [code] };
  });
const jsonBlock = fc.json().map((json): Exact => ({ ...none, markdown: `\`\`\`json\n{"a":${json}}\n\`\`\``, blocks: [`{"a":${json}}`] }));
const span = line
  .map((text) => text.replace(/\\+\|/g, '').trim())
  .filter((text) => text !== '')
  .map((text): Exact => ({ ...none, markdown: `\`${text}\``, spans: [text] }));

const name = fc.stringMatching(/^(?:_{0,2}|\.)[A-Za-z0-9]{1,3}(?:[_.-][a-z0-9]{1,2}){0,2}_{0,2}$/);
const names = fc.array(name, { minLength: 1, maxLength: 4 });
const exactText = fc
  .oneof(
    fc.oneof(
      fc.integer().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.nat().map((one) => one.toLocaleString('en')),
    ),
    names.map((all) => `C:\\${all.join('\\')}`),
    names.map((all) => `\\\\share\\${all.join('\\')}`),
    names.map((all) => `/usr/${all.join('/')}`),
    fc.constantFrom(
      ...['5*3*2', '2**3**2', '$45', '10%', '1_000_000', '1e-9', '3 < 5', '__init__.py', 'src/**/*.ts', 'C:\\new\\_tmp\\*.log', '~5'],
      ...['a_b_c'],
    ),
  )
  .map((text): Exact => ({ ...none, markdown: text, texts: [text] }));
const formula = fc
  .constantFrom('$x^2$', '\\(a_1\\)', '$\\alpha$', 'word', '**bold**', 'https://h.example/a')
  .map((markdown): Exact => ({ ...none, markdown }));
const inline = fc.array(fc.oneof(span, exactText, formula), { minLength: 1, maxLength: 5 }).map((all) => joined(all, ' '));
const sentence = inline.map((part): Exact => ({ ...part, markdown: `So ${part.markdown}, too.` }));
const cell = inline.map(({ markdown, spans, texts }): Exact => ({ ...none, markdown, spans, texts }));
const table = fc.tuple(cell, cell, cell, cell).map(([a, b, c, d]) => {
  const rows = [joined([a, b], ' | '), { ...none, markdown: '---|:-:' }, joined([c, d], ' | ')];
  return joined(
    rows.map((row) => ({ ...row, markdown: `| ${row.markdown} |` })),
    '\n',
  );
});
const block = fc.oneof(sentence, codeBlock, jsonBlock, table, fc.constant<Exact>({ ...none, markdown: '$$\nx^2\n$$' }));
const nested = fc
  .tuple(
    fc.constantFrom('- ', '1. ', '* ', '10. ', '> ', '- - ', '> - ', '1. - '),
    fc.array(fc.oneof(sentence, codeBlock, jsonBlock), { minLength: 1, maxLength: 3 }),
  )
  .map(([mark, parts]) => {
    const rest = mark.startsWith('>') ? `>${' '.repeat(mark.length - 1)}` : ' '.repeat(mark.length);
    return prefixed(joined([{ ...none, markdown: 'Step' }, ...parts], '\n\n'), mark, rest);
  });
const documents = fc
  .array(fc.oneof(block, nested), { minLength: 1, maxLength: 3 })
  .map((parts) => joined([{ ...none, markdown: '# Title\n\nSome **bold** text.' }, ...parts], '\n\n'));

/** Returns the cells that aren't empty. */
function cellsIn(tables: readonly (readonly (readonly string[])[])[]): readonly string[] {
  return tables.flat(2).flatMap((cell) => cell.trim().replace(/\s*\n\s*/g, '\n') || []);
}

/** Returns code, without the spaces between tokens if it is JSON. */
function exact(code: string): string {
  return isJsonContainer(code) ? tokens(code) : code;
}

/** Returns the code of a Markdown text that isn't on its page. */
function lost(text: string, found: Page): readonly string[] {
  const fences = [...text.matchAll(/^( *)(`{3,}|~{3,})[^\n`]*\n([^]*?)^ *\2 *$/gm)];
  const blocks = fences.map(([, indent = '', , code = '']) => code.replace(new RegExp(`^${indent}`, 'gm'), '').replace(/\n$/, ''));
  const outside = fences.reduce((rest, [fence]) => rest.replace(fence, ''), text);
  const spans = [...outside.matchAll(/(?<![`\\])`([^`\n]+)`(?!`)/g)].map(([, code = '']) => code);
  const copied = found.preformatted().map(exact);
  return [...blocks.filter((one) => !copied.includes(exact(one))), ...spans.filter((one) => !found.codeSpans().includes(one))];
}

/** Returns the texts that are missing on a page, or not in this order. */
function missing(text: string, wanted: readonly string[]): readonly string[] {
  let at = 0;
  return wanted.filter((one) => {
    const found = text.indexOf(one, at);
    if (found >= 0) at = found + one.length;
    return found < 0;
  });
}

describe('Text that is copied from a report', () => {
  it("is exactly the server's text, for any document", function () {
    this.timeout(times(300_000));
    const copied = fc.property(documents, ({ markdown, blocks, spans, texts }) => {
      fc.pre(formatOf(markdown) === 'markdown');
      const found = shown(markdown);
      assert.deepEqual(found.preformatted().map(exact), blocks.map(exact));
      assert.deepEqual(found.codeSpans(), spans);
      assert.deepEqual(missing(found.text(), texts), []);
    });
    fc.assert(copied, tries(10_000));
    figure(29, `${times(10_000)} random documents: 0 characters changed`);
  });

  for (const file of readdirSync(folder).filter(
    (one) => !/^(?:json-string|plain-escaped|plain-unicode-escapes|markdown-fenced-whole)/.test(one),
  ))
    it(`equals the server's text in ${file}`, () => {
      const text = readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n');
      const found = shown(text);
      const language = formatOf(text);
      const delimiter = delimiterOf(text);
      const rows = language === 'csv' || language === 'tsv' ? (delimitedRows(text, delimiter ?? ',', 500) ?? []) : [];
      if (rows.length > 0) assert.deepEqual(cellsIn(found.tables()), cellsIn([rows]));
      else if (language === 'json') assert.ok(found.preformatted().some((one) => tokens(one) === tokens(text)));
      else if (language === 'markdown') assert.deepEqual(lost(text, found), []);
      else
        assert.deepEqual(
          found.preformatted().map((one) => one.trim()),
          [text.trim()],
        );
    });

  it("has the same JSON tokens as the server's JSON", () => {
    const json = '{"a":1.0,"b":[1e400,"\\u00e9 ](x)",{}],"a":-0}';
    assert.deepEqual(shown(`# a\n\n- b\n\n  \`\`\`json\n  ${json}\n  \`\`\``).preformatted().map(tokens), [tokens(json)]);
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  (python ? it : it.skip)(`still compiles if it is Python code${python ? '' : ' (skipped without python3)'}`, () => {
    const copied = pythonSamples.flatMap((code, index) => {
      const fence = { ...none, markdown: `\`\`\`python\n${code}\n\`\`\``, blocks: [code] };
      const marks = [
        ['', ''],
        ['- Step\n\n  ', '  '],
        ['1. Step\n   - Part\n     ', '     '],
        ['> ', '> '],
      ] as const;
      const nested = marks.map(([first, rest]) => prefixed(fence, first, rest).markdown);
      const blocks = shown(`# Title ${index}\n\nSome **bold** text.\n\n${nested.join('\n\nThen:\n\n')}`).preformatted();
      assert.deepEqual(
        blocks,
        marks.map(() => code),
      );
      return blocks;
    });
    const compile = 'import json, sys\nfor code in json.load(sys.stdin): compile(code, "copied", "exec")';
    const { stderr } = spawnSync('python3', ['-c', compile], { input: JSON.stringify(copied), encoding: 'utf8' });
    assert.equal(stderr, '');
  });
});
