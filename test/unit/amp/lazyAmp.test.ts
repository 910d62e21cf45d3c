import assert from 'node:assert/strict';
import { LazyAmp } from '#amp/lazyAmp';
import { noThread } from '#test/support/threads';
import { deployment, id } from '#test/support/builders';

describe('The lazily loaded client for AMP', () => {
  it('reports an unreachable host if loading fails, and loads again at the next poll', async () => {
    let loads = 0;
    const load = () => (loads++ === 0 ? Promise.reject(new Error('exchanged')) : import('#amp/source'));
    const amp = new LazyAmp({ get: () => Promise.resolve(undefined) }, 'test', { now: () => 0 }, noThread, load);
    const kinds = [];
    for (let count = 0; count < 3; count += 1) {
      const seen = await amp.observe(deployment(), id(), new AbortController().signal);
      kinds.push(seen.kind === 'unanswered' ? seen.trouble.kind : seen.kind);
    }
    assert.deepEqual(kinds, ['unreachable', 'noToken', 'noToken']);
    assert.equal(loads, 2);
  });
});
