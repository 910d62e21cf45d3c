import fc from 'fast-check';
import assert from 'node:assert/strict';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import { deploymentsIn } from '#core/paste/envFile';
import { namesDashboard, parsePaste } from '#core/paste/paste';
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
  always('is parsed into unique runs with valid IDs, canonical URLs, and contexts without tokens', 10_000, [texts], (text) => {
    const { runs, tokens, isCertain } = parsePaste(text);
    for (const { id, url } of runs) {
      assert.match(id, /^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$/);
      if (url !== undefined) assert.equal(canonicalUrl(url), url);
    }
    assert.equal(new Set(runs.map(({ id, url }) => `${id} ${url ?? ''}`)).size, runs.length);
    for (const { value } of tokens) assert.ok(text.length > value.length - 1 && /^[\x21-\x7e]+$/.test(value));
    assert.ok(runs.length > 0 || !isCertain);
    for (const { context = '' } of runs) assert.ok(tokens.every(({ value }) => !context.includes(value)) && !/[\r\n]/.test(context));
    namesDashboard(text);
    for (const { url } of deploymentsIn(text)) assert.equal(canonicalUrl(url), url);
  });

  it('is parsed in linear time if the text repeats one short part', () => {
    const made = [
      ...parts,
      ...parts.map((part, index) => part + (parts[(index * 7 + 3) % parts.length] ?? '')),
      pastes.map(({ text }) => text).join('\n'),
    ];
    for (const part of made) {
      const read = (length: number): void => {
        const text = part.repeat(Math.ceil(length / part.length)).slice(0, length);
        for (const parse of [parsePaste, namesDashboard, deploymentsIn]) parse(text);
      };
      assertLinear(read, 10_000, JSON.stringify(part));
    }
  }).timeout(240_000);
});
