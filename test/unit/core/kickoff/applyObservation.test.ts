import assert from 'node:assert/strict';
import { advance, applyObservation, missingIfUrlWorked, withRetryTime } from '#core/kickoff/advance';
import type { Observation } from '#core/kickoff/kickoff';
import { answered, kickoff, unanswered } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const now = start + 60_000;
const stored = kickoff({ phase: { kind: 'running' }, checkedAt: start, epoch: 2 });

describe("The store's update after an observation", () => {
  const body = Uint8Array.of(1);
  const observed = answered('running', { tasks: [{ name: 'one', output: 'text' }], progress: { completed: 1 }, body });

  it("contains the changed run, the task outputs, and the response's body", () => {
    const outputs = [{ position: 1, output: 'text' }];
    assert.deepEqual(applyObservation(kickoff(), observed, { now }), { kickoff: advance(kickoff(), observed, now), outputs, body });
  });

  it('contains no empty body', () => {
    assert.equal('body' in applyObservation(kickoff(), answered('running', { body: new Uint8Array() }), { now }), false);
  });

  it('contains the epoch of the leader that polled', () => {
    assert.equal(applyObservation(kickoff(), answered('running'), { now, epoch: 3 }).kickoff.epoch, 3);
  });

  it("contains the response if the stored run already has the polling leader's epoch", () => {
    assert.equal(applyObservation(stored, answered('running'), { now, epoch: 2 }).kickoff.checkedAt, now);
  });

  it('contains only the stored run if nothing changed', () => {
    const inTrouble = kickoff({ trouble: { kind: 'refused' } });
    const change = applyObservation(inTrouble, unanswered('refused'), { now, epoch: 3 });
    assert.deepEqual(Object.keys(change), ['kickoff']);
    assert.equal(change.kickoff, inTrouble);
  });

  it("contains only the stored run if a newer leader exists and the status isn't final", () => {
    assert.equal(applyObservation(stored, answered('waiting'), { now, epoch: 1 }).kickoff, stored);
    assert.equal(applyObservation(stored, unanswered('refused'), { now, epoch: 1 }).kickoff, stored);
    // A newer leader has the lease, but hasn't stored a response yet.
    assert.equal(applyObservation(stored, answered('waiting'), { now, epoch: 2, leaseEpoch: 3 }).kickoff, stored);
  });

  it('contains a final status even if a newer leader exists', () => {
    assert.equal(applyObservation(stored, answered('succeeded'), { now, epoch: 1 }).kickoff.phase.kind, 'succeeded');
    assert.equal(applyObservation(stored, answered('succeeded'), { now, epoch: 2, leaseEpoch: 3 }).kickoff.phase.kind, 'succeeded');
  });

  it("contains the response's body for a rejected request only until AMP returns the first status", () => {
    const seen = { ...unanswered('refused'), body };
    assert.equal(applyObservation(kickoff(), seen, { now }).body, body);
    assert.equal(applyObservation(stored, seen, { now, epoch: 2 }).body, undefined);
    assert.equal('body' in applyObservation(kickoff(), unanswered('refused'), { now }), false);
  });
});

describe('An observation', () => {
  const notThere = unanswered('wrongAddress');

  it('with the problem wrongAddress becomes the status “not found” if the deployment returned a status before', () => {
    const seen = missingIfUrlWorked(notThere, () => true);
    assert.ok(seen.kind === 'answered');
    assert.deepEqual(seen.answer, { phase: { kind: 'missing' }, progress: {}, tasks: [], hasAllTasks: false });
    assert.equal(seen.body.length, 0);
  });

  it('with the problem wrongAddress is unchanged if the deployment never returned a status', () => {
    assert.equal(
      missingIfUrlWorked(notThere, () => false),
      notThere,
    );
  });

  it('is unchanged without the problem wrongAddress', () => {
    const meaning = (seen: Observation) => missingIfUrlWorked(seen, () => true);
    for (const seen of [answered('running'), unanswered('refused')]) assert.equal(meaning(seen), seen);
  });

  it('with a problem contains the time of the next poll only if a poll is scheduled', () => {
    const seen = { kind: 'unanswered', trouble: { kind: 'refused' } } as const;
    assert.equal(withRetryTime(seen, undefined), seen);
    assert.deepEqual(withRetryTime(seen, now), { kind: 'unanswered', trouble: { kind: 'refused', retryAt: now } });
  });
});
