import assert from 'node:assert/strict';
import { alone } from '#core/windows/lease';

describe('The leadership of a single window', () => {
  it('is permanent and never a takeover', async () => {
    assert.deepEqual(alone.term, { epoch: 0, heldUntil: -Infinity, isTakeover: false });
    alone.replan();
    await alone.take().then(() => undefined);
    assert.equal(alone.term.epoch, 0);
  });
});
