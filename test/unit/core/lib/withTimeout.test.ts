import assert from 'node:assert/strict';
import { withTimeout } from '#core/lib/withTimeout';
import { ManualClock } from '#test/support/manualClock';

describe('withTimeout()', () => {
  it('resolves when the work ends, and leaves no timer', async () => {
    const clock = new ManualClock();
    await withTimeout(100, Promise.resolve(), clock);
    assert.equal(clock.timers, 0);
  });

  it('resolves at the timeout if the work takes longer', async () => {
    const clock = new ManualClock();
    let isOver = false;
    void withTimeout(100, new Promise<void>(() => undefined), clock).then(() => (isOver = true));
    await clock.advance(99);
    assert.equal(isOver, false);
    await clock.advance(1);
    assert.equal(isOver, true);
  });
});
