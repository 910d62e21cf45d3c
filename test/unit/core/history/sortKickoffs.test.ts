import assert from 'node:assert/strict';
import { sortKickoffs } from '#core/history/sortKickoffs';
import { id, key, kickoff } from '#test/support/builders';

describe('sortKickoffs', () => {
  it('sorts all runs newest first, and the active runs of a deployment before its finished runs', () => {
    const of = (number: number, deployment: number, isOver = false) =>
      kickoff({ id: id(number), deployment: key(deployment), trackedAt: number, ...(isOver && { phase: { kind: 'stopped' } }) });
    const runs = [of(1, 1), of(2, 1, true), of(3, 2), of(4, 1), of(5, 1, true)];
    const { all, of: by } = sortKickoffs(runs);
    const numbers = (some: typeof all = []) => some.map(({ trackedAt }) => trackedAt);
    assert.deepEqual(numbers(all), [5, 4, 3, 2, 1]);
    assert.deepEqual([numbers(by.get(key(1))), numbers(by.get(key(2))), by.get(key(3))], [[4, 1, 5, 2], [3], undefined]);
  });
});
