import assert from 'node:assert/strict';
import { lazySource } from '#amp/lazySource';
import { createAmp } from '#amp/amp';
import { lazy } from '#core/lib/lazy';
import { noThread } from '#test/support/threads';
import { deployment, id } from '#test/support/builders';

describe('The lazily loaded client for AMP', () => {
  /** Polls three times with a client whose first loading fails. Returns the results and the number of loads. */
  async function pollThrice() {
    let loads = 0;
    const amp = createAmp({ get: () => Promise.resolve(undefined) }, 'test', { now: () => 0 }, noThread);
    const source = lazySource(lazy(() => (loads++ === 0 ? Promise.reject(new Error('exchanged')) : Promise.resolve(amp))));
    const kinds = [];
    for (let count = 0; count < 3; count += 1) {
      const seen = await source.observe(deployment(), id(), new AbortController().signal);
      kinds.push(seen.kind === 'unanswered' ? seen.trouble.kind : seen.kind);
    }
    return { kinds, loads };
  }

  it('reports a poll as unreachable only if loading failed', async () => {
    assert.deepEqual((await pollThrice()).kinds, ['unreachable', 'noToken', 'noToken']);
  });

  it('is loaded again at the next poll only if loading failed', async () => {
    assert.equal((await pollThrice()).loads, 2);
  });
});
