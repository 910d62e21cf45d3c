import assert from 'node:assert/strict';
import { MissingTime } from '#core/polling/missingTime';
import { kickoff } from '#test/support/builders';
import { second, start } from '#test/support/manualClock';

const interval = 15 * second;

/** Returns a run that is missing since the start and was polled that many seconds later. */
function missing(checkedAfter: number) {
  return kickoff({ phase: { kind: 'missing' }, phaseSince: start, checkedAt: start + checkedAfter * second });
}

/** Returns the missing time in seconds, as the poll interval uses it, after polls at these two times. */
function seen(missingTime: MissingTime, checkedAfter: number, polledAfter: number): number {
  const now = start + polledAfter * second;
  const after = missingTime.addTo({ before: missing(checkedAfter), after: missing(polledAfter), now, interval });
  return (now - after.phaseSince) / second;
}

describe('The missing time of a run', () => {
  it('grows by the time between two polls, but at most by the poll interval', () => {
    const missingTime = new MissingTime();
    assert.equal(seen(missingTime, 5, 15), 15);
    assert.equal(seen(missingTime, 15, 30), 30);
    assert.equal(seen(missingTime, 30, 3_600), 45, 'the machine slept');
  });

  it('does not shrink when the system clock is set back', () => {
    assert.equal(seen(new MissingTime(), 20, 10), 20);
    assert.equal(seen(new MissingTime(), -10, 0), 10);
  });

  it('is reset when AMP finds the run, and starts when AMP no longer finds it', () => {
    const missingTime = new MissingTime();
    seen(missingTime, 5, 15);
    const [before, after] = [missing(15), kickoff({ phase: { kind: 'running' }, checkedAt: start })];
    assert.equal(missingTime.addTo({ before, after, now: start, interval }), after);
    for (const one of [undefined, after]) assert.equal(missingTime.addTo({ before: one, after: before, now: start, interval }), before);
    assert.equal(seen(missingTime, 1, 3), 3, 'the time before does not count');
  });
});
