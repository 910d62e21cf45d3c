import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Kickoff } from '#core/kickoff/kickoff';
import { readState, toKickoff, toKickoffParameters, type DatabaseRow } from '#store/tables/kickoffCodec';
import { key } from '#test/support/builders';
import { always } from '#test/support/checks';
import { arbitraryKickoff } from '#test/unit/store/arbitraryKickoff';

/** Returns the stored row of a run, by default with the state of this run. */
function rowOf(kickoff: Kickoff, state?: string): DatabaseRow {
  const stored = toKickoffParameters(kickoff);
  return [stored.deployment, stored.id, stored.phase, stored.removedAt, state ?? stored.state];
}

const fallback = { deployment: 1, id: 'a', phase: { kind: 'running' }, phaseSince: 0, progress: {}, tasks: [], trackedAt: 0 };
const task = (position: number, name: string) => ({ position, name, hasOutput: false });

const kickoffs = arbitraryKickoff(key());
const samples = fc.sample(kickoffs, { numRuns: 200, seed: 1 });
const ownColumns = ['deployment', 'id', 'removedAt'];
const fieldNames = [...new Set(samples.flatMap(Object.keys))].filter((name) => !ownColumns.includes(name));

describe('The codec of a run', () => {
  always('returns every field as it was written, in the same order', 500, [kickoffs], (kickoff) => {
    const read = toKickoff(rowOf(kickoff));
    assert.deepEqual(read, kickoff);
    // The board compares runs as JSON.
    const { deployment, id, removedAt, ...state } = kickoff;
    assert.equal(JSON.stringify(read), JSON.stringify({ deployment, id, ...state, removedAt }));
  });

  const wrong = fc.constantFrom<unknown>(null, [], {}, [null], 'dreaming', -9e15, 1e400, true, { kind: 'dreaming' });
  const damages = fc.dictionary(fc.constantFrom(...fieldNames), wrong);
  always('keeps all other fields when some fields have a wrong type', 500, [kickoffs, damages], (kickoff, damage) => {
    const state = JSON.parse(toKickoffParameters(kickoff).state) as Record<string, unknown>;
    const read = toKickoff(rowOf(kickoff, JSON.stringify({ ...state, ...damage }))) as unknown as Record<string, unknown>;
    for (const name of Object.keys(state)) if (!(name in damage)) assert.deepEqual(read[name], state[name], name);
    assert.deepEqual(toKickoff(rowOf(read as unknown as Kickoff)), read, 'valid when written again');
    JSON.stringify(read, (name, value: unknown) => {
      if (/At$|Since$|^since$|^notBefore$/.test(name)) new Date(value as number).toISOString();
      return value;
    });
  });

  it('reads a run with default values if its state is damaged', () => {
    for (const state of ['', '{"label"', 'null', '7', '[]', '"text"'])
      assert.deepEqual(toKickoff([1, 'a', 'succeeded', null, state]), { ...fallback, phase: { kind: 'succeeded' } });
    assert.deepEqual(toKickoff([1, '../a b', 'dreaming', 'never', '{}']), { ...fallback, id: '../a b', phase: { kind: 'queued' } });
    assert.equal(readState('{"label"'), undefined);
  });

  it('reads a run without its impossible values', () => {
    const states = [
      [
        '{"tasks":[{"name":"a"},null,{"position":7,"language":"opera","seenAt":2.4e166}],"output":"typescript","checkedAt":-2.4e166}',
        { tasks: [task(1, 'a'), { ...task(7, ''), language: 'plain' }], output: 'plain' },
      ],
      ['{"tasks":[{"name":7,"language":true,"executionSeconds":1e999}],"output":7}', { tasks: [task(1, '')] }],
      ['{"trouble":{"kind":"serverTrouble","detail":7,"retryAt":2.4e166}}', { trouble: { kind: 'serverTrouble' } }],
      ['{"progress":{"total":"3","current":"write"}}', { progress: { current: 'write' } }],
      ['{"executionSeconds":1e400,"totalTokens":-1e400,"trackedAt":0}', {}],
    ] as const;
    for (const [state, fields] of states) assert.deepEqual(toKickoff([1, 'a', 'running', null, state]), { ...fallback, ...fields }, state);
  });

  it('keeps the fields of a later version', () => {
    const { deployment, id, ...state } = { ...fallback, mood: 'good', progress: { pace: 3 } };
    const read = toKickoff([deployment, id, 'running', null, JSON.stringify(state)]);
    const written = JSON.parse(toKickoffParameters({ ...read, label: 'mine' }).state) as object;
    assert.deepEqual(written, { ...state, label: 'mine' });
  });
});
