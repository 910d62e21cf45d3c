import fc from 'fast-check';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { languageOf } from '#core/output/language';
import { reportOutput } from '#present/documents/reportOutput';
import { always } from '#test/support/checks';
import { assertLinear } from '#test/support/growth';
import { hostileMarkdown, onlyValues, t } from './hostile';
import { dangers, flat, isOfOutput, linesShown, parsed, parsedWithoutFormulas } from './preview';

const folder = path.resolve('test/texts/outputs');

function shown(text: string): string {
  return reportOutput(text, t);
}

/** Returns the blocks that the preview makes, with their contents. */
function blocks(text: string): readonly string[] {
  return flat(parsed(shown(text))).flatMap(({ type, tag, info, content }) =>
    type === 'fence'
      ? [`${info}: ${content}`]
      : type === 'inline'
        ? [content]
        : type.endsWith('_open') && /h\d|table|li/.test(tag)
          ? [tag]
          : [],
  );
}

function assertLines(text: string, ...parts: readonly string[]): void {
  const lines = linesShown(shown(text)).map((line) => line.trim());
  for (const part of parts) assert.ok(lines.includes(part), `${part}\n---\n${lines.join('\n')}`);
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
  .filter((text) => languageOf(text) === 'plain' && !text.trimStart().startsWith('"'));

describe('An output in a report', () => {
  always(
    'is shown with all lines unchanged and in order if it is plain text',
    3_000,
    [plainTexts, fc.constantFrom('\n', '\r\n')],
    (text, end) => {
      const wanted = text
        .replace(/\n+$/, '')
        .split(/\r\n|\r|\n/)
        .map((line) => line.replace(/\0/g, '\ufffd').replace(/\u2060/g, ''));
      const lines = linesShown(shown(text.replaceAll('\n', end)));
      assert.deepEqual(lines.slice(1, 1 + wanted.length), wanted);
    },
  );

  it('is shown with each line unchanged if it is code, data, or aligned text', () => {
    for (const file of readdirSync(folder)) {
      const text = readFileSync(path.join(folder, file), 'utf8');
      if (['markdown', 'csv', 'tsv', 'json'].includes(languageOf(text)) || file.startsWith('json-string')) continue;
      const lines = linesShown(shown(text));
      for (const line of text.split(/\r?\n/)) assert.ok(lines.includes(line), `${file}: ${line}`);
    }
  });

  const after = '\n\n</details>\n\n## After';
  const quoted = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
  const texts = fc.oneof(
    hostileMarkdown,
    hostileMarkdown.map((text) => JSON.stringify(text)),
    hostileMarkdown.map((text) => JSON.stringify({ raw: `${text}\n\n${'long '.repeat(20)}` })),
    hostileMarkdown.map((text) => `\`\`\`markdown\n${text}\n\`\`\``),
    hostileMarkdown.map((text) => `# Title\n\n**bold** text\n\n${text}`),
    fc
      .tuple(hostileMarkdown, hostileMarkdown, hostileMarkdown, hostileMarkdown)
      .map(([a, b, c, d]) => `a,b\n${quoted([a, b])}\n${quoted([c, d])}`),
    hostileMarkdown.map((text) => `שלום עולם\n\n- **שלום**\n\n${text}`),
  );
  always('has only web and mail links, no image or foreign HTML, and never affects later text', 3_000, [texts], (text) => {
    for (const parse of [parsed, parsedWithoutFormulas]) {
      const tokens = parse(shown(text) + after);
      assert.deepEqual(dangers(tokens.slice(0, -4), isOfOutput), []);
      const tail = tokens.slice(-4).map(({ type, level, content }) => `${type} ${level} ${content.trim()}`);
      assert.deepEqual(tail, ['html_block 0 </details>', 'heading_open 0 ', 'inline 1 After', 'heading_close 0 ']);
    }
  });

  it('contains no hard-coded text of the extension', () => {
    for (const text of ['7', '{"raw":"7\\n7 7"}', '7,8\n'.repeat(9), '7'.repeat(400_000)]) {
      const words = reportOutput(text, onlyValues).replace(/<[^>]*>|```\w*|:?---:?/g, '');
      assert.doesNotMatch(words.replace('"raw"', '').replace(/\\n/g, ''), /\p{L}/u);
    }
  });

  it('is made in linear time, for any repeated text', function () {
    this.timeout(120_000);
    const units = [
      ...['# a\n', '- a\n', '**a** ', '$x$ ', '\\[ ', '$$\n', '1. a\n  - b\n', 'a b\nc d\n', '`a` ', '> a\n', 'x = 1;\n', '**', '    a\n'],
      ...['| a | b |\n|---|---|\n', 'a   b\n', '中文\n', '~~~\n', '<b>', '&lt;b>', 'a,b\n', '"a",\n', 'http://a.b ', '*a', '__init__ '],
      ...['\\begin{a}\n', 'a\n---\n'],
    ];
    for (const unit of units) assertLinear((length) => shown(unit.repeat(length / unit.length)), 12_000, JSON.stringify(unit));
  });
});

describe('Markdown in a report', () => {
  it('keeps meaningful line breaks, with `markdown.preview.breaks` off and on', () => {
    const text =
      '# Lead\n\n**Name:** Ana\n**Role:** CTO\n\n• one\n• two\n  ◦ three\n\n🔴 down\n🟢 up\n\n市场增长\n出口下降\n\n> first\n> second\n\n- item\n  more\n\nBest,\nBo';
    for (const breaks of ['off', 'on'] as const) {
      const lines = linesShown(shown(text), breaks).map((line) => line.trim());
      const wanted = ['Name: Ana', 'Role: CTO', '• one', '• two', '◦ three', '🔴 down', '🟢 up', '市场增长', '出口下降'];
      for (const line of [...wanted, 'first', 'second', 'item', 'more', 'Best,', 'Bo'])
        assert.ok(lines.includes(line), `${line} with breaks ${breaks}\n${lines.join('\n')}`);
    }
  });

  it('gets no line breaks in paragraphs that are wrapped at a fixed width', () => {
    const text =
      '# Notes\n\nThis release concentrates on stability. The scheduler no longer drops jobs when\nthe database fails over, and the worker reports its memory more precisely than\nbefore. Most users will notice only that nightly runs finish earlier.\n\n- The setting was renamed from one thing to another one. The old name still works\n  until version five.';
    assert.doesNotMatch(shown(text), / {2}$/m);
  });

  it('has emphasis next to Chinese, Japanese, and Korean punctuation', () => {
    for (const text of ['**中文。**后', '前**「中文」**后', '这是*重点。*后面', '**요약:**이번', '~~旧。~~新', '**Note:**text']) {
      const tokens = flat(parsed(shown(`# a\n\n${text}`)));
      assert.match(tokens.map(({ type }) => type).join(' '), /\b(?:strong|em|s)_open\b/, text);
    }
  });

  it('shows asterisks and underscores that aren’t emphasis', () => {
    assertLines('# a\n\nThe file __init__.py has 2**3 and 5 * 4 * 3.', 'The file __init__.py has 2**3 and 5 * 4 * 3.');
  });

  it('shows formulas in all notations, and shows prices as text', () => {
    const formulas = (text: string): readonly string[] =>
      flat(parsed(shown(`# a\n\n${text}`))).flatMap(({ type, content }) => (type.startsWith('math') ? [content.trim()] : []));
    assert.deepEqual(formulas('With \\( v_0 \\) and \\(x\\), $a < b$ and $\\alpha$.'), ['v_0', 'x', 'a \\lt  b', '\\alpha']);
    assert.deepEqual(formulas('\\[\nR = \\frac{a}{b}\n\\]'), ['R = \\frac{a}{b}']);
    assert.deepEqual(formulas('- so\n  $$x^2$$\n- and'), ['x^2']);
    assert.deepEqual(formulas('\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}'), ['\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}']);
    assert.deepEqual(formulas('It costs $45 (or $50), the budget ($) is $200, price ($) too. A \\[link\\] and \\(aside, too\\).'), []);
    assertLines('# a\n\nIt costs $45 (or $50), the price ($) and the cost ($).', 'It costs $45 (or $50), the price ($) and the cost ($).');
  });

  it('turns a title above dashes into a heading, but not a sentence above dashes', () => {
    assert.deepEqual(blocks('# a\n\nA sentence ends here.\n---\nAnother'), ['h3', 'a', 'A sentence ends here.', 'Another']);
    assert.deepEqual(blocks('Title\n=====\n\nPart\n----\n\ntext'), ['h3', 'Title', 'h4', 'Part', 'text']);
  });

  it('shows front matter, code without a fence, and text drawings as code blocks', () => {
    assert.deepEqual(blocks('---\ntitle: x\n---\n\n# a'), ['yaml: title: x\n', 'h3', 'a']);
    const python = 'def f(x):\n    y = x\n    return y\n';
    assert.deepEqual(blocks(`## a\n\n${python}\ntext`), ['h3', 'a', `python: ${python}`, 'text']);
    assert.deepEqual(blocks('## a\n\n+---+---+\n| a | b |\n+---+---+\n'), ['h3', 'a', ': +---+---+\n| a | b |\n+---+---+\n']);
    assert.deepEqual(blocks('## a\n\nACME     120   4.5\nGLOBEX    35   3.1\n'), ['h3', 'a', ': ACME     120   4.5\nGLOBEX    35   3.1\n']);
  });

  it('is taken out of a fence that contains nearly the whole output', () => {
    for (const end of ['\n', '\r\n'])
      for (const mark of ['```', '~~~', '````']) {
        const inside = '# Title\n\n```js\na\n```\n\nand\n\n```\nb\n```'.replaceAll('```', mark === '~~~' ? '~~~' : '```');
        const text = `Here it is:\n\n${mark}markdown\n${inside}\n${mark}\n\nEnjoy!`.replaceAll('\n', end);
        assert.deepEqual(blocks(text), ['Here it is:', 'h3', 'Title', 'js: a\n', 'and', ': b\n', 'Enjoy!'], JSON.stringify(text));
      }
    assert.deepEqual(blocks('```markdown\n# Cut off\n\ntext'), ['h3', 'Cut off', 'text']);
    assert.deepEqual(blocks('# Title\n\ntext\n```'), ['h3', 'Title', 'text']);
  });

  it('is decoded when it is encoded as a JSON string, once or twice', () => {
    assert.deepEqual(blocks(JSON.stringify('# Title\n\n- a')), ['h3', 'Title', 'li', 'a']);
    assert.deepEqual(blocks(JSON.stringify(JSON.stringify('# Title\n\n- a'))), ['h3', 'Title', 'li', 'a']);
    assert.deepEqual(blocks(JSON.stringify('{"a":1}')), ['json: {\n  "a": 1\n}\n']);
    assertLines('"A quoted sentence."', '"A quoted sentence."');
  });

  it('keeps HTML line breaks and simple tags without attributes', () => {
    const text = '| a | b |\n|---|---|\n| one<br>two | H<sub>2</sub>O |\n\nand <b onclick="x">no</b> <script>no</script>';
    const html = flat(parsed(shown(text)))
      .filter(({ type }) => type === 'html_inline')
      .map(({ content }) => content);
    assert.deepEqual(html, ['<br>', '<sub>', '</sub>']);
  });

  it('is shown from right to left when most of its letters are Arabic', () => {
    assert.match(shown('# ملخص\n\n- **النتيجة** قوية'), /^<div class="kickoffs-rtl" dir="rtl">\n\n[^]*\n\n<\/div>$/);
    assert.doesNotMatch(shown('# Summary of all languages\n\n- **العربية:** أهلاً'), /rtl/);
  });
});

describe('An output object', () => {
  it('is shown as the text of its only long member such as raw, above the whole JSON', () => {
    for (const name of ['raw', 'response', 'result', 'output', 'text', 'content', 'report']) {
      const text = shown(JSON.stringify({ [name]: '# Title\n\n- a', score: 1 }));
      assert.match(text, /^### Title\n\n- a\n\n<details><summary>Full JSON<\/summary>\n\n```json\n\{\n {2}"/);
    }
  });

  it('with a status is shown as its result, even if the result is short', () => {
    assertLines('{"state":"SUCCESS","result":"Paid."}', 'Paid.');
  });

  it('without a status is shown as JSON unless exactly one member such as raw has a long text', () => {
    const long = 'long '.repeat(30);
    for (const value of [{ raw: long, text: long }, { raw: 'short' }, { other: long }, [long]])
      assert.match(shown(JSON.stringify(value)), /^(?:<div class="kickoffs-wrap">\n\n)?```json\n[{[]/);
  });
});

describe('A table in a report', () => {
  it('shows each cell unchanged', () => {
    const text = 'id,name,note\n1,"Meyer, Anna","two\nlines | pipe"\n2,*Bo*,https://h.example/a_b?c=1&d=2\n';
    assert.equal(shown(text).split('<br>').length, 2);
    assertLines(text, 'id', 'name', 'Meyer, Anna', 'lines | pipe', '*Bo*', 'https://h.example/a_b?c=1&d=2');
    const [link] = flat(parsed(shown(text))).filter(({ type }) => type === 'link_open');
    assert.equal(link?.attrGet('href'), 'https://h.example/a_b?c=1&d=2');
  });

  it('contains a note when rows or columns are left out', () => {
    const row = (width: number): string => Array.from({ length: width }, (_, index) => `c${index}`).join(';');
    assert.match(shown(`${row(3)}\n`.replace(/c/g, 'h') + `${row(3)}\n`.repeat(2_000)), /Truncated\. Open the output/);
    assert.match(shown(`${row(100).replace(/c/g, 'h')}\n${row(100)}\n`), /Truncated\. Open the output/);
    assert.doesNotMatch(shown(`${row(3).replace(/c/g, 'h')}\n${row(3)}\n`), /Truncated\. Open the output/);
  });

  it('has an empty header and right-aligned cells if it contains only numbers', () => {
    assert.match(shown('1,2,3\n4,5,6\n'), /\| {2}\| {2}\| {2}\|\n\| ---: \| ---: \| ---: \|\n\| 1 \| 2 \| 3 \|/);
  });
});
