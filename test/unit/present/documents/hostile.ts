import fc from 'fast-check';
import assert from 'node:assert/strict';
import { valueFormat } from '#present/valueFormat';
import type { Translate, TextValue } from '#present/words/words';

/** Formats numbers, moments, and lists in English. */
export const formatValue = valueFormat('en', 'UTC');

/** Fills the placeholders of an English text, like the extension. */
export const t: Translate = (text, ...values) => {
  const formatted = values.map(formatValue);
  return text.replace(/\{(\d+)\}/g, (hole, index) => formatted[Number(index)] ?? hole);
};

/** Formats a time of today in English. */
export const timeOfDay = (at: number): string => formatValue({ at, now: at });

/** Formats dates in US English and UTC. */
export const formatDate = (at: number): string => formatValue({ at });

/** Translates each text into its values only. Letters that remain in a test come from text that can't be translated. */
export const onlyValues: Translate = (_, ...values) => values.map((value) => formatValue(withoutMonth(value))).join(' ');

/** Replaces a time by its number, because `Intl` translates months. */
function withoutMonth(value: TextValue): TextValue {
  return typeof value === 'object' && !('length' in value) ? value.at : value;
}

/** Hostile names, which a server or another extension may use. */
export const hostileTexts: readonly string[] = [
  '',
  '   ',
  '\u0000\u0007\u001b[31mred\u001b[0m',
  'two\r\nlines\u2028three\u2029four\u0085five',
  '\u202egnp.exe\u202c',
  '\u2066isolated\u2069 \u061c\u200e\u200f',
  'zero\u200bwidth\u200c\u200d\u2060\ufeff',
  '\ud800 lone \udc00',
  '\u{e0041}\u{e0042} tags',
  '$(error) $(loading~spin)',
  '[x](command:workbench.action.terminal.sendSequence)',
  '![x](https://beacon.example/p.png)',
  '<img src=https://beacon.example/p.png onerror=alert(1)>',
  '</summary></details><script>alert(1)</script>',
  '`code` **bold** | cell | \\ # ~~no~~ {0} {1} %s',
  '../../../etc/passwd',
  '..\\..\\con:stream?query#fragment%2e',
  'name.status.json',
  'a'.repeat(10_000_000),
  '\u202e'.repeat(1_000_000),
  '👩‍👩‍👧‍👦'.repeat(1_000),
  'z\u0301\u0302\u0303'.repeat(5_000),
  `${'a'.repeat(79)}😀`,
];

