import assert from 'node:assert/strict';
import { lazy } from '#core/lib/lazy';

describe('lazy()', () => {
  it('loads nothing before the first call, and then one value for all callers', async () => {
    let loads = 0;
    const get = lazy(() => Promise.resolve(++loads));
    assert.equal(loads, 0);
    assert.deepEqual(await Promise.all([get(), get()]), [1, 1]);
    assert.equal(await get(), 1);
  });

  it('retries a failed load only once for all callers', async () => {
    let loads = 0;
    const get = lazy(() => (++loads === 1 ? Promise.reject(new Error('gone')) : Promise.resolve(loads)));
    const early = [get(), get(), get()];
    for (const one of early) await assert.rejects(one, /gone/);
    // The failures of the early callers must not cause two new loads.
    assert.deepEqual(await Promise.all([get(), get()]), [2, 2]);
    assert.equal(await get(), 2);
  });
});
