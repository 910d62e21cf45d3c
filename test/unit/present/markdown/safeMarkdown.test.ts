import fc from 'fast-check';
import assert from 'node:assert/strict';
import { escapeMarkdown, fenced, sanitizeMarkdown } from '#present/markdown/safeMarkdown';
import { always } from '#test/support/checks';
import { figure, times, tries } from '#test/support/fuzz';
import { assertLinear } from '#test/support/growth';
import { hostileMarkdown, hostileTexts } from '#test/unit/present/documents/hostile';
import { dangers, flat, parsed, parsedWithoutFormulas, parsedWithoutLinks } from '#test/unit/present/documents/preview';

/** The report's own text after the server's text. The preview must always show the end of a block and a heading. */
const end = '\n\n</details>\n\n## After';

function withoutJoiners(text: string): string {
  return text.replace(/\u2060/g, '');
}

/** Returns the code that the preview shows. */
function codeIn(text: string): readonly string[] {
  return flat(parsed(text))
    .filter(({ type }) => type === 'fence' || type === 'code_block' || type === 'code_inline')
    .map(({ content }) => withoutJoiners(content));
}

/** Parses the text with `end` behind it. Returns the last tokens if the preview misreads `end`, else `undefined`. */
function swallowed(text: string): string | undefined {
  const tail = parsed(text + end).slice(-4);
  const shape = tail.map(({ type, level }) => `${type} ${level}`).join(', ');
  return shape === 'html_block 0, heading_open 0, inline 1, heading_close 0' ? undefined : shape;
}