/** Characters that disguise a name: control, bidirectional, and zero-width characters outside emoji, and lone surrogates. */
export const disguise = /(?!(?<=\p{ExtPict}[\ufe0f\p{EMod}]?)\u200d\p{ExtPict})[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Fails if a text has a disguising character or more than `limit` visible characters. */
export function assertClean(limit: number, ...texts: readonly string[]): void {
  for (const text of texts) {
    assert.doesNotMatch(text, disguise);
    assert.ok(graphemes(text) <= limit, text);
  }
}

/** Returns the number of visible characters. */
export function graphemes(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
}

const pieces = [
  ...['`', '``', '```', '````', '~~~', '~~~~', '``` js', '``` `', '```\u00a0', '```markdown\n', '~~~md\n', '\\', '\\`'],
  ...['\n', '\n', '\n', '\n\n', '\r\n', '\r', ' ', '  ', '   ', '    ', '\t', '\f', '\u00a0', '\u2028', '\0'],
  ...['- ', '1. ', '10) ', '> ', '>', '# ', '===', '---', '***', '| a | b |\n|---|---|\n', '* * *'],
  ...['<b>', '<script>', '</details>', '<details>', '<br>', '&lt;br>', '<sub>x</sub>', '&lt;sub>x&lt;/sub>', '<sub>', '</sub>'],
  ...['<!--', '-->', '<?', '?>', '<![CDATA[', '<!X', '<', '>', '<https://h.example>', '<a@b.c>'],
  ...['![', '!', '!!', '!\\[', '[', ']', '[x]', '[x][y]', '![x][y]', '[]'],
  ...['](', ')', '](rel)', '](<rel>)', '](https://h.example/)', '](#top)', '](\n', '("title"'],
  ...['](command:y)', '](file:///etc/passwd)', '](  javascript:alert(1))', '](vscode:y)', '](data:image/png;base64,AA)'],
  ...[']:', '[x]: rel', '[y]: https://h.example', '[^x]: note', '[^x]', '\n[^x]: note\n', ']: <rel>', ' rel', ':'],
  ...['https://h.example', 'www.h.example', 'file:///etc'],
  ...['$$\n', '\n$$\n', '$$x^2$$', '$x_1$', '\\(x^2\\)', '\\[', '\\]', '\\begin{a}', '\\end{a}', '\\lt '],
  ...['**中文。**后', '__init__', '• ', '☐', 'Name: x\n', '\u202eab', 'שלום', '    x = 1;\n', 'a   b   c\n'],
  ...['{\n', '}\n', '"a": 1,\n', 'a,b\n1,2\n', '"x\ny",1\n'],
  ...['<div>', '</div>', '<pre>', '</pre>', '<style>', '</style>', '<svg>', '<table>', '</li>', '</td>', '</tr>', '</p>'],
  ...['<a href="x">', '<h2 id="task:1">'],
  ...[']]>', '-->\n', '<img src=x alt="a\n\nb">', '<img alt="a\nb" src=data:base64>', '<textarea>', '<plaintext>', '<math>'],
  ...['<details id="task:1">', '\n<details>\n', '\n<details open>\n<summary>s</summary>\n', '\n</details>\n'],
  ...['- - - ', '> > ', '> - ', '  - ', '1. 2. ', '> ```\n', '- ```\n', '- ```py\n  x\n  ```\n', '    - ', '| ``` |\n', '  > $$\n'],
  ...['|', '\\|', '|--|\n'],
  ...['$\\def\\a{x}\\a$', '$\\href{command:y}{x^2}$', '$\\url{x}^2$', '$x<b>^2$', '$a]:b^2$', '$a](command:y)^2$', '$[a](rel)_1$'],
  ...['$x^2', '_1$', '\\$'],
  ...['ftp://h.example', '//h.example/x', ' command:y ', '<command:y>', '<ftp://h.example>', '<data:text/html,x>'],
  ...['<javascript:alert(1)>', 'vscode://x'],
  ...['![x](data:image/svg+xml,<svg>)', '](data:image/png;base64,AA)', '[x](#task:1)', '[x](#report:above)', '[x]( <#a> )', '# a\n'],
  ...['## a\n', '[a](#a)', '# task:1\n'],
  ...['&#10;', '&#10;&#10;', '&#13;', '&NewLine;', '&NewLine;&NewLine;', '&Tab;', '&nbsp;', '&amp;', '&#0;', '&lsqb;', '&#x24;', '&'],
  ...['&quot;', '&#38;lt;'],
  ...['=', '==', '+ ', '+', '-', '%', '(c)', '...', '^', '{#a}', ':::', '1) ', '999999999. ', '0. ', '7. ', '\n\n\n', '\n  \n'],
  ...['\u000b', '\u0085', '\ufeff', '\u2060'],
  ...['&lt;b&gt;', '&#60;b&#62;', '&excl;[x](rel)', '$x$', '$$', '*', '**', '_', '~~', '"', "'", 'a', 'word', '😀', '\ud83d'],
];

const piece = fc.constantFrom(...pieces);

/** Two pieces inside a whole element of Markdown, which random pieces rarely form. */
const element = fc
  .tuple(piece, piece, fc.nat(9))
  .map(([one, two, kind]) =>
    [
      ...[`![${one}${two}](rel)`, `![${one}](https://h.example/${two})`, `[${one}](https://h.example/${two})`, `[${one}${two}](rel)`],
      ...[`\`${one}${two}\``, `**${one}${two}**`, `\n# ${one}${two}\n`, `\n|${one}|\n|--|\n|${two}|\n`, `$${one}x_1${two}$`],
      `\n- ${one}\n  > ${two}\n`,
    ].at(kind),
  );

/** Markdown that tries to affect the text around it: fences, lists, quotes, HTML, images, and links, nested at random. */
export const hostileMarkdown = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.oneof({ weight: 3, arbitrary: piece }, element), { maxLength: 24 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);
