import fc from 'fast-check';
import assert from 'node:assert/strict';
import { parseStatus } from '#amp/status/parseStatus';
import { parseJson } from '#core/lib/json';
import { figure, times, tries } from '#test/support/fuzz';
import { polled } from '#test/unit/amp/http/testPoll';
import { errorSamples, samples } from './samples';

const at = { receivedAt: Date.parse('2026-11-25T10:00:00Z') };
const refused = errorSamples.map(({ raw, body }) => Buffer.from(raw ?? JSON.stringify(body)));
const sample = fc.constantFrom(...samples.values(), ...refused.filter((body) => body.length > 0));
const readable = sample.filter((bytes) => isJson(bytes));
const patience = times(60_000);
let tried = 0;
const garbage = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    ...[null, '', ' ', {}, [], -1, NaN, 1e308, '\ud800', '\0'],
    ...['x'.repeat(10_000), ['__proto__'], { output: {} }, { message: 5 }],
  ),
);

/** HTTP statuses: mostly 200, whose body is parsed as a status. */
const status = fc.constantFrom(200, 200, 200, 400, 404, 422, 500);

describe('Parsing a status', () => {
  it('causes no exception or invalid value for samples with changed, deleted, or inserted bytes', async () => {
    const edit = fc.record({ place: fc.nat(), drop: fc.nat(8), add: fc.uint8Array({ maxLength: 8 }) });
    await fc.assert(
      fc.asyncProperty(sample, fc.array(edit, { minLength: 1, maxLength: 6 }), status, async (bytes, edits, code) => {
        let changed = bytes;
        for (const { place, drop, add } of edits) {
          const start = place % (changed.length + 1);
          changed = Buffer.concat([changed.subarray(0, start), add, changed.subarray(start + drop)]);
        }
        await wellFormed(changed, code);
      }),
      tries(10_000),
    );
  }).timeout(patience);

  it('causes no exception or invalid value for samples with random values in random places', async () => {
    await fc.assert(
      fc.asyncProperty(
        readable,
        fc.array(fc.tuple(fc.nat(), garbage), { minLength: 1, maxLength: 4 }),
        status,
        async (bytes, changes, code) => {
          await wellFormed(Buffer.from(JSON.stringify(changed(bytes, changes))), code);
        },
      ),
      tries(10_000),
    );
    figure(19, `${tried} mutations of ${samples.size + refused.length} samples: 0 exceptions`);
  }).timeout(patience);

  it('treats non-finite numbers in random places like null', async () => {
    const mark = '\ue000';
    const change = fc.tuple(fc.nat(), fc.constantFrom('NaN', 'Infinity', '-Infinity'));
    await fc.assert(
      fc.asyncProperty(readable, fc.array(change, { minLength: 1, maxLength: 4 }), status, async (bytes, changes, code) => {
        const values = changes.map(([place, word]) => [place, mark + word] as const);
        const marked = JSON.stringify(changed(bytes, values));
        const python = Buffer.from(marked.replace(/"\ue000(-?\w+)"/g, '$1'));
        await wellFormed(python, code);
        const [answer, strict] = [python, Buffer.from(marked.replace(/"\ue000-?\w+"/g, 'null'))].map((body) => parseStatus(body, at));
        assert.deepEqual({ ...answer, output: undefined }, { ...strict, output: undefined });
        assert.equal(answer?.output?.format, strict?.output?.format);
        const [text = '', strictText = ''] = [answer?.output?.text, strict?.output?.text];
        assert.deepEqual(parseJson(text) ?? text, parseJson(strictText) ?? strictText);
      }),
      tries(2_000),
    );
  }).timeout(patience);

  it('causes no exception for extremely nested JSON', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const statuses = ['{"state":"RUNNING","progress":_}', '{"state":_}', '{"status":"done","result":{"tasks":_}}'];
    for (const text of ['_', '{"state":"SUCCESS","result":_}', ...statuses])
      assert.doesNotThrow(() => parseStatus(Buffer.from(text.replace('_', deep)), at));
  }).timeout(20_000);
});

/** Returns a sample with these values in these places. */
function changed(bytes: Buffer, changes: readonly (readonly [place: number, value: unknown])[]): unknown {
  const body: unknown = JSON.parse(bytes.toString());
  for (const [place, value] of changes) {
    const places = placesIn(body);
    const [object, name] = places[place % places.length] ?? [{}, ''];
    Object.defineProperty(object, name, { value: structuredClone(value), enumerable: true, configurable: true, writable: true });
  }
  return body;
}

function isJson(bytes: Buffer): boolean {
  return /^\s*[[{]/.test(bytes.toString()) && typeof parsed(bytes) === 'object';
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** Checks that a poll returns the body as it was sent, and that each number in the parsed status is valid. */
async function wellFormed(bytes: Uint8Array, code: number): Promise<void> {
  tried += 1;
  const seen = await polled(code, bytes, { now: at.receivedAt });
  if (seen.kind === 'answered') assert.equal(Buffer.compare(seen.body, bytes), 0);
  const answer = parseStatus(bytes, at);
  if (!answer) return;
  assert.ok(!answer.output || answer.output.text.trim() !== '');
  const { progress, startedAt, executionSeconds, totalTokens, tasks } = answer;
  const seconds = [executionSeconds, ...tasks.map((task) => task.executionSeconds)];
  const numbers = [progress.completed, progress.total, startedAt, totalTokens, ...seconds];
  for (const number of numbers) assert.ok(number === undefined || (Number.isFinite(number) && number >= 0));
  assert.ok(startedAt === undefined || startedAt <= at.receivedAt);
}

/** Returns every member of every object in a value. */
function placesIn(value: unknown): (readonly [object, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [[value, name] as const, ...placesIn(inner)]);
}
