import assert from 'node:assert/strict';
import { alone } from '#core/windows/lease';

describe('A window beside which there is no other', () => {
  it('polls from the first on, and begins with nothing that another has left', async () => {
    assert.deepEqual(alone.term, { epoch: 0, heldUntil: -Infinity, isTakeover: false });
    alone.replan();
    await alone.take().then(() => undefined);
    assert.equal(alone.term.epoch, 0);
  });
});
