import assert from 'node:assert/strict';
import { deployment } from '#test/support/builders';
import { canary } from '#test/unit/amp/http/testPoll';
import { calls, responder } from './calls';

/** Reads the names from a server that sends this response. Asserts that it received exactly one request. */
async function namesBy(status: number, body: unknown) {
  const server = await responder(status, body);
  const result = await calls().inputNames(deployment({ url: `${server.url}/base` }));
  const [{ method, url, headers, body: sent } = {}, ...more] = server.received;
  assert.deepEqual([method, url, headers?.authorization, sent, more.length], ['GET', '/base/inputs', `Bearer ${canary}`, '', 0]);
  return result;
}

describe('The names of inputs', () => {
  it("are read unchanged, but without duplicates and values that aren't text", async () => {
    const names = ['topic', 'two words', 'a:b', '"quoted"', '主题', '{"json": [1]}', '', '__proto__'];
    assert.deepEqual(await namesBy(200, { inputs: [...names, 'topic', 7, null] }), { kind: 'names', names });
    assert.deepEqual(await namesBy(200, { inputs: [] }), { kind: 'names', names: [] });
  });
});

describe('A request for the names of inputs', () => {
  it('is sent once, as GET /inputs below the base path', async () => {
    await namesBy(200, { inputs: [] });
  });

  it('fails with the problem that matches an error response or an invalid body', async () => {
    for (const [status, body, kind] of [
      [200, '<html>', 'notAnAnswer'],
      [200, '[]', 'notAnAnswer'],
      [200, { inputs: { topic: 1 } }, 'notAnAnswer'],
      [401, { detail: 'Not authenticated' }, 'tokenRefused'],
      [404, { error: 'Execution not found' }, 'wrongAddress'],
    ] as const)
      assert.partialDeepStrictEqual(await namesBy(status, body), { kind: 'failed', trouble: { kind, code: `HTTP ${status}` } });
    assert.deepEqual(await namesBy(200, ' '.repeat(1_100_000)), { kind: 'failed', trouble: { kind: 'notAnAnswer' } });
  });

  it("isn't sent without a token", async () => {
    const server = await responder(200, { inputs: [] });
    const result = await calls({ tokens: { get: () => Promise.resolve(undefined) } }).inputNames(deployment({ url: server.url }));
    assert.deepEqual([result, server.received], [{ kind: 'failed', trouble: { kind: 'noToken' } }, []]);
  });
});
