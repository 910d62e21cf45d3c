import assert from 'node:assert/strict';
import { alone } from '../../../src/core/lease';

describe('A window beside which there is no other', () => {
  it('polls from the first on, and begins with nothing that another has left', async () => {
    assert.deepEqual(alone.tenure, { epoch: 0, heldUntil: -Infinity, isHeir: false });
    alone.replan();
    await alone.take().then(() => undefined);
    assert.equal(alone.tenure.epoch, 0);
  });
});
