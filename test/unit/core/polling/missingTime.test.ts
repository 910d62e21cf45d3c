import assert from 'node:assert/strict';
import { withMissingTime } from '#core/polling/pollResults';
import { newScheduledRun } from '#core/polling/scheduledRun';
import { kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const second = 1_000;

/** A run that is missing since the start, as it was heard so many seconds later. */
function missing(checkedAfter: number) {
  return kickoff({ phase: { kind: 'missing' }, phaseSince: start, checkedAt: start + checkedAfter * second });
}

/** For how many seconds its pace sees it missing, when it is heard again that much later. */
function seen(scheduledRun = newScheduledRun(kickoff(), start, 15 * second), checkedAfter: number, heardAfter: number): number {
  const now = start + heardAfter * second;
  return (now - withMissingTime(scheduledRun, { before: missing(checkedAfter), after: missing(heardAfter), now }).phaseSince) / second;
}

describe('A run that is missing', () => {
  it('was waited for as long as it was missing, but no longer than it was to wait', () => {
    const scheduledRun = newScheduledRun(kickoff(), start, 15 * second);
    assert.equal(seen(scheduledRun, 5, 15), 15);
    assert.equal(seen(scheduledRun, 15, 30), 30);
    assert.equal(seen(scheduledRun, 30, 3_600), 45, 'the machine slept');
  });

  it('was waited for not at all while the time of day was set back', () => {
    assert.equal(seen(undefined, 20, 10), 20);
    const scheduledRun = newScheduledRun(kickoff(), start, 15 * second);
    assert.equal(seen(scheduledRun, -10, 0), 10);
  });

  it('is as it is when it was not missing before, and begins anew when it is missing again', () => {
    const scheduledRun = newScheduledRun(kickoff(), start, 15 * second);
    seen(scheduledRun, 5, 15);
    const [before, after] = [missing(15), kickoff({ phase: { kind: 'running' }, checkedAt: start })];
    assert.equal(withMissingTime(scheduledRun, { before, after, now: start }), after);
    assert.equal(scheduledRun.missingFor, undefined);
    for (const one of [undefined, after]) assert.equal(withMissingTime(scheduledRun, { before: one, after: before, now: start }), before);
  });
});
