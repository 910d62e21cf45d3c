import assert from 'node:assert/strict';
import { HistoryFailure } from '#core/lib/errors';
import { ErrorThrottle } from '#core/notices/errorThrottle';
import { ManualClock } from '#test/support/manualClock';

describe('A reason why the history cannot be had', () => {
  it('is told once, whoever meets it, and now and then while it lasts', async () => {
    const clock = new ManualClock();
    const errorThrottle = new ErrorThrottle(clock);
    const meets = (kind: 'other' | 'diskFull') => errorThrottle.shouldReport(new HistoryFailure(kind, new Error('its own cause')));
    assert.deepEqual([meets('other'), meets('other'), meets('diskFull')], [true, false, true]);
    await clock.advance(9 * 60_000);
    assert.equal(meets('other'), false);
    await clock.advance(60_000);
    assert.equal(meets('other'), true);
  });
});
