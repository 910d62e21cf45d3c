import assert from 'node:assert/strict';
import { ScheduledRun } from '#core/polling/scheduledRun';
import { deployment, id, kickoff, unanswered } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const now = start + 100_000;
const checked = kickoff({ checkedAt: now - 4_000 });
const longest = () => 1;

/** Returns all public values of a run. */
function seen({ ref, dueAt, polledAt, intervalMs, failures, isInFlight }: ScheduledRun) {
  return { ref, due: dueAt, polledAt, interval: intervalMs, failures, isInFlight };
}

/** The public values of a run that was created now, with an interval of 10 s. */
const created = {
  ref: { deployment: deployment().key, id: id() },
  due: now,
  polledAt: 0,
  interval: 10_000,
  failures: 0,
  isInFlight: false,
};

describe('A scheduled run', () => {
  it('is due immediately when it is new', () => {
    assert.deepEqual(seen(new ScheduledRun(kickoff(), now, 10_000)), created);
  });

  for (const [title, interval, expected] of [
    ['is due after its new interval when it is rescheduled', 7_000, [now + 7_000, 7_000]],
    ["isn't due, and has an interval of a minute, if it is rescheduled without an interval", undefined, [undefined, 60_000]],
  ] as const)
    it(title, () => {
      const scheduledRun = new ScheduledRun(kickoff(), now, 10_000);
      scheduledRun.reschedule(now, interval);
      assert.deepEqual([scheduledRun.dueAt, scheduledRun.intervalMs], expected);
    });

  it('has an interval of a minute by default', () => {
    assert.equal(new ScheduledRun(kickoff(), now).intervalMs, 60_000);
  });

  it("isn't due before the Retry-After time of its last response", () => {
    const scheduledRun = new ScheduledRun(kickoff(), now, 5_000);
    scheduledRun.startRequest(now);
    scheduledRun.reschedule(now, 7_000, now + 9_000);
    assert.equal(scheduledRun.dueAt, now + 9_000);
    scheduledRun.rescheduleSooner(1_000);
    assert.equal(scheduledRun.dueAt, now + 9_000);
    scheduledRun.makeDue(now, true);
    assert.equal(scheduledRun.dueAt, now + 9_000);
    scheduledRun.reschedule(now, 7_000);
    assert.equal(scheduledRun.dueAt, now + 7_000);
  });

  it('keeps its remaining interval when another window takes over polling', () => {
    assert.deepEqual(seen(ScheduledRun.takeOver(checked, now, 10_000)), { ...created, due: now + 6_000, polledAt: now - 4_000 });
    assert.equal(ScheduledRun.takeOver(checked, now, 3_000).dueAt, now - 1_000, 'as late as before');
  });

  it("isn't due after another window takes over polling if the run isn't polled automatically", () => {
    assert.equal(ScheduledRun.takeOver(checked, now, undefined).dueAt, undefined);
  });

  it('that was never polled counts as due from its tracking time when another window takes over polling', () => {
    assert.deepEqual(seen(ScheduledRun.takeOver(kickoff(), now, 10_000)), { ...created, due: start });
  });

  it('keeps the retry time of its problem when another window takes over polling', () => {
    const trouble = { kind: 'refused', retryAt: now + 30_000 } as const;
    const { dueAt, failures, polledAt } = ScheduledRun.takeOver({ ...checked, trouble }, now, 10_000);
    assert.deepEqual([dueAt, failures, polledAt], [now + 30_000, 1, now - 4_000]);
  });

  it("isn't due after another window takes over polling if the run's problem has no retry time", () => {
    const waiting = ScheduledRun.takeOver(kickoff({ trouble: { kind: 'refused' } }), now, 10_000);
    assert.deepEqual(seen(waiting), { ...created, due: undefined, failures: 1 });
  });

  const ahead = now + 8 * 3_600_000;

  it('waits at most its interval, or 5 min after a problem, if the clock was ahead at its last poll', () => {
    const { dueAt, polledAt } = ScheduledRun.takeOver({ ...checked, checkedAt: ahead }, now, 10_000);
    assert.deepEqual([dueAt, polledAt], [now + 10_000, now]);
    const failed = ScheduledRun.takeOver({ ...checked, trouble: { kind: 'refused', retryAt: ahead } }, now, 10_000);
    assert.equal(failed.dueAt, now + 300_000);
  });

  it('is rescheduled only to an earlier time when its interval changes', () => {
    const scheduledRun = ScheduledRun.takeOver(checked, now, 50_000);
    scheduledRun.rescheduleSooner(10_000);
    assert.deepEqual([scheduledRun.dueAt, scheduledRun.intervalMs], [now + 6_000, 10_000]);
    scheduledRun.rescheduleSooner(20_000);
    assert.deepEqual([scheduledRun.dueAt, scheduledRun.intervalMs], [now + 6_000, 20_000]);
  });

  function failing(): ScheduledRun {
    const scheduledRun = ScheduledRun.takeOver(checked, now, 50_000);
    scheduledRun.recordResult(unanswered('serverTrouble'), now, longest);
    return scheduledRun;
  }

  for (const [when, make, interval] of [
    ['with a shorter interval while it has a problem', failing, 1_000],
    ["with a shorter interval while it isn't polled automatically", () => ScheduledRun.takeOver(checked, now, undefined), 1_000],
    ['when it is no longer polled automatically', () => ScheduledRun.takeOver(checked, now, 50_000), undefined],
  ] as const)
    it(`isn't due earlier ${when}`, () => {
      const scheduledRun = make();
      scheduledRun.rescheduleSooner(interval);
      assert.deepEqual(seen(scheduledRun), seen(make()));
    });

  it('is in flight from the start of a request until its end, even if the request is aborted', () => {
    const scheduledRun = new ScheduledRun(kickoff(), now, 10_000);
    scheduledRun.abortRequest();
    const signal = scheduledRun.startRequest(now);
    assert.deepEqual(seen(scheduledRun), { ...created, polledAt: now, isInFlight: true });
    assert.equal(signal.aborted, false);
    scheduledRun.abortRequest();
    assert.deepEqual([signal.aborted, scheduledRun.isInFlight], [true, true]);
    scheduledRun.endRequest();
    assert.deepEqual([scheduledRun.isInFlight, scheduledRun.startRequest(now).aborted], [false, false]);
  });

  it('is urgent until its next poll, for at most ten seconds, if the user refreshed only a few runs', () => {
    const scheduledRun = ScheduledRun.takeOver(checked, now, 10_000);
    scheduledRun.makeDue(now, true);
    scheduledRun.makeDue(now, false);
    assert.equal(scheduledRun.dueAt, now);
    const isUrgent = (at: number) => scheduledRun.urgency(at) > 0;
    assert.deepEqual([now, now + 9_999, now + 10_000].map(isUrgent), [true, true, false]);
    scheduledRun.startRequest(now);
    scheduledRun.makeDue(now, false);
    assert.equal(isUrgent(now), false);
  });

  it('is due after a longer wait with each server error in a row', () => {
    const scheduledRun = new ScheduledRun(kickoff(), now, 10_000);
    scheduledRun.startRequest(now);
    for (const wait of [5_000, 10_000]) {
      scheduledRun.recordResult(unanswered('serverTrouble'), now, longest);
      scheduledRun.startRequest(now);
      assert.equal(scheduledRun.dueAt, now + wait);
    }
    assert.equal(scheduledRun.failures, 2);
  });

  it('is due immediately, with its failure count reset, after a problem of its host', () => {
    const scheduledRun = new ScheduledRun(kickoff(), now, 10_000);
    scheduledRun.recordResult(unanswered('serverTrouble'), now, longest);
    scheduledRun.startRequest(now);
    scheduledRun.recordResult(unanswered('unreachable'), now, longest);
    assert.deepEqual([scheduledRun.dueAt, scheduledRun.failures], [now, 0]);
  });

  it('is due immediately after its host recovered, unless its problem needs the user', () => {
    const scheduledRun = new ScheduledRun(kickoff(), now, 10_000);
    scheduledRun.retryAfterUnsaved(2, now, longest);
    assert.deepEqual([scheduledRun.failures, scheduledRun.dueAt], [2, now + 10_000]);
    scheduledRun.retryNow(now);
    assert.deepEqual([scheduledRun.failures, scheduledRun.dueAt], [2, now]);
    for (const kind of ['notAllowed', 'tooLarge', 'refused'] as const) {
      scheduledRun.recordResult(unanswered(kind), now, longest);
      scheduledRun.retryNow(now);
      assert.equal(scheduledRun.dueAt, undefined);
    }
  });
});
