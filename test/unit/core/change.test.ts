import assert from 'node:assert/strict';
import { changeBy, hasBody, interpreted, withRetry } from '../../../src/core/change';
import { answered, kickoff, unanswered } from '../../support/builders';
import { start } from '../../support/manualClock';

const now = start + 60_000;
const heard = kickoff({ phase: { kind: 'running' }, checkedAt: start, epoch: 2 });

describe('What one observation writes', () => {
  it('is the next run, the outputs of its tasks, and the body', () => {
    const body = Uint8Array.of(1);
    const seen = answered('running', { tasks: [{ name: 'one', output: 'text' }], progress: { completed: 1 }, body });
    const change = changeBy(kickoff(), seen, { now });
    assert.deepEqual([change.kickoff.phase, change.kickoff.checkedAt], [{ kind: 'running' }, now]);
    assert.equal('epoch' in change.kickoff, false);
    assert.deepEqual([change.outputs, change.body], [[{ position: 1, output: 'text' }], body]);
    assert.equal('body' in changeBy(kickoff(), answered('running', { body: new Uint8Array() }), { now }), false);
  });

  it('bears the holder of the lease under whom it was heard', () => {
    assert.equal(changeBy(kickoff(), answered('running'), { now, epoch: 3 }).kickoff.epoch, 3);
    assert.equal(changeBy(heard, answered('running'), { now, epoch: 2 }).kickoff.checkedAt, now);
  });

  it('is nothing when there is nothing to write', () => {
    const inTrouble = kickoff({ trouble: { kind: 'refused' } });
    const change = changeBy(inTrouble, unanswered('refused'), { now, epoch: 3 });
    assert.deepEqual(Object.keys(change), ['kickoff']);
    assert.equal(change.kickoff, inTrouble);
  });

  it('is nothing when a later holder has heard more, unless it is the end', () => {
    assert.equal(changeBy(heard, answered('waiting'), { now, epoch: 1 }).kickoff, heard);
    assert.equal(changeBy(heard, unanswered('refused'), { now, epoch: 1 }).kickoff, heard);
    assert.deepEqual(changeBy(heard, answered('succeeded'), { now, epoch: 1 }).kickoff.phase, { kind: 'succeeded' });
  });

  it('is what a server said that refused, while no answer was ever heard', () => {
    const body = Uint8Array.of(1);
    const seen = { ...unanswered('refused'), body };
    assert.equal(changeBy(kickoff(), seen, { now }).body, body);
    assert.equal(changeBy(heard, seen, { now, epoch: 2 }).body, undefined);
    assert.equal('body' in changeBy(kickoff(), unanswered('refused'), { now }), false);
  });

  it('is kept for whoever wants to read it', () => {
    assert.equal(hasBody(kickoff()), false);
    assert.equal(hasBody(heard), true);
    assert.equal(hasBody(kickoff({ trouble: { kind: 'refused' } })), true);
    assert.equal(hasBody(kickoff({ trouble: { kind: 'tooLarge' } })), false);
  });
});

describe('What a poll brought', () => {
  const notThere = unanswered('wrongAddress');

  it('is a run that nobody knows, where the route is not found and was there before', () => {
    const seen = interpreted(notThere, () => true);
    assert.ok(seen.kind === 'answered');
    assert.deepEqual(seen.answer, { phase: { kind: 'missing' }, progress: {}, tasks: [], hasAllTasks: false });
    assert.equal(seen.body.length, 0);
  });

  it('is what it is otherwise', () => {
    assert.equal(
      interpreted(notThere, () => false),
      notThere,
    );
    for (const seen of [answered('running'), unanswered('refused')])
      assert.equal(
        interpreted(seen, () => true),
        seen,
      );
  });

  it('says when a run with a trouble of its own is asked again', () => {
    const seen = { kind: 'unanswered', trouble: { kind: 'refused' } } as const;
    assert.equal(withRetry(seen, undefined), seen);
    assert.deepEqual(withRetry(seen, now), { kind: 'unanswered', trouble: { kind: 'refused', retryAt: now } });
  });
});
