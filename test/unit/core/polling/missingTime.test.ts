import assert from 'node:assert/strict';
import { withMissingTime } from '#core/polling/pollResults';
import { newScheduledRun } from '#core/polling/scheduledRun';
import { kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const second = 1_000;

/** Returns a run that is missing since the start and was polled that many seconds later. */
function missing(checkedAfter: number) {
  return kickoff({ phase: { kind: 'missing' }, phaseSince: start, checkedAt: start + checkedAfter * second });
}

/** Returns the missing time in seconds, as the poll interval uses it, after polls at these two times. */
function seen(scheduledRun = newScheduledRun(kickoff(), start, 15 * second), checkedAfter: number, polledAfter: number): number {
  const now = start + polledAfter * second;
  return (now - withMissingTime(scheduledRun, { before: missing(checkedAfter), after: missing(polledAfter), now }).phaseSince) / second;
}

describe('The missing time of a run', () => {
  it('grows by the time between two polls, but at most by the poll interval', () => {
    const scheduledRun = newScheduledRun(kickoff(), start, 15 * second);
    assert.equal(seen(scheduledRun, 5, 15), 15);
    assert.equal(seen(scheduledRun, 15, 30), 30);
    assert.equal(seen(scheduledRun, 30, 3_600), 45, 'the machine slept');
  });

  it('does not shrink when the system clock is set back', () => {
    assert.equal(seen(undefined, 20, 10), 20);
    const scheduledRun = newScheduledRun(kickoff(), start, 15 * second);
    assert.equal(seen(scheduledRun, -10, 0), 10);
  });

  it('is reset when AMP finds the run, and starts at zero when the run is missing again', () => {
    const scheduledRun = newScheduledRun(kickoff(), start, 15 * second);
    seen(scheduledRun, 5, 15);
    const [before, after] = [missing(15), kickoff({ phase: { kind: 'running' }, checkedAt: start })];
    assert.equal(withMissingTime(scheduledRun, { before, after, now: start }), after);
    assert.equal(scheduledRun.missingFor, undefined);
    for (const one of [undefined, after]) assert.equal(withMissingTime(scheduledRun, { before: one, after: before, now: start }), before);
  });
});