describe("A server's Markdown inside a report", () => {
  always('contains no start of a tag or an image, for any Markdown', 5_000, [hostileMarkdown], (text) => {
    const out = sanitizeMarkdown(text);
    assert.doesNotMatch(out, /<[A-Za-z/!?]/);
    assert.doesNotMatch(out, /!\[/);
  });

  it('renders to no HTML, no images, and only web and mail links', () => {
    const safe = fc.property(hostileMarkdown, (text) => {
      for (const parse of [parsed, parsedWithoutFormulas]) assert.deepEqual(dangers(parse(sanitizeMarkdown(text))), []);
    });
    fc.assert(safe, tries(5_000));
    figure(20, `${times(5_000)} random texts rendered in a report: 0 HTML tags, images, or other links`);
  });

  always('never affects the text after it, for any Markdown', 5_000, [hostileMarkdown], (text) =>
    assert.equal(swallowed(sanitizeMarkdown(text)), undefined),
  );

  for (const [what, text] of [
    ['a definition in a list', '- [x]: ../secret\n\n[x]'],
    ['a definition whose name contains an escaped bracket', '[a\\]b]: ../secret\n\n[a\\]b]'],
    ['a definition whose name spans two lines', '[a\nb]: ../secret\n\n[a b]'],
    ['an image by reference', '![x][y]\n\n[y]: https://h.example/p.png'],
  ] as const) {
    it(`has no link except to the web and mail, even with ${what}`, () => assert.deepEqual(dangers(parsed(sanitizeMarkdown(text))), []));
  }

  it('keeps web and mail links, and turns an image into a link', () => {
    for (const text of ['[x](https://h.example/a)', '[x](HTTP://h.example)', '[x](mailto:a@b.example)', '![x](https://h.example/p.png)']) {
      const links = flat(parsed(sanitizeMarkdown(text))).filter(({ type }) => type === 'link_open');
      assert.equal(links.length, 1, text);
    }
  });

  it('keeps headings, lists, tables, and emphasis', () => {
    const text = '# Title\n\n- **a**\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n> said';
    assert.equal(sanitizeMarkdown(text), text);
  });

  for (const [where, text, code] of [
    ['a fence', '```html\n<div>![x](y)\n```', '<div>![x](y)\n'],
    ['a line', 'Use `<div>` here', '<div>'],
    ['a fence in a list', '- a\n  ```html\n  <div>\n  ```', '<div>\n'],
    ['a fence deep in a list', '1. a\n\n    ```html\n    <div>\n    ```', '<div>\n'],
    ['an indented block', 'a\n\n    <div>\n', '<div>\n'],
  ] as const) {
    it(`shows the code in ${where} unchanged`, () => assert.deepEqual(codeIn(sanitizeMarkdown(text)), [code]));
  }

  it('is sanitized correctly if it begins with a fence of a million backticks', () => {
    const text = `${'`'.repeat(1_000_000)}\n<div>`;
    assert.equal(withoutJoiners(sanitizeMarkdown(text)), `${text}\n${'`'.repeat(1_000_000)}`);
  });

  it('loses the language mermaid of a quoted code block, whatever separator follows', () => {
    for (const end of ['\u2028', '\u2029', '\u0085', '\v', '\f', ' ', ''])
      for (const mark of ['```', '~~~'])
        assert.ok(!sanitizeMarkdown(`> ${mark}mermaid${end}\n> graph`).includes('mermaid'), JSON.stringify(end));
  });

  it('is sanitized in linear time, for any repeated text', function () {
    this.timeout(60_000);
    const units = ['!', '`', '`a', '` ', '``a', '[', ']', '](', '<', '>', '> ', ' ', '\n', '```\n', '[x]:', '~~~', '\\', '![', '\u2028'];
    for (const unit of units) {
      const repeated = (length: number) => unit.repeat(Math.ceil(length / unit.length));
      for (const made of [repeated, (length: number) => `${repeated(length)}x`, (length: number) => `> ${repeated(length)}\u2028`])
        assertLinear((length) => sanitizeMarkdown(made(length)), 40_000, JSON.stringify(made(1)));
    }
  });
});

describe('An escaped text', () => {
  const short = hostileTexts.filter(({ length }) => length < 10_000);
  const lines = fc.oneof(hostileMarkdown, fc.constantFrom(...short)).map((text) => text.replace(/\s+/g, ' ').trim());

  always('is shown unchanged, for any text', 2_000, [lines], (text) => {
    const [, inline] = parsedWithoutLinks(`# ${escapeMarkdown(text)}`);
    const shown = inline?.children ?? [];
    assert.ok(shown.every(({ type }) => type === 'text' || type === 'text_special'));
    assert.equal(shown.map(({ content }) => content).join(''), text.replace(/\0/g, '\ufffd'));
  });

  it('can’t end the HTML around it', () => {
    for (const text of short) assert.doesNotMatch(escapeMarkdown(text), /[<>"'`]|&(?!#\d+;)/);
  });
});

describe('A text in a code block', () => {
  // The preview uses these line ends.
  const texts = hostileMarkdown.map((text) => text.replace(/\r\n?/g, '\n'));

  always('is unchanged and can’t end the block', 2_000, [texts], (text) => {
    const [block, heading, ...rest] = parsed(`${fenced(text, 'json')}\n\n# After`);
    assert.deepEqual([block?.type, block?.info, heading?.type, rest.length], ['fence', 'json', 'heading_open', 2]);
    assert.equal(withoutJoiners(block?.content ?? ''), withoutJoiners(`${text.replace(/\0/g, '\ufffd')}\n`));
  });

  it('is one block even with hundreds of thousands of backticks', () => {
    assert.equal(parsed(fenced('` '.repeat(200_000), 'json')).length, 1);
    assert.equal(parsed(fenced('`'.repeat(100_000), 'json')).length, 1);
  });
});

describe('A code fence from a server', () => {
  const fences = ['```mermaid', '~~~ mermaid', '```Mermaid', '```plantuml', '```graphviz', '> ```mermaid', '- ```mermaid', ':::mermaid'];
  for (const fence of fences)
    it(`loses a language that draws diagrams: ${fence}`, () => {
      const text = sanitizeMarkdown(`${fence}\nA@{ img: "https://elsewhere.example/x.png" }\n\`\`\``);
      assert.doesNotMatch(text, /(?:`{3,}|~{3,}|:::)[ \t]*(?:mermaid|plantuml|graphviz)/i);
    });

  it('is sanitized in linear time when it has many backticks', () => {
    assertLinear((length) => sanitizeMarkdown(`a${'`'.repeat(length)}`), 25_000);
  });
});
