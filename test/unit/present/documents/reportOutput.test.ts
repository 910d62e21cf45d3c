import fc from 'fast-check';
import assert from 'node:assert/strict';
import { unescapePlain } from '#core/output/content';
import { formatOf } from '#core/output/language';
import { reportOutput } from '#present/documents/reportOutput';
import { always } from '#test/support/checks';
import { least } from '#test/support/growth';
import { attribute, type Page } from '#test/support/page';
import { onlyValues, t } from './hostile';
import { page } from './preview';

function shown(text: string): Page {
  return page(reportOutput(text, t));
}

/** Returns the headings, paragraphs, items, and code blocks of an output. */
function blocks(text: string): readonly string[] {
  return shown(text).named('h3', 'h4', 'h5', 'h6', 'p', 'li', 'pre');
}

const plainLine = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    ...['', '  indented', '\tand tabs', 'Name: x', '*not bold*', '__init__', '# no', '<b>x</b>', '&amp; &lt;', '$5 $6', '\\n', '~~~'],
    ...['    four', 'a  b   c', '[x](y)', '![a](b)', '```', '1. x', '</pre>', '中文。', 'שלום'],
  ),
);
const plainTexts = fc
  .array(plainLine, { minLength: 1, maxLength: 12 })
  .map((lines) => lines.join('\n'))
  .filter((text) => formatOf(text) === 'plain' && unescapePlain(text) === text && !text.trimStart().startsWith('"'));

describe('An output in a report', () => {
  always('is shown with all characters in order if it is plain text', 3_000, [plainTexts, fc.constantFrom('\n', '\r\n')], (text, end) => {
    const wanted = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').replaceAll('\0', '\ufffd');
    assert.deepEqual(shown(text.replaceAll('\n', end)).preformatted(), [wanted]);
  });

  it('contains no hard-coded text of the extension', () => {
    for (const text of ['7', '{"raw":"7\\n7 7"}', '7,8\n'.repeat(9), '7'.repeat(400_000)]) {
      const words = page(reportOutput(text, onlyValues)).text();
      assert.doesNotMatch(words.replace('"raw"', '').replace(/\\n/g, ''), /\p{L}/u);
    }
  });

  it('has a fold for each `<details>` element, even in lists and other folds', () => {
    const page = shown(
      '# a\n\n<details>\n<summary>Raw **data** (2)</summary>\n\n```text\nx\n```\n\n- b\n\n  <details open><summary>Inner</summary>\n  c\n  </details>\n</details>\n\nend',
    );
    assert.deepEqual(page.named('details', 'summary', 'p'), [
      'details Raw data (2)\nx\nb\nInner\nc',
      'summary Raw data (2)',
      'p b',
      'details Inner\nc',
      'summary Inner',
      'p c',
      'p end',
    ]);
    assert.deepEqual(page.codeBlocks(), ['text: x']);
  });

  it('has a fold for a `<details>` element directly below code without a fence', () => {
    const page = shown('# a\n\n{"status": "ok"}\n<details>\n<summary>Raw</summary>\n\nfoo bar\n\n</details>');
    assert.deepEqual(page.named('details'), ['details Raw\nfoo bar']);
  });

  it('shows a `<details>` tag as text if the tag is unpaired or in code', () => {
    for (const text of ['<details>\n\nb', 'b\n\n</details>', '> <details>\n\nb\n\n</details>', '`<details>` b `</details>`']) {
      const page = shown(`# a\n\n${text}`);
      assert.deepEqual(page.all('details'), [], text);
      assert.match(page.text(), /<\/?details>/);
    }
  });

  it('has superscripts only for footnotes that are defined', () => {
    const page = shown('# a\n\nRevenue[^1] and costs[^n-2] of [^a-z].\n\n[^1]: https://a.example\n[^n-2]: Annual report');
    assert.deepEqual(page.texts('p'), ['Revenue1 and costsn-2 of [^a-z].', '1 https://a.example\nn-2 Annual report']);
    assert.deepEqual(page.texts('sup'), ['1', 'n-2', '1', 'n-2']);
  });

  it('ends with a note if it is cut after 20,000 lines', () => {
    const [first = '', ...more] = shown(`# a\n\n${'b\n\n'.repeat(12_000)}c`)
      .texts('p')
      .slice(-2);
    assert.deepEqual([first, more], ['b', ['Truncated. Open the output to see all of it.']]);
  });

  it('is less than eight times as long as its text, even with long indents', () => {
    const indent = ' '.repeat(4_000);
    const texts = [
      `# a\n\n1.${indent}b\n${' - c\n'.repeat(4_000)}`,
      `# a\n\n\`\`\`json\n${indent}[${'1,'.repeat(4_000)}1]\n\`\`\``,
      `# a\n\n\`\`\`json\n${'['.repeat(14)}${'1,'.repeat(9_000)}1${']'.repeat(14)}\n\`\`\``,
      `${'['.repeat(14)}${'1,'.repeat(9_000)}1${']'.repeat(14)}`,
    ];
    for (const text of texts) assert.ok(reportOutput(text, t).length < 8 * text.length, text.slice(0, 20).trim());
  });
});

