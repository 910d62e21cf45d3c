import fc from 'fast-check';
import assert from 'node:assert/strict';
import { escapeMarkdown, fenced, sanitizeMarkdown } from '#present/markdown/safeMarkdown';
import { figure, tries } from '#test/support/fuzz';
import { growth, linear } from '#test/support/growth';
import { hostileMarkdown, hostileTexts } from '#test/unit/present/documents/hostile';
import { dangers, flat, parsed, parsedWithoutFormulas, parsedWithoutLinks } from '#test/unit/present/documents/preview';

const runs = tries(5_000);

/** What our report goes on with, and how the preview must read it whatever stands before. */
const after = '\n\n</details>\n\n## After';

function withoutJoiners(text: string): string {
  return text.replace(/\u2060/g, '');
}

/** Line ends as the preview sees them. */
function withoutReturns(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** The code that the preview shows, as a reader sees it. */
function codeIn(text: string): readonly string[] {
  return flat(parsed(text))
    .filter(({ type }) => type === 'fence' || type === 'code_block' || type === 'code_inline')
    .map(({ content }) => withoutJoiners(content));
}

/** Undefined when what follows a text is read as it was written. */
function swallowed(text: string): string | undefined {
  const tail = parsed(text + after).slice(-4);
  const shape = tail.map(({ type, level }) => `${type} ${level}`).join(', ');
  return shape === 'html_block 0, heading_open 0, inline 1, heading_close 0' ? undefined : shape;
}

describe("A server's Markdown inside a report", () => {
  it('holds no start of a tag and no start of an image, whatever it was', () => {
    fc.assert(
      fc.property(hostileMarkdown, (text) => {
        const out = sanitizeMarkdown(text);
        assert.doesNotMatch(out, /<[A-Za-z/!?]/);
        assert.doesNotMatch(out, /!\[/);
      }),
      runs,
    );
  });

  it('renders to no HTML, no image, and no address but of the web and of mail', () => {
    fc.assert(
      fc.property(hostileMarkdown, (text) => {
        assert.deepEqual(dangers(parsed(sanitizeMarkdown(text))), []);
        assert.deepEqual(dangers(parsedWithoutFormulas(sanitizeMarkdown(text))), []);
      }),
      runs,
    );
    figure(20, `${runs.numRuns} random texts rendered in a report: 0 tags, images, or links of their own`);
  });

  it('ends where it ends: what our report goes on with is never swallowed', () => {
    fc.assert(
      fc.property(hostileMarkdown, (text) => assert.equal(swallowed(sanitizeMarkdown(text)), undefined)),
      runs,
    );
  });

  for (const [what, text] of [
    ['a code span whose two ends differ', '`` [x](../secret) `'],
    ['a code span whose first end is escaped', '\\`[x](../secret)`'],
    ['a fence that is none, for its info holds a backtick', '``` a`b\n[x](../secret)'],
    ['a fence that ended with its list', '- a\n   ```\n[x](../secret)'],
    ['a definition in a list', '- [x]: ../secret\n\n[x]'],
    ['a definition whose name holds an escaped bracket', '[a\\]b]: ../secret\n\n[a\\]b]'],
    ['a definition whose name stands on two lines', '[a\nb]: ../secret\n\n[a b]'],
    ['an address in angle brackets', '[x](<../secret>)'],
    ['an address on the next line', '[x](\n../secret)'],
    ['a command', '[x](command:workbench.action.quit)'],
    ['an image by reference', '![x][y]\n\n[y]: https://h.example/p.png'],
  ] as const) {
    it(`leads nowhere from ${what}`, () => assert.deepEqual(dangers(parsed(sanitizeMarkdown(text))), []));
  }

  for (const [what, text] of [
    ['a fence that was left open', '```\na'],
    ['a line that only looks like a fence', '``` `'],
    ['a fence that seems to be closed by one with a no-break space behind it', '```\na\n```\u00a0'],
    ['a fence in a list', '- a\n   ```'],
    ['a fence in a quotation', '> ```'],
    ['a fence that the preview takes for the head of a table', '``` js | a |\n|---|---|\n'],
    ['a comment', '<!--'],
    ['a formula that was left open', '$$\nx^2'],
    ['a formula that was left open in a line', 'a $$ x'],
    ['a formula that ends in the middle of a line', '$$x$$ y'],
    ['a formula in a fence that ends with its list', '- ```\n$$\nx'],
    ['a formula behind a table', '| a |\n|---|\n$$\nx\n$$'],
  ] as const) {
    it(`does not swallow what comes after ${what}`, () => assert.equal(swallowed(sanitizeMarkdown(text)), undefined));
  }

  it('keeps the links of the web and of mail, and makes a link of an image', () => {
    for (const text of ['[x](https://h.example/a)', '[x](HTTP://h.example)', '[x](mailto:a@b.example)', '![x](https://h.example/p.png)']) {
      const links = flat(parsed(sanitizeMarkdown(text))).filter(({ type }) => type === 'link_open');
      assert.equal(links.length, 1, text);
    }
  });

  it('reads as it was meant: headings, lists, tables and emphasis stay', () => {
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
    it(`shows the code in ${where} as it was written`, () => assert.deepEqual(codeIn(sanitizeMarkdown(text)), [code]));
  }

  it('may begin with a fence of any length', () => {
    const text = `${'`'.repeat(1_000_000)}\n<div>`;
    assert.equal(withoutJoiners(sanitizeMarkdown(text)), `${text}\n${'`'.repeat(1_000_000)}`);
  });

  it('leaves no language to a fence in a quotation, whatever ends its line for some', () => {
    for (const end of ['\u2028', '\u2029', '\u0085', '\v', '\f', ' ', ''])
      for (const mark of ['```', '~~~'])
        assert.ok(!sanitizeMarkdown(`> ${mark}mermaid${end}\n> graph`).includes('mermaid'), JSON.stringify(end));
  });

  it('costs no more than its length, whatever is repeated', function () {
    this.timeout(60_000);
    const units = ['!', '`', '`a', '` ', '``a', '[', ']', '](', '<', '>', '> ', ' ', '\n', '```\n', '[x]:', '~~~', '\\', '![', '\u2028'];
    for (const unit of units) {
      for (const [start, end] of [
        ['', ''],
        ['', 'x'],
        ['> ', '\u2028'],
      ] as const) {
        const times = growth((length) => sanitizeMarkdown(start + unit.repeat(Math.ceil(length / unit.length)) + end), 40_000);
        assert.ok(times < linear, `${JSON.stringify(start + unit + end)} ${times}`);
      }
    }
  });
});

describe('A text that was escaped', () => {
  it('is shown to the letter, whatever it was', () => {
    fc.assert(
      fc.property(
        fc
          .oneof(hostileMarkdown, fc.constantFrom(...hostileTexts.filter(({ length }) => length < 10_000)))
          .map((text) => text.replace(/\s+/g, ' ').trim()),
        (text) => {
          const [, inline] = parsedWithoutLinks(`# ${escapeMarkdown(text)}`);
          const shown = inline?.children ?? [];
          assert.ok(shown.every(({ type }) => type === 'text' || type === 'text_special'));
          assert.equal(shown.map(({ content }) => content).join(''), text.replace(/\0/g, '\ufffd'));
        },
      ),
      tries(2_000),
    );
  });

  it('cannot end the HTML around it', () => {
    for (const text of hostileTexts.filter(({ length }) => length < 10_000))
      assert.doesNotMatch(escapeMarkdown(text), /[<>"'`]|&(?!#\d+;)/);
  });
});

describe('A text in a code block', () => {
  it('cannot end it, and is there as it was written', () => {
    fc.assert(
      fc.property(hostileMarkdown.map(withoutReturns), (text) => {
        const [block, heading, ...rest] = parsed(`${fenced(text, 'json')}\n\n# After`);
        assert.equal(block?.type, 'fence');
        assert.equal(block.info, 'json');
        assert.equal(withoutJoiners(block.content), withoutJoiners(`${text.replace(/\0/g, '\ufffd')}\n`));
        assert.equal(heading?.type, 'heading_open');
        assert.equal(rest.length, 2);
      }),
      tries(2_000),
    );
  });

  it('may hold as many backticks as it likes', () => {
    assert.equal(parsed(fenced('` '.repeat(200_000), 'json')).length, 1);
    assert.equal(parsed(fenced('`'.repeat(100_000), 'json')).length, 1);
  });
});

describe('A fence of a server', () => {
  for (const fence of [
    '```mermaid',
    '~~~ mermaid',
    '```Mermaid',
    '```plantuml',
    '```graphviz',
    '> ```mermaid',
    '- ```mermaid',
    ':::mermaid',
  ]) {
    it(`is drawn by nothing: ${fence}`, () => {
      assert.doesNotMatch(
        sanitizeMarkdown(`${fence}\nA@{ img: "https://elsewhere.example/x.png" }\n\`\`\``),
        /(?:`{3,}|~{3,}|:::)[ \t]*(?:mermaid|plantuml|graphviz)/i,
      );
    });
  }

  it('keeps a language that is known', () => assert.match(sanitizeMarkdown('```python\nprint(1)\n```'), /^```python\n/));

  it('costs no more for its backticks than for its length', () => {
    assert.ok(growth((length) => sanitizeMarkdown(`a${'`'.repeat(length)}`), 25_000) < linear);
  });
});
