import assert from 'node:assert/strict';
import { newKickoff } from '#core/kickoff/kickoff';
import { startedKickoff, hasUnknownResult, inputLabelOf, startTimeoutMs } from '#core/starts/attempt';
import { id, key } from '#test/support/builders';

const attempt = { deployment: key(), requestId: id(), sentAt: 10_000_000 };

describe('A start', () => {
  it('without a problem has an unknown result only long after its request, or if the clock was set back by an hour', () => {
    for (const [ms, isOld] of [
      [0, false],
      [startTimeoutMs, false],
      [2 * startTimeoutMs, false],
      [2 * startTimeoutMs + 1, true],
      [-1_000, false],
      [-3_600_000, true],
    ] as const)
      assert.equal(hasUnknownResult(attempt, attempt.sentAt + ms), isOld, String(ms));
  });

  it('has an unknown result after a problem', () => {
    assert.equal(hasUnknownResult({ ...attempt, problem: { kind: 'serverTrouble' } }, attempt.sentAt), true);
  });

  it('names its run after the first input that is short and has only one line', () => {
    for (const [inputs, label] of [
      [{ long: 'x'.repeat(41), lines: 'a\nb', empty: ' ', list: ['a'], flag: true, topic: ' AI agents ', next: 'b' }, 'AI agents'],
      [{ count: 3 }, '3'],
      [{ topic: 'x'.repeat(40) }, 'x'.repeat(40)],
      [{ a: 'one\u2028two', b: null }, undefined],
      [{}, undefined],
    ] as const)
      assert.equal(inputLabelOf(inputs), label);
  });

  const run = newKickoff({ deployment: attempt.deployment, id: id(1) }, 8_000);

  it('marks its run as started, with the input label and the continued run', () => {
    assert.deepEqual(startedKickoff(run, { ...attempt, inputs: { topic: 'AI' }, continues: id(7) }), {
      ...run,
      isStarted: true,
      inputLabel: 'AI',
      continues: id(7),
    });
  });

  it("doesn't name its run if no inputs are stored", () => {
    assert.deepEqual(startedKickoff(run, attempt), { ...run, isStarted: true });
  });
});