describe('Markdown in a report', () => {
  it('takes less than three times as long to render with dollar signs as with other signs', function () {
    this.timeout(60_000);
    const time = (unit: string): number => least(() => reportOutput(`# a\n\n${unit.repeat(150_000 / unit.length)}`, t));
    const long = '**a** '.repeat(12);
    for (const [dollars, others] of [
      [`${long} $x$ `, `${long} \`x\` `],
      ['\\\\$', '\\\\€'],
    ] as const)
      assert.ok(time(dollars) < 3 * time(others), dollars);
  });

  it('keeps meaningful line breaks, with `markdown.preview.breaks` off and on', () => {
    const text =
      '# Lead\n\n**Name:** Ana\n**Role:** CTO\n\n• one\n• two\n  ◦ three\n\n🔴 down\n🟢 up\n\n市场增长\n出口下降\n\n> first\n> second\n\n- item\n  more\n\nBest,\nBo';
    for (const breaks of ['usual', 'breaks'] as const) {
      const lines = page(reportOutput(text, t), breaks).lines();
      const wanted = ['Name: Ana', 'Role: CTO', '• one', '• two', '◦ three', '🔴 down', '🟢 up', '市场增长', '出口下降'];
      assert.deepEqual(lines, ['Lead', ...wanted, 'first', 'second', 'item', 'more', 'Best,', 'Bo'], breaks);
    }
  });

  it('has no line breaks in paragraphs that are wrapped at a fixed width', () => {
    const text =
      '# Notes\n\nThis release concentrates on stability. The scheduler no longer drops jobs when\nthe database fails over, and the worker reports its memory more precisely than\nbefore. Most users will notice only that nightly runs finish earlier.\n\n- The setting was renamed from one thing to another one. The old name still works\n  until version five.';
    assert.equal(shown(text).lines().length, 3);
    const long = 'A very long title '.repeat(10);
    for (const wide of [`${long}\n${'='.repeat(40)}`, `${long}|\n| b`, `> ${'> '.repeat(30)}quoted\n> ${'> '.repeat(30)}text`])
      assert.ok(
        shown(`${wide}\n\n${text}`)
          .lines()
          .some((line) => line.endsWith('nightly runs finish earlier.')),
        wide,
      );
  });

  const linked = '## Top\n\n[one](#top) [two](#top-1) [three](#none) [four](#task:1)\n\n#### Deep\n\n## Top\n\n## Top 1';

  it('has its highest headings one level below the sections of the report', () => {
    assert.deepEqual(shown(linked).named('h3', 'h4', 'h5'), ['h3 Top', 'h5 Deep', 'h3 Top', 'h3 Top 1']);
  });

  it('has unique heading IDs as targets of its links', () => {
    const found = shown(linked);
    const ids = found.all('h3', 'h5').map((one) => attribute(one, 'id'));
    assert.deepEqual(ids, ['output-top', 'output-deep', 'output-top-1', 'output-top-1-1']);
    assert.deepEqual(found.links(), ['#output-top', '#output-top-1']);
  });

  it('shows a link without a target in the output as text', () => {
    const found = shown(linked);
    assert.equal(found.links().length, 2);
    assert.ok(found.lines().includes('one two three four'));
  });

  it('shows all links except web and mail links as text', () => {
    const text = '[a](https://h.example/a) <b@c.example> https://h.example/d, ![e](https://h.example/e.png) [f](command:g) ![h](data:x)';
    const found = shown(`# Links\n\n${text} [j][k] [l](./l.md) ftp://m.example\n\n[k]: https://h.example/k\n[1]: https://h.example/1`);
    const web = ['a', 'd', 'e.png', 'k', '1'].map((name) => `https://h.example/${name}`);
    assert.deepEqual(found.links(), [web[0], 'mailto:b@c.example', ...web.slice(1)]);
    const lines = ['a b@c.example https://h.example/d, e f (command:g) h j l ftp://m.example', '[1]: https://h.example/1'];
    assert.deepEqual(found.lines(), ['Links', ...lines]);
  });

  const lists = '# a\n\n3. c\n4. d\n7. g\n   - in g\n     ```js\n     x()\n     ```\n   - also in g\n8. h\nTotal: 4\n\n1) x';

  it('keeps the numbers and the nesting of its lists', () => {
    const found = shown(lists);
    assert.deepEqual(found.items(), ['c', 'd', 'g', 'in g\nx()', 'also in g', 'h', 'x']);
    const numbers = found.all('li').map((one) => attribute(one, 'value') ?? '-');
    assert.deepEqual(numbers, ['3', '4', '7', '-', '-', '8', '1']);
    assert.deepEqual(found.codeBlocks(), ['js: x()']);
  });

  it('has a paragraph for a line directly below a list', () => {
    assert.deepEqual(shown(lists).texts('p'), ['Total: 4']);
  });

  it("keeps all text that is nested more deeply than the parser's limit", () => {
    for (const mark of ['> ', '- ', '> - '])
      for (const depth of [20, 40, 58, 59, 60, 61, 100, 500])
        assert.match(shown(`# a\n\n${mark.repeat(depth)}deep\n\nend`).text(), /deep\s+end/);
    const emphasis = `# a\n\n${'**a *b '.repeat(100)}deep${'* c** '.repeat(100)}\n\nend`;
    assert.match(shown(emphasis).text(), /deep[^]*end/);
  });

  it('has emphasis next to Chinese, Japanese, and Korean punctuation', () => {
    for (const text of ['**中文。**后', '前**「中文」**后', '这是*重点。*后面', '**요약:**이번', '~~旧。~~新', '**Note:**text'])
      assert.equal(shown(`# a\n\n${text}`).all('strong', 'em', 's').length, 1, text);
  });

  it('turns a text above dashes into a heading only if the text looks like a title', () => {
    assert.deepEqual(blocks('# a\n\nA sentence ends here.\n---\nAnother'), ['h3 a', 'p A sentence ends here.', 'p Another']);
    assert.deepEqual(blocks('Title\n=====\n\nPart\n----\n\ntext'), ['h3 Title', 'h4 Part', 'p text']);
  });

  it('shows front matter as a code block', () => {
    assert.deepEqual(shown('---\ntitle: x\n---\n\n# a').codeBlocks(), ['yaml: title: x']);
  });

  it('shows code without a fence as a code block', () => {
    const python = 'def f(x):\n    y = x\n    return y';
    assert.deepEqual(shown(`## a\n\n${python}\n\ntext`).codeBlocks(), [`python: ${python}`]);
  });

  it('shows a drawing or aligned columns of text as a code block', () => {
    for (const drawing of ['+---+---+\n| a | b |\n+---+---+', 'ACME     120   4.5\nGLOBEX    35   3.1'])
      assert.deepEqual(shown(`## a\n\n${drawing}\n`).codeBlocks(), [`: ${drawing}`]);
  });

  it('is rendered even if a fence contains nearly the whole output', () => {
    for (const end of ['\n', '\r\n'])
      for (const mark of ['```', '~~~', '````']) {
        const inside = '# Title\n\n```js\na\n```\n\nand\n\n```\nb\n```'.replaceAll('```', mark === '~~~' ? '~~~' : '```');
        const text = `Here it is:\n\n${mark}markdown\n${inside}\n${mark}\n\nEnjoy!`.replaceAll('\n', end);
        assert.deepEqual(blocks(text), ['p Here it is:', 'h3 Title', 'pre a', 'p and', 'pre b', 'p Enjoy!'], JSON.stringify(text));
      }
  });

  it('is rendered without an opening Markdown fence that has no end, or a closing fence that has no start', () => {
    assert.deepEqual(blocks('```markdown\n# Cut off\n\ntext'), ['h3 Cut off', 'p text']);
    assert.deepEqual(blocks('# Title\n\ntext\n```'), ['h3 Title', 'p text']);
  });

  it('keeps only simple HTML tags without attributes, and shows other tags as text', () => {
    const found = shown(
      '# a\n\n| a | b |\n|---|---|\n| one<br>two | H<sub>2</sub>O |\n\nand <b onclick="x">no</b> <script>no</script> <b>*x</b>*',
    );
    assert.deepEqual(found.named('sub', 'br', 'b', 'script', 'em'), ['br ', 'sub 2', 'em x</b>']);
    assert.ok(found.lines().includes('and <b onclick="x">no</b> <script>no</script> <b>x</b>'));
  });

  it('keeps all table cells, even with pipes in code or rows of different lengths', () => {
    const [table] = shown('# a\n\n| x | y |\n|--:|---|\n| `a|b` | c \\| d |\n| 1 |\n| 1 | 2 | 3 |').tables();
    assert.deepEqual(table, [['x', 'y'], ['a|b', 'c | d'], ['1'], ['1', '2', '3']]);
  });

  it('is shown from right to left only if most of its letters belong to a right-to-left script', () => {
    const directions = (text: string) =>
      shown(text)
        .all('div', 'li')
        .map((one) => attribute(one, 'dir') ?? '');
    assert.deepEqual(directions('# ملخص\n\n- **النتيجة** قوية'), ['rtl', '']);
    assert.deepEqual(directions('# Summary of all languages\n\n- **العربية:** أهلاً'), ['', '']);
  });
});

