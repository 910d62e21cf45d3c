import assert from 'node:assert/strict';
import { AmpClient } from '#amp/http/client';
import { deployment, id } from '#test/support/builders';
import { canary, patient } from '#test/unit/amp/http/testPoll';
import { calls, receiver, responder } from './calls';

const run = id('run:7');

/** Stops a run at a server that sends this response. Asserts that it received exactly one request, without a body. */
async function stoppedBy(status: number, body: unknown) {
  const server = await responder(status, body);
  const result = await calls().stop(deployment({ url: `${server.url}/base` }), run);
  const [{ method, url, headers: sent, body: sentBody } = {}, ...more] = server.received;
  assert.deepEqual([method, url, sent?.authorization], ['POST', '/base/stop/run%3A7', `Bearer ${canary}`]);
  assert.deepEqual([sentBody, sent?.['content-type'], more.length], ['', undefined, 0]);
  return result;
}

describe('A request to stop a run', () => {
  it('is sent once, as POST /stop/<encoded kickoff ID> below the base path, without a body', async () => {
    await stoppedBy(202, '');
  });

  for (const [status, body, kind] of [
    [200, { status: 'stopped', kickoffId: run }, 'accepted'],
    [202, '', 'accepted'],
    [400, { detail: 'Cannot stop execution. Current state: SUCCESS' }, 'finished'],
    [404, { error: 'Execution not found', message: 'No execution' }, 'missing'],
    [404, { detail: 'Not Found' }, 'notOffered'],
    [404, '<html>', 'notOffered'],
    [405, { detail: 'Method Not Allowed' }, 'notOffered'],
  ] as const)
    it(`has the result ${kind} for HTTP ${status} with the body ${JSON.stringify(body)}`, async () => {
      assert.deepEqual(await stoppedBy(status, body), { kind });
    });

  it('with an unusable response has the result accepted for HTTP 2xx, and failed otherwise', async () => {
    const stopped = async (code: string) => {
      const post = () => Promise.resolve({ kind: 'trouble', trouble: { kind: 'notAnAnswer', code } } as const);
      return (await calls({ client: { get: post, post } }).stop(deployment(), run)).kind;
    };
    assert.deepEqual(await Promise.all(['HTTP 200', 'HTTP 202', 'HTTP 502', 'ECONNRESET'].map(stopped)), [
      ...['accepted', 'accepted'],
      ...['failed', 'failed'],
    ]);
  });

  it('fails with the problem that matches the HTTP status of an error response', async () => {
    for (const [status, kind] of [
      [302, 'moved'],
      [401, 'tokenRefused'],
      [422, 'refused'],
      [503, 'serverTrouble'],
    ] as const) {
      const result = await stoppedBy(status, { detail: 'No' });
      assert.partialDeepStrictEqual(result, { kind: 'failed', trouble: { kind, code: `HTTP ${status}` } });
    }
  });

  it('fails without a retry if the connection is reset or the server is silent', async () => {
    const reset = await receiver((_, socket) => socket.resetAndDestroy());
    const silent = await receiver(() => undefined);
    const client = new AmpClient('0.0.0', { ...patient, postHeadersMs: 200 });
    for (const server of [reset, silent]) {
      const result = await calls({ client }).stop(deployment({ url: server.url }), run);
      assert.partialDeepStrictEqual(result, { kind: 'failed', trouble: { kind: 'unreachable' } });
      assert.equal(server.received.length, 1);
    }
  });

  it('fails without being sent if there is no token', async () => {
    const server = await responder(200, {});
    const result = await calls({ tokens: { get: () => Promise.resolve(undefined) } }).stop(deployment({ url: server.url }), run);
    assert.deepEqual([result, server.received], [{ kind: 'failed', trouble: { kind: 'noToken' } }, []]);
  });
});
