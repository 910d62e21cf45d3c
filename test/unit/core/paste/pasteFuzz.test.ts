import fc from 'fast-check';
import assert from 'node:assert/strict';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import { deploymentsIn } from '#core/paste/envFile';
import { parsePaste, pasteOrProblem, runFromExtension } from '#core/paste/paste';
import { always } from '#test/support/checks';
import { assertLinear } from '#test/support/growth';
import pastes from '../../../texts/pastes.json';

const uuid = '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f';

/** The texts that the rules of the parser look for. */
const parts = [
  ...['/status/', '/stop/', '/kickoff', '/', 'status', 'https://', 'http://[', '::1]', 'crew.example.com', 'app.crewai.com', '.crewai.com'],
  ...['kickoff_id', 'kickoffIds', 'kickoff id', 'UUID(', 'trace_id', 'Bearer ', 'authorization: ', 'CREW_URL=', 'CREW_TOKEN=', 'export '],
  ...[uuid, uuid.toUpperCase(), uuid.slice(0, 20), 'run_7', 'deadbeef-', '-1a2b3c4d', 'tok-demo-1', '12', 'a', 'is', '追踪', 'ID', '：'],
  ...['\\\\', '"', "'", '`', '%', '%25', '%2F', '&quot;', '\\\\u0022', '\\\\"', '\u001b[3', '1m', '?', '#', '..', ' ', '\n', '\t', ':'],
  ...['=', '@', '<', '>', '|', ',', '-', '_', '\0', '\u200b', '\ud800'],
];

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.oneof(fc.constantFrom(...parts), fc.string({ maxLength: 3 })), { maxLength: 14 }).map((some) => some.join('')),
  fc
    .tuple(fc.constantFrom(...pastes), fc.nat(), fc.nat())
    .map(([{ text }, from, to]) => text.slice(from % (text.length + 1), to % (text.length + 1))),
);

describe('Any pasted text', () => {
  always('is parsed only into valid and different runs', 10_000, [texts], (text) => {
    const { runs } = parsePaste(text);
    for (const { id, url } of runs) {
      assert.match(id, /^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$/);
      if (url !== undefined) assert.equal(canonicalUrl(url), url);
    }
    assert.equal(new Set(runs.map(({ id, url }) => `${id} ${url ?? ''}`)).size, runs.length);
  });

  always('is certain only if it contains a run', 5_000, [texts], (text) => {
    const { runs, isCertain } = parsePaste(text);
    assert.ok(runs.length > 0 || !isCertain);
  });

  always('has only tokens of visible ASCII characters', 5_000, [texts], (text) => {
    for (const { value } of parsePaste(text).tokens) assert.ok(text.length > value.length - 1 && /^[\x21-\x7e]+$/.test(value));
  });

  always('has no token or line break in the context of a run', 5_000, [texts], (text) => {
    const { runs, tokens } = parsePaste(text);
    for (const { context = '' } of runs) assert.ok(tokens.every(({ value }) => !context.includes(value)) && !/[\r\n]/.test(context));
  });

  always('leads only to valid deployment URLs if it is read as a .env file', 5_000, [texts], (text) => {
    for (const { url } of deploymentsIn(text)) assert.equal(canonicalUrl(url), url);
  });

  /** Fails unless `parse` takes linear time for texts that `make` returns. */
  function assertLinearFor(make: (length: number) => string, length: number, about: string): void {
    const parse = (size: number): void => {
      const text = make(size);
      for (const read of [pasteOrProblem, runFromExtension, deploymentsIn]) read(text);
    };
    assertLinear(parse, length, about);
  }

  it('is parsed in linear time if the text repeats one short part, alone or between other characters', () => {
    const made = [
      ...parts,
      ...[')', ']', '}', '”', ' "', '],', 'app.crewai.com/', 'cookie: '],
      ...parts.map((part, index) => part + (parts[(index * 7 + 3) % parts.length] ?? '')),
      pastes.map(({ text }) => text).join('\n'),
    ];
    for (const part of made)
      for (const [before, after] of [
        ['', ''],
        ['x', 'x'],
      ] as const) {
        const repeated = (length: number): string => before + part.repeat(Math.ceil(length / part.length)).slice(0, length) + after;
        assertLinearFor(repeated, 5_000, JSON.stringify(before + part));
      }
  }).timeout(240_000);

  it('is parsed in linear time if the text contains many different tokens, hosts, and IDs', () => {
    const lines: readonly ((count: number) => string)[] = [
      (count) => `Bearer tok-demo-${count} `,
      (count) => `CREW_URL_${count}=https://h${count}.example CREW_TOKEN_${count}=tok-demo-${count} `,
      (count) => `curl h${count}.example -H "Authorization: Bearer tok-demo-${count}" `,
      (count) => `Bearer tok-demo-${count} ${uuid.slice(0, -6)}${String(count).padStart(6, '0')} `,
    ];
    for (const line of lines) {
      const listed = (length: number): string => Array.from({ length: length / 20 }, (_, count) => line(count)).join('');
      assertLinearFor((length) => listed(length).slice(0, length), 25_000, line(1));
    }
  }).timeout(240_000);
});
