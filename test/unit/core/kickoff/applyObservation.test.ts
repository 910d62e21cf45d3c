import assert from 'node:assert/strict';
import { applyObservation, missingIfRouteKnown, withRetry } from '#core/kickoff/advance';
import { hasBody } from '#core/kickoff/kickoff';
import { answered, kickoff, unanswered } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const now = start + 60_000;
const heard = kickoff({ phase: { kind: 'running' }, checkedAt: start, epoch: 2 });

describe('What one observation writes', () => {
  it('is the next run, the outputs of its tasks, and the body', () => {
    const body = Uint8Array.of(1);
    const seen = answered('running', { tasks: [{ name: 'one', output: 'text' }], progress: { completed: 1 }, body });
    const change = applyObservation(kickoff(), seen, { now });
    assert.deepEqual([change.kickoff.phase, change.kickoff.checkedAt], [{ kind: 'running' }, now]);
    assert.equal('epoch' in change.kickoff, false);
    assert.deepEqual([change.outputs, change.body], [[{ position: 1, output: 'text' }], body]);
    assert.equal('body' in applyObservation(kickoff(), answered('running', { body: new Uint8Array() }), { now }), false);
  });

  it('bears the holder of the lease under whom it was heard', () => {
    assert.equal(applyObservation(kickoff(), answered('running'), { now, epoch: 3 }).kickoff.epoch, 3);
    assert.equal(applyObservation(heard, answered('running'), { now, epoch: 2 }).kickoff.checkedAt, now);
  });

  it('is nothing when there is nothing to write', () => {
    const inTrouble = kickoff({ trouble: { kind: 'refused' } });
    const change = applyObservation(inTrouble, unanswered('refused'), { now, epoch: 3 });
    assert.deepEqual(Object.keys(change), ['kickoff']);
    assert.equal(change.kickoff, inTrouble);
  });

  it('is nothing when a later holder has heard more, unless it is the end', () => {
    assert.equal(applyObservation(heard, answered('waiting'), { now, epoch: 1 }).kickoff, heard);
    assert.equal(applyObservation(heard, unanswered('refused'), { now, epoch: 1 }).kickoff, heard);
    assert.deepEqual(applyObservation(heard, answered('succeeded'), { now, epoch: 1 }).kickoff.phase, { kind: 'succeeded' });
  });

  it('is what a server said that refused, while no answer was ever heard', () => {
    const body = Uint8Array.of(1);
    const seen = { ...unanswered('refused'), body };
    assert.equal(applyObservation(kickoff(), seen, { now }).body, body);
    assert.equal(applyObservation(heard, seen, { now, epoch: 2 }).body, undefined);
    assert.equal('body' in applyObservation(kickoff(), unanswered('refused'), { now }), false);
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
    const seen = missingIfRouteKnown(notThere, () => true);
    assert.ok(seen.kind === 'answered');
    assert.deepEqual(seen.answer, { phase: { kind: 'missing' }, progress: {}, tasks: [], hasAllTasks: false });
    assert.equal(seen.body.length, 0);
  });

  it('is what it is otherwise', () => {
    assert.equal(
      missingIfRouteKnown(notThere, () => false),
      notThere,
    );
    for (const seen of [answered('running'), unanswered('refused')])
      assert.equal(
        missingIfRouteKnown(seen, () => true),
        seen,
      );
  });

  it('says when a run with a trouble of its own is asked again', () => {
    const seen = { kind: 'unanswered', trouble: { kind: 'refused' } } as const;
    assert.equal(withRetry(seen, undefined), seen);
    assert.deepEqual(withRetry(seen, now), { kind: 'unanswered', trouble: { kind: 'refused', retryAt: now } });
  });
});
