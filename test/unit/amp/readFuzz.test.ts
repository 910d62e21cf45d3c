import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readAnswer } from '../../../src/amp/read';
import { samples } from './samples';

const at = { receivedAt: Date.parse('2026-11-25T10:00:00Z') };
const sample = fc.constantFrom(...samples.values());
const garbage = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    {},
    [],
    -1,
    NaN,
    1e308,
    '\ud800',
    '\0',
    'x'.repeat(10_000),
    ['__proto__'],
    { output: {} },
    { message: 5 },
  ),
);

describe('Reading never throws', () => {
  it('on bytes of any kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void readAnswer(bytes, at)),
      { numRuns: 2_000 },
    );
  }).timeout(20_000);

  it('on samples with bytes changed, cut out or put in', () => {
    const edit = fc.record({ place: fc.nat(), drop: fc.nat(8), add: fc.uint8Array({ maxLength: 8 }) });
    fc.assert(
      fc.property(sample, fc.array(edit, { minLength: 1, maxLength: 6 }), (bytes, edits) => {
        let changed = bytes;
        for (const { place, drop, add } of edits) {
          const start = place % (changed.length + 1);
          changed = Buffer.concat([changed.subarray(0, start), add, changed.subarray(start + drop)]);
        }
        wellFormed(changed);
      }),
      { numRuns: 3_000 },
    );
  }).timeout(20_000);

  it('on samples with any values in any places', () => {
    fc.assert(
      fc.property(sample, fc.array(fc.tuple(fc.nat(), garbage), { minLength: 1, maxLength: 4 }), (bytes, changes) => {
        const body: unknown = JSON.parse(bytes.toString());
        for (const [place, value] of changes) {
          const places = placesIn(body);
          const [object, name] = places[place % places.length] ?? [{}, ''];
          Object.defineProperty(object, name, { value: structuredClone(value), enumerable: true, configurable: true, writable: true });
        }
        wellFormed(Buffer.from(JSON.stringify(body)));
      }),
      { numRuns: 3_000 },
    );
  }).timeout(20_000);

  it('on a nesting deeper than any stack, and on a name that is no name', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    for (const text of [
      deep,
      `{"state":"SUCCESS","result":${deep}}`,
      `{"state":"RUNNING","progress":${deep}}`,
      `{"state":${deep}}`,
      `{"status":"done","result":{"tasks":${deep}}}`,
    ])
      readAnswer(Buffer.from(text), at);
    const answer = readAnswer(Buffer.from('{"__proto__":{"result":"x"},"constructor":1,"state":"SUCCESS"}'), at);
    assert.deepEqual(answer, { phase: { kind: 'succeeded' }, progress: {}, tasks: [], hasAllTasks: false });
  }).timeout(20_000);
});

/** Whatever came, no number in the answer is nonsense. */
function wellFormed(bytes: Uint8Array): void {
  const answer = readAnswer(bytes, at);
  if (!answer) return;
  assert.ok(!answer.output || answer.output.text.trim() !== '');
  const { progress, startedAt, executionSeconds, totalTokens, tasks } = answer;
  const numbers = [
    progress.completed,
    progress.total,
    startedAt,
    executionSeconds,
    totalTokens,
    ...tasks.map((task) => task.executionSeconds),
  ];
  for (const number of numbers) assert.ok(number === undefined || (Number.isFinite(number) && number >= 0));
  assert.ok(startedAt === undefined || startedAt <= at.receivedAt);
}

/** Every member of every object in a value. */
function placesIn(value: unknown): (readonly [object, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [[value, name] as const, ...placesIn(inner)]);
}
