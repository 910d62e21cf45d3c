import assert from 'node:assert/strict';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Inputs } from '#core/starts/attempt';
import { inputComparison } from '#present/inputComparison';
import { kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { t } from './documents/hostile';

/** Compares the inputs of two runs that have these fields. */
function compared(one: Inputs | undefined, other: Inputs | undefined, ...[fields, otherFields]: readonly Partial<Kickoff>[]) {
  const run = (of: Partial<Kickoff> = {}) => kickoff({ phase: { kind: 'succeeded' }, checkedAt: start, ...of });
  const [first, second] = [
    { kickoff: run(fields), name: 'first', inputs: one },
    { kickoff: run(otherFields), name: 'second', inputs: other },
  ];
  return inputComparison(first, second, start, t);
}

describe('A comparison of inputs', () => {
  it('names the inputs that differ, including inputs of only one run', () => {
    const [one, other] = [
      { topic: 'a', year: '2026', only: '' },
      { year: 2026, topic: 'a' },
    ];
    assert.deepEqual(compared(one, other), { message: 'Inputs that differ: year and only.', areInputsSame: false });
    assert.deepEqual(compared({}, { __proto__x: 1 }), { message: 'Inputs that differ: __proto__x.', areInputsSame: false });
  });

  it('ignores the order of inputs and object members, but not of list items', () => {
    const same = { message: 'Both runs have the same inputs.', areInputsSame: true };
    assert.deepEqual(compared({ a: { b: 1, c: [1, 2] }, d: 'x' }, { d: 'x', a: { c: [1, 2], b: 1 } }), same);
    assert.equal(compared({ a: [1, 2] }, { a: [2, 1] })?.areInputsSame, false);
  });

  it('names at most five inputs, as plain text', () => {
    const names = ['[x](command:y)', '$(error)', 'c', 'd', 'e', 'f', 'g'];
    const { message } = compared(Object.fromEntries(names.map((name) => [name, 1])), {})!;
    assert.equal(message, 'Inputs that differ: (x)(command:y), $ (error), c, d, e, and 2 more.');
  });

  it('includes the durations or the tokens used only if they are known for both runs', () => {
    const [fast, slow] = [
      { executionSeconds: 42, totalTokens: 1_234 },
      { executionSeconds: 250, totalTokens: 98_765 },
    ];
    const message = 'Inputs that differ: a. Duration: 42s ↔ 4m 10s. Tokens used: 1,234 ↔ 98,765.';
    assert.equal(compared({ a: 1 }, { a: 2 }, fast, slow)?.message, message);
    const unknown = { executionSeconds: 250, totalTokens: 0 };
    assert.equal(compared({ a: 1 }, { a: 1 }, fast, unknown)?.message, 'Both runs have the same inputs. Duration: 42s ↔ 4m 10s.');
  });

  it('names the run whose inputs are unknown', () => {
    assert.deepEqual(compared({ a: 1 }, undefined), { message: "The inputs for second aren't known.", areInputsSame: false });
    assert.deepEqual(compared(undefined, {}), { message: "The inputs for first aren't known.", areInputsSame: false });
  });

  it('is undefined if the inputs of both runs are unknown', () => {
    assert.equal(compared(undefined, undefined), undefined);
  });
});
