import assert from 'node:assert/strict';
import { HistoryFailure } from '#core/lib/errors';
import { errorThrottle } from '#core/notices/errorThrottle';
import { ManualClock } from '#test/support/manualClock';

describe('A failure of the history', () => {
  it('is reported only once for each kind within ten minutes', async () => {
    const clock = new ManualClock();
    const shouldReport = errorThrottle(clock);
    const isReported = (kind: 'other' | 'diskFull') => shouldReport(new HistoryFailure(kind, new Error('its own cause')));
    assert.deepEqual([isReported('other'), isReported('other'), isReported('diskFull')], [true, false, true]);
    await clock.advance(9 * 60_000);
    assert.equal(isReported('other'), false);
    await clock.advance(60_000);
    assert.equal(isReported('other'), true);
  });
});