const long = 'long '.repeat(30);

describe('An output object', () => {
  it('with only one text of several lines is shown as this text, above the whole JSON', () => {
    for (const name of ['raw', 'response', 'result', 'output', 'text', 'content', 'report']) {
      const text = JSON.stringify({ [name]: '# Title\n\n- a', score: 1 });
      assert.deepEqual(blocks(text).slice(0, 2), ['h3 Title', 'li a']);
      assert.match(shown(text).texts('details').join(), /^Full JSON\n\{\n/);
    }
  });

  it('with a status is shown as its result, even if the result is short', () => {
    assert.deepEqual(shown('{"state":"SUCCESS","result":"Paid."}').lines().slice(0, 1), ['Paid.']);
  });

  it('with only one-line texts is shown as JSON, unless exactly one member with a known name has a long text', () => {
    for (const value of [{ raw: long, text: long }, { raw: 'short' }, { other: long }])
      assert.match(shown(JSON.stringify(value)).codeBlocks()[0] ?? '', /^json: \{/);
    assert.deepEqual(blocks(JSON.stringify({ raw: long, score: 1 })).slice(0, 1), [`pre ${long.trim()}`]);
  });
});

describe('An output list', () => {
  it('of long texts is shown as JSON', () => {
    assert.match(shown(JSON.stringify([long])).codeBlocks()[0] ?? '', /^json: \[/);
  });
});

describe('A table in a report', () => {
  it('shows each cell unchanged', () => {
    const found = shown('id,name,note\n1,"Meyer, Anna","two\nlines | pipe"\n2,*Bo*,https://h.example/a_b?c=1&d=2\n');
    const rows = [
      ['1', 'Meyer, Anna', 'two\nlines | pipe'],
      ['2', '*Bo*', 'https://h.example/a_b?c=1&d=2'],
    ];
    assert.deepEqual(found.tables(), [[['id', 'name', 'note'], ...rows]]);
  });

  it('has links in cells with URLs', () => {
    assert.deepEqual(shown('id,note\n1,two\n2,https://h.example/a_b?c=1&d=2\n').links(), ['https://h.example/a_b?c=1&d=2']);
  });

  it('contains a note only when rows or columns are left out', () => {
    const row = (width: number): string => Array.from({ length: width }, (_, index) => `c${index}`).join(';');
    const noted = (width: number, rows: number): boolean =>
      /Truncated/.test(shown(`${row(width).replace(/c/g, 'h')}\n${`${row(width)}\n`.repeat(rows)}`).text());
    assert.deepEqual([noted(3, 2_000), noted(100, 1), noted(3, 1)], [true, true, false]);
  });

  it('has an empty header if it contains only numbers', () => {
    assert.deepEqual(shown('1,2,3\n4,5,6\n').tables(), [
      [
        ['', '', ''],
        ['1', '2', '3'],
        ['4', '5', '6'],
      ],
    ]);
  });

  it('has right-aligned cells if it contains only numbers', () => {
    const cells = shown('1,2,3\n4,5,6\n').all('td', 'th');
    assert.deepEqual(new Set(cells.map((one) => attribute(one, 'align'))), new Set(['right']));
  });
});
