import assert from 'node:assert/strict';
import { Later } from '#core/lib/lazy';
import { settled } from '#test/support/manualClock';

describe('Something that is loaded when it is first wanted', () => {
  it('is loaded once, for whoever wants it', async () => {
    let loads = 0;
    const later = new Later(() => Promise.resolve(++loads));
    assert.equal(loads, 0);
    assert.deepEqual(await Promise.all([later.get(), later.get()]), [1, 1]);
    assert.equal(await later.get(), 1);
  });

  it('is tried again by the next who wants it, where that fails', async () => {
    let loads = 0;
    const later = new Later(() => (++loads === 1 ? Promise.reject(new Error('gone')) : Promise.resolve(loads)));
    await assert.rejects(later.get(), /gone/);
    await settled();
    assert.equal(await later.get(), 2);
  });
});
