import assert from 'node:assert/strict';
import { ScheduledRun } from '#core/polling/scheduledRun';
import { kickoff } from '#test/support/builders';
import { second, start } from '#test/support/manualClock';

const interval = 15 * second;

function polledRun(): ScheduledRun {
  return new ScheduledRun(missing(0), start, interval);
}

/** Returns a run that is missing since the start and was polled that many seconds later. */
function missing(checkedAfter: number) {
  return kickoff({ phase: { kind: 'missing' }, phaseSince: start, checkedAt: start + checkedAfter * second });
}

/** Returns the missing time in seconds, as the poll interval uses it, after polls at these two times. */
function seen(run: ScheduledRun, checkedAfter: number, polledAfter: number): number {
  const now = start + polledAfter * second;
  const after = run.withMissingTime(missing(checkedAfter), missing(polledAfter), now);
  return (now - after.phaseSince) / second;
}

describe('The time for which a run has not been found', () => {
  it('grows by at most the poll interval between two polls', () => {
    const run = polledRun();
    assert.equal(seen(run, 5, 15), 15);
    assert.equal(seen(run, 15, 30), 30);
    assert.equal(seen(run, 30, 3_600), 45, 'the machine slept');
  });

  it("doesn't shrink when the system clock is set back", () => {
    assert.equal(seen(polledRun(), 20, 10), 20);
    assert.equal(seen(polledRun(), -10, 0), 10);
  });

  it('begins again at zero if AMP found the run in between', () => {
    const run = polledRun();
    seen(run, 5, 15);
    const [before, after] = [missing(15), kickoff({ phase: { kind: 'running' }, checkedAt: start })];
    assert.equal(run.withMissingTime(before, after, start), after);
    for (const one of [undefined, after]) assert.equal(run.withMissingTime(one, before, start), before);
    assert.equal(seen(run, 1, 3), 3, 'the time before does not count');
  });
});
