import assert from 'node:assert/strict';
import { HistoryFailure } from '../../../src/core/errors';
import { Reasons } from '../../../src/core/reasons';
import { ManualClock } from '../../support/manualClock';

describe('A reason why the history cannot be had', () => {
  it('is told once, whoever meets it, and now and then while it lasts', async () => {
    const clock = new ManualClock();
    const reasons = new Reasons(clock);
    const meets = (kind: 'other' | 'diskFull') => reasons.isToTell(new HistoryFailure(kind, new Error('its own cause')));
    assert.deepEqual([meets('other'), meets('other'), meets('diskFull')], [true, false, true]);
    await clock.advance(9 * 60_000);
    assert.equal(meets('other'), false);
    await clock.advance(60_000);
    assert.equal(meets('other'), true);
  });
});
