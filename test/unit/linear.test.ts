import assert from 'node:assert/strict';
import { Token } from '#amp/http/token';
import { outputTitle } from '#amp/status/outputTitle';
import { contentOf, unescapePlain } from '#core/output/content';
import { formatOf } from '#core/output/language';
import { sortedJson } from '#core/lib/sortedJson';
import { maxPasteLength, parsePaste } from '#core/paste/paste';
import { reportOutput } from '#present/documents/reportOutput';
import { t } from './present/documents/hostile';

/** Repeated pieces of text. Each one has made some parser take quadratic time, here or elsewhere. */
const units: readonly string[] = [
  ...['a', 'word ', 'word\n', '\n', '\r\n', '\r', ' ', '\t', '\f', '\u00a0', '\u2028', '\ufeff', '\u0000', '\u001b[31m', '\u200d'],
  ...['a|b\n', '|-|\n0', '|', '| a | b |\n', '1 | Customer 1 | 2026-01-01 | paid\n', '|---|\n', 'a,b\n', '"', '",', 'a\tb\n', ';'],
  ...['#', '# a\n', '=\n', '-', '---\n', '- ', '- a\n', '  - a\n', '* ', '1. ', '1. a\n', '1)', '>', '> ', '> a\n', '    x\n', ':', ': '],
  ...['`', '``a', '`a` ', '```\n', '```a\n', '~~~', '~~~\n', '~', '~~a~~ '],
  ...['*', '**', '*a **b ', '**a*', '_', '_a __b ', '__', 'a_', '*a* '],
  ...['[', ']', '](', '[a](', '[a](b) ', '![', '![a](b)', '[[', '[^a]', '[^a]: b\n', '[a]: b\n', '(', ')', '[](', '[a][', '<http://a> '],
  ...[
    '<',
    '<a ',
    '<a>',
    '</a>',
    '<!--',
    '-->',
    '<?',
    '<![CDATA[',
    '<br>',
    '<a href="',
    '<think>',
    '</think>',
    '<svg ',
    '<details>',
    '<details><summary>',
    '</details>\n',
  ],
  ...['&', '&amp;', '&#', '&#x', '&#43;', '&lt;', '\\', '\\\\', '\\n', '\\"', '\\u0041', '%', '%25', '$', '$$', '$x$ ', '$$\n'],
  ...[
    '\\(',
    '\\)',
    '\\(a\\) ',
    '\\[',
    '\\]',
    '\\begin{a}',
    '\\frac{',
    '{',
    '}',
    '{"a":',
    '[{',
    '{"a":1},',
    '[1,',
    'null,',
    "{'a': '",
    '1,',
  ],
  ...['://', 'http://', 'https://a.b/c ', 'www.', '@', 'a@b.', 'a@b.c ', '.', '..', 'a.', '/', 'c:\\', "'", "''", '`\'"', '=', 'a=b\n'],
  ...['x = 1;\n', 'a: b\n', 'a   b\n', 'a  b', '[a]\n', '"a",\n', '**a** ', '__init__ ', '[a](#a) ', '<b>', '<b></b>', '&lt;b>', '!', '*a'],
  ...['1. a\n  - b\n', 'a\n---\n', '| a | b |\n|---|---|\n', 'a b\nc d\n', '\\n-', "\\'", '\\u00e9', '\\$'],
  ...['pub async ', 'export default ', ': string', 'Thought: ', 'Thought: \n', 'Final Answer:', 'commit a\n', 'abcdef1 x\n'],
  ...['e\u0301', '\u0301', '中', '中文。', '**中**文', 'שלום ', '\u202e', '👩\u200d', '😀', '\ud800', 'ß', 'İ'],
  ...[
    'tok-demo-',
    'Bearer ',
    'token: ',
    'curl -H "',
    'kickoff_id',
    '{"kickoff_id":"',
    '{"run_id":"',
    '{"state":"a",',
    '12345678-1234-',
    'a0a0a0a0-',
    'export A=',
    'commit a1b2c3d4e5\n',
  ],
];

