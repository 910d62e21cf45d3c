import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { readState, toKickoff, toParameters, type Row } from '#store/tables/kickoffCodec';
import { key } from '#test/support/builders';
import { tries } from '#test/support/fuzz';
import { arbitraryKickoff } from '#test/unit/store/arbitraryKickoff';

/** Returns the stored row of a run, by default with the state of this run. */
function rowOf(kickoff: Kickoff, state?: string): Row {
  const stored = toParameters(kickoff);
  return [stored.deployment, stored.id, stored.phase, stored.removedAt, state ?? stored.state];
}

const fallback = { phaseSince: 0, progress: {}, tasks: [], trackedAt: 0 };

describe('The codec of a run', () => {
  const kickoffs = arbitraryKickoff(key());

  it('returns every field as it was written, in the same order', () => {
    fc.assert(
      fc.property(kickoffs, (kickoff) => {
        const read = toKickoff(rowOf(kickoff));
        assert.deepEqual(read, kickoff);
        // The board compares runs as JSON.
        const { deployment, id, removedAt, ...state } = kickoff;
        assert.equal(JSON.stringify(read), JSON.stringify({ deployment, id, ...state, removedAt }));
      }),
      tries(500),
    );
  });

  it('never throws on fields of a wrong type, and keeps all other fields', () => {
    const wrong = fc.constantFrom<unknown>(null, [], {}, [null], 'dreaming', -9e15, 1e400, true, { kind: 'dreaming' });
    fc.assert(
      fc.property(kickoffs, fc.dictionary(fc.constantFrom(...fieldNames), wrong), (kickoff, damage) => {
        const state = JSON.parse(toParameters(kickoff).state) as Record<string, unknown>;
        const read = toKickoff(rowOf(kickoff, JSON.stringify({ ...state, ...damage }))) as unknown as Record<string, unknown>;
        for (const name of Object.keys(state)) if (!(name in damage)) assert.deepEqual(read[name], state[name], name);
        assert.deepEqual(toKickoff(rowOf(read as unknown as Kickoff)), read, 'valid when written again');
        JSON.stringify(read, (name, value: unknown) => {
          if (/At$|Since$|^since$|^notBefore$/.test(name)) new Date(value as number).toISOString();
          return value;
        });
      }),
      tries(500),
    );
  });

  it('reads a run with default values if its state is damaged', () => {
    for (const state of ['', '{"label"', 'null', '7', '[]', '"text"'])
      assert.deepEqual(toKickoff([1, 'a', 'succeeded', null, state]), {
        deployment: 1,
        id: 'a',
        phase: { kind: 'succeeded' },
        ...fallback,
      });
    assert.deepEqual(toKickoff([1, '../a b', 'dreaming', 'never', '{}']), {
      deployment: 1,
      id: '../a b',
      phase: { kind: 'queued' },
      ...fallback,
    });
    assert.equal(readState('{"label"'), undefined);
  });

  it('repairs tasks without position, unknown languages, and impossible times', () => {
    const state = {
      tasks: [{ name: 'a' }, null, { position: 7, language: 'opera', seenAt: 2.4e166 }],
      output: 'opera',
      trouble: { kind: 'serverTrouble', detail: 7, retryAt: 2.4e166 },
      checkedAt: -2.4e166,
      progress: { total: '3', current: 'write' },
    };
    assert.deepEqual(toKickoff([1, 'a', 'running', null, JSON.stringify(state)]), {
      ...{ deployment: 1, id: 'a', phase: { kind: 'running' }, ...fallback },
      tasks: [
        { position: 1, name: 'a', hasOutput: false },
        { position: 7, name: '', hasOutput: false, language: 'plain' },
      ],
      output: 'plain',
      trouble: { kind: 'serverTrouble' },
      progress: { current: 'write' },
    });
  });

  it('drops numbers and languages that are impossible', () => {
    const state =
      '{"executionSeconds":1e400,"totalTokens":-1e400,"output":7,"trackedAt":0,"tasks":[{"name":7,"language":true,"executionSeconds":1e999}]}';
    assert.deepEqual(toKickoff([1, 'a', 'running', null, state]), {
      ...{ deployment: 1, id: 'a', phase: { kind: 'running' }, ...fallback },
      tasks: [{ position: 1, name: '', hasOutput: false }],
    });
  });

  it('keeps the fields of a later version', () => {
    const state = JSON.stringify({ ...fallback, mood: 'good', progress: { pace: 3 } });
    const read = toKickoff([1, 'a', 'running', null, state]);
    const written = JSON.parse(toParameters({ ...read, label: 'mine' }).state) as object;
    assert.deepEqual(written, { ...fallback, mood: 'good', progress: { pace: 3 }, phase: { kind: 'running' }, label: 'mine' });
  });
});

const fieldNames = Object.keys(
  fc.sample(arbitraryKickoff(1 as DeploymentKey), { numRuns: 200, seed: 1 }).reduce((all, one) => ({ ...all, ...one }), {}),
).filter((name) => !['deployment', 'id', 'removedAt'].includes(name));
