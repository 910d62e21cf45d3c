import assert from 'node:assert/strict';
import { lazySource } from '#amp/lazySource';
import { createAmp } from '#amp/amp';
import { lazy } from '#core/lib/lazy';
import { noThread } from '#test/support/threads';
import { deployment, id } from '#test/support/builders';

describe('The lazily loaded client for AMP', () => {
  it('loads again at the next poll after loading failed', async () => {
    let loads = 0;
    const amp = createAmp({ get: () => Promise.resolve(undefined) }, 'test', { now: () => 0 }, noThread);
    const source = lazySource(lazy(() => (loads++ === 0 ? Promise.reject(new Error('exchanged')) : Promise.resolve(amp))));
    const kinds = [];
    for (let count = 0; count < 3; count += 1) {
      const seen = await source.observe(deployment(), id(), new AbortController().signal);
      kinds.push(seen.kind === 'unanswered' ? seen.trouble.kind : seen.kind);
    }
    assert.deepEqual(kinds, ['unreachable', 'noToken', 'noToken']);
    assert.equal(loads, 2);
  });
});
