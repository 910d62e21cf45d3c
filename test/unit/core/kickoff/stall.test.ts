import fc from 'fast-check';
import assert from 'node:assert/strict';
import { advance } from '#core/kickoff/advance';
import type { Kickoff } from '#core/kickoff/kickoff';
import { durationsOf } from '#core/kickoff/durations';
import { stallOf } from '#core/kickoff/stall';
import { stallText } from '#present/rows/etaText';
import { answered, kickoff, knownRuns } from '#test/support/builders';
import { always } from '#test/support/checks';
import { minute, second, start } from '#test/support/manualClock';
import { onlyValues, t } from '#test/unit/present/documents/hostile';

const none = durationsOf([]);
const first = { completed: 1, total: 3, current: 'write' };

/** Returns a run after these responses, each with its minutes after the start. */
function after(
  ...responses: readonly (readonly [number, Parameters<typeof answered>[1], ('running' | 'waiting' | 'queued' | 'missing')?])[]
): Kickoff {
  return responses.reduce((run, [at, fields, phase = 'running']) => advance(run, answered(phase, fields), start + at * minute), kickoff());
}

/** Returns the history of runs with three tasks of that many minutes each. */
function history(count: number, minutes: number) {
  return knownRuns(Array<number>(count).fill(3 * minutes * 60), 3);
}

describe('The stall of a run', () => {
  const textOf = (run: Kickoff, known = none) => stallText(stallOf(run, known), t);

  /** Returns a run whose task count and current task are unchanged for that many minutes. */
  const still = (minutes: number) => after([0, { progress: first }], [minutes, { progress: first }]);

  it('is shown only after half an hour without progress if the deployment has no earlier runs', () => {
    for (const at of [0, 29.9]) assert.equal(textOf(still(at)), undefined);
    assert.equal(textOf(still(30)), 'no progress for 30 min');
  });

  for (const [title, texts] of [
    ['is rounded down to a multiple of 15 minutes in the first hour', { 30: '30 min', 44: '30 min', 45: '45 min', 59: '45 min' }],
    ['is rounded down to full hours after the first hour', { 60: '1 h', 119: '1 h', 120: '2 h', 1_560: '26 h' }],
  ] as const)
    it(title, () => {
      for (const [at, text] of Object.entries(texts)) assert.equal(textOf(still(Number(at))), `no progress for ${text}`);
    });

  for (const [what, moved] of [
    ['task count', [20, { progress: { ...first, completed: 2 } }]],
    ['current task', [20, { progress: { ...first, current: 'check' } }]],
    ['status', [20, { progress: first }, 'waiting']],
  ] as const)
    it(`is measured again from zero when the ${what} changes`, () => {
      assert.equal(textOf(after([0, { progress: first }], moved, [40, { progress: first }], [60, { progress: first }])), undefined);
    });

  it("isn't measured again from zero when the thought, the tool, or the token count changes", () => {
    const run = after(
      [0, { progress: { ...first, thought: 'a', tool: 'x' }, totalTokens: 1 }],
      [40, { progress: { ...first, thought: 'b', tool: 'y' }, totalTokens: 2 }],
    );
    assert.equal(textOf(run), 'no progress for 30 min');
  });

  it("isn't shown if the server sends no progress", () => {
    assert.equal(textOf(after([0, {}], [90, {}])), undefined);
  });

  it("isn't shown while the run isn't running", () => {
    for (const phase of ['queued', 'waiting', 'missing'] as const)
      assert.equal(textOf(after([0, { progress: first }, phase], [90, { progress: first }, phase])), undefined, phase);
    assert.equal(textOf(advance(still(90), answered('failed'), start + 91 * minute)), undefined);
  });

  it('has no usual task duration if the server sends the current task without a count', () => {
    const run = after([0, { progress: { current: 'write' } }], [30, { progress: { current: 'write' } }]);
    assert.deepEqual(stallOf(run, history(3, 6)), { seconds: 1_800 });
  });

  it('is measured from the next response if the stored run lacks the time of its last progress', () => {
    const { progressSince: _, ...stored } = after([0, { progress: first }]);
    assert.equal(stallOf({ ...stored, checkedAt: start + 90 * minute }, none), undefined);
    assert.equal(advance(stored, answered('running', { progress: first }), start + minute).progressSince, start + minute);
  });

  it('is shown only after half an hour, or after three times the usual task duration if that is longer', () => {
    assert.equal(textOf(still(30), history(3, 6)), 'no progress for 30 min (task usually takes 6 min)');
    assert.equal(textOf(still(30), history(3, 0.5)), 'no progress for 30 min (task usually takes 30 s)');
    assert.equal(textOf(still(50), history(3, 20)), undefined);
    assert.equal(textOf(still(60), history(3, 20)), 'no progress for 1 h (task usually takes 20 min)');
    assert.equal(textOf(still(12 * 60), history(3, 240)), 'no progress for 12 h (task usually takes 4 h)');
  });

  const progress = fc.record({ completed: fc.nat(2), current: fc.constantFrom('a', 'b') });
  const step = fc.tuple(progress, fc.integer({ min: -100, max: 5_000 }));
  const steps = fc.array(step, { minLength: 1 });

  always('begins again at each change of the progress, and never in the future, for any responses', 100, [steps], (all) => {
    let now = start;
    let run = kickoff();
    for (const [said, later] of all) {
      const { completed, current } = run.progress;
      now += later * second;
      run = advance(run, answered('running', { progress: said }), now);
      assert.ok(run.progressSince !== undefined && run.progressSince <= now);
      if (said.completed !== completed || said.current !== current) assert.equal(run.progressSince, now);
    }
  });

  it('has a text whose words are all translatable', () => {
    assert.doesNotMatch(stallText({ seconds: 1_800, usualSeconds: 60 }, onlyValues) ?? '', /\p{L}/u);
  });
});
