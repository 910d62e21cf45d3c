import assert from 'node:assert/strict';
import { lazy } from '#core/lib/lazy';
import { answered, id, key } from '#test/support/builders';
import { second, start } from '#test/support/manualClock';
import { polling, runs } from '#test/support/polling';

const average = (some: readonly number[]): number => some.reduce((sum, one) => sum + one, 0) / some.length;

describe('After the user tracked 120 runs in a row,', () => {
  /**
   * Tracks a batch and one more run, once for all tests. Returns the waits of these 121 runs for their first poll, and the waits between polls
   * of earlier runs.
   */
  const trackOnce = lazy(async () => {
    const active = runs(8, { checkedAt: start, trackedAt: start });
    const { clock, source, tracker } = await polling({ script: answered('running'), kickoffs: active, latency: 0.2 * second });
    await clock.advance(10 * second);
    const added = Array.from({ length: 121 }, (_, index) => id(100 + index));
    const trackedAt = clock.elapsed;
    for (const one of added) {
      await tracker.trackAll([{ deployment: key(1), id: one }]);
      await clock.advance(5);
    }
    await clock.advance(180 * second);

    const waits = added.map((one) => (source.times(one)[0] ?? Infinity) - trackedAt);
    const gaps = active.flatMap(({ id: one }) => source.times(one).map((at, index, all) => at - (all[index - 1] ?? 0)));
    return { waits, gaps };
  });

  it('a newly tracked run is polled within three seconds', async () => {
    const { waits } = await trackOnce();
    assert.ok(waits.at(-1)! < 3 * second, waits.join());
  });

  it('the newest 20 runs wait for their first poll less than half as long on average as the oldest 100', async () => {
    const { waits } = await trackOnce();
    assert.ok(average(waits.slice(-20)) < average(waits.slice(0, 100)) / 2, waits.join());
  });

  it('each run is polled at least every 75 s, about as often as the request limit permits', async () => {
    const { waits, gaps } = await trackOnce();
    // The limit is two requests per second, so a round of all 129 runs takes 65 s.
    assert.ok(Math.max(...waits) < 75 * second, waits.join());
    assert.ok(Math.max(...gaps) < 75 * second, gaps.join());
  });
});
