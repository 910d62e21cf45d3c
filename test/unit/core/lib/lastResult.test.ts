import assert from 'node:assert/strict';
import { LastResult } from '#core/lib/lastResult';
import { ManualClock, second } from '#test/support/manualClock';

describe('The last result', () => {
  it('is made once for calls with the same key, and freed after its time', async () => {
    const clock = new ManualClock();
    const last = new LastResult<string>(clock, 30 * second);
    const made: string[] = [];
    const get = (key: string) => last.of(key, () => Promise.resolve((made.push(key), key)));
    for (const key of ['a', 'a', 'b', 'a']) assert.equal(await get(key), key);
    await clock.advance(29 * second);
    await get('a');
    assert.deepEqual(made, ['a', 'b', 'a']);
    assert.equal(clock.timers, 1);
    await clock.advance(second);
    await get('a');
    assert.deepEqual(made, ['a', 'b', 'a', 'a']);
    last.dispose();
    assert.equal(clock.timers, 0);
  });

  it('isn’t a failure', async () => {
    const last = new LastResult<string>(new ManualClock(), second);
    await assert.rejects(last.of('a', () => Promise.reject(new Error('no'))));
    assert.equal(await last.of('a', () => Promise.resolve('yes')), 'yes');
  });
});