/** Texts in which the pieces are repeated. `{}` is their place. */
const places = [
  '{}',
  'x {} x',
  '# Title\n\nText **b** `c`.\n\n- item {}\n- item\n\nEnd',
  '```python\nx = 1\n{}\n```\n\nEnd',
  '{}x,b\n1,2\n3,4\n',
  '{"a":"a{}"}',
  '# Title\n\nFirst line\n{}x',
];

/** Wrappers of an output. */
const wrappers = ['{}', '"{}"', "'{}'", '<think>{}</think>', '<answer>{}</answer>', 'Thought: {}\nFinal Answer: 7'];

/** A place in a command whose body is read only when the command is pasted. */
const command = `curl https://h.example/kickoff -d '{"inputs":{"a":"{}"}}' {"kickoff_id":"12345678-1234-4234-8234-123456789012"}`;

const token = new Token('tok-demo-4f2a9c17d0be');
const parsers = {
  report: (text: string) => reportOutput(text, t),
  content: (text: string) => unescapePlain(contentOf(text).text),
  language: formatOf,
  title: outputTitle,
  paste: (text: string) => parsePaste(text.slice(0, maxPasteLength)),
  redaction: (text: string) => [token.redact(text), token.redactBody(Buffer.from(text))],
  comparison: sortedJson,
} as const satisfies Record<string, (text: string) => unknown>;
type Parser = keyof typeof parsers;

/** CPU times below this one, in milliseconds, show no growth. */
const floorMs = 30;
/** The maximum growth for twice the length. */
const maxGrowth = 2.5;
const length = 40_000;

/** Returns a text of this length. */
function textOf(unit: string, place: string, characters: number): string {
  return place.replace('{}', () => unit.repeat(Math.ceil(characters / unit.length)));
}

function cpuMs(parser: Parser, text: string): number {
  const before = process.cpuUsage();
  parsers[parser](text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Whether the time of a parser grows faster than the length. Measures longer texts again if it seems so: garbage collection adds to single times. */
function isSlow(parser: Parser, unit: string, place: string): boolean {
  const least = (characters: number, rounds: number): number =>
    Math.min(...Array.from({ length: rounds }, () => cpuMs(parser, textOf(unit, place, characters))));
  const growsAt = (characters: number, rounds: number, doublings = 1): boolean => {
    const long = least(characters, rounds);
    return long > floorMs && long > maxGrowth ** doublings * least(characters / 2 ** doublings, rounds);
  };
  // The last measurement spans two doublings, because garbage collection and caches can cause a growth of 2.5 in one of them.
  return growsAt(length, 1) && growsAt(2 * length, 3) && growsAt(4 * length, 7, 2);
}

/** Pairs of units that a fixed seed selects. */
function pairs(count: number): readonly string[] {
  let seed = 27;
  const next = (): string => units[(seed = (seed * 48_271) % 2_147_483_647) % units.length] ?? '';
  return Array.from({ length: count }, () => next() + next());
}

describe('The CPU time', function () {
  this.timeout(600_000);

  for (const parser of Object.keys(parsers) as Parser[]) {
    it(`of the parser “${parser}” grows at most linearly when a piece of text is repeated`, () => {
      const inside = { paste: [...places, command], content: wrappers }[parser as string] ?? places;
      const slow = units.flatMap((unit) => inside.filter((place) => isSlow(parser, unit, place)).map((place) => [unit, place]));
      assert.deepEqual(slow, []);
    });

    it(`of the parser “${parser}” grows at most linearly when a pair of pieces is repeated`, () => {
      assert.deepEqual(
        pairs(100).filter((pair) => isSlow(parser, pair, '{}')),
        [],
      );
    });
  }

  // `FIGURES=1` prints the slowest texts of each length.
  if (process.env['FIGURES'])
    it('is printed for the slowest texts', () => {
      for (const parser of Object.keys(parsers) as Parser[])
        for (const characters of [20_000, 80_000, 300_000]) {
          const times = units.map((unit) => ({ unit, ms: cpuMs(parser, textOf(unit, '{}', characters)) }));
          const slowest = times.toSorted((one, other) => other.ms - one.ms).slice(0, 5);
          const shown = slowest.map(({ unit, ms }) => `${JSON.stringify(unit)} ${ms.toFixed(0)} ms`);
          console.log(`      ${parser}, ${characters / 1_000} kB: ${shown.join(', ')}`);
        }
    });
});
