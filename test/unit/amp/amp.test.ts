import { FetchError, Response } from 'node-fetch';
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { AmpClient } from '#amp/http/client';
import { defaultTimeouts } from '#amp/http/deadline';
import { Token } from '#amp/http/token';
import { deployment } from '#test/support/builders';
import { figure } from '#test/support/fuzz';
import { calls, startAt, stopAt } from '#test/unit/amp/calls/calls';
import { canary, checkToken, polled, pollOnce, replying, requestTo, troubleOf } from './http/testPoll';
import { httpServer } from './http/servers';

const good = '{"state":"SUCCESS","result":"done"}';

describe('The client for AMP', () => {
  /** Polls a deployment whose URL has a path. Returns the received requests. */
  async function requestsOfPoll() {
    const server = await httpServer((_, response) => response.end(good));
    await pollOnce({ url: `${server.url}/base`, client: new AmpClient('1.2.3') });
    return server.requests;
  }

  it('polls with a single request to /status/<kickoff ID> below the base path', async () => {
    const requests = await requestsOfPoll();
    assert.deepEqual(
      requests.map(({ url }) => url),
      ['/base/status/run-1'],
    );
  });

  it("sends polls with the token, the extension's version, an Accept header for JSON, and “connection: close”", async () => {
    const [{ headers } = {}] = await requestsOfPoll();
    const { authorization, 'user-agent': userAgent, accept, connection } = headers ?? {};
    assert.deepEqual([authorization, userAgent], [`Bearer ${canary}`, 'crewai-kickoffs/1.2.3']);
    assert.deepEqual([accept, connection], ['application/json', 'close']);
  });

  it('reports an empty token as missing, without sending a request', async () => {
    const server = await httpServer((_, response) => response.end(good));
    assert.equal(await troubleOf({ url: server.url, token: '' }), 'noToken');
    assert.deepEqual(server.requests, []);
  });

  it("reports a token that can't be sent in a header as rejected, without sending a request", async () => {
    const server = await httpServer((_, response) => response.end(good));
    assert.equal(await troubleOf({ url: server.url, token: 'tök' }), 'tokenRefused');
    assert.deepEqual(server.requests, []);
  });

  it("reports a missing token when the keychain can't be read", async () => {
    const tokens = { get: () => Promise.reject(new Error(canary)) };
    assert.deepEqual(await polled(200, good, { tokens }), { kind: 'unanswered', trouble: { kind: 'noToken' } });
  });

  it('retries a poll with a rejected token at most once, and only if the stored token has changed', async () => {
    const cases = [
      [['old', 'new'], ['old', 'new'], 'answered'],
      [['old', 'old'], ['old'], 'unanswered'],
      [['old', undefined], ['old'], 'unanswered'],
      [['old', 'older', 'new'], ['old', 'older'], 'unanswered'],
    ] as const;
    for (const [secrets, sent, kind] of cases) {
      const queue: (string | undefined)[] = [...secrets];
      const server = await httpServer((request, response) =>
        request.headers.authorization === 'Bearer new' ? response.end(good) : response.writeHead(401).end('{"detail":"Not authenticated"}'),
      );
      const seen = await pollOnce({ url: server.url, tokens: { get: () => Promise.resolve(queue.shift()) } });
      assert.equal(seen.kind, kind);
      const received = server.requests.map(({ headers: { authorization = '' } }) => authorization.replace('Bearer ', ''));
      assert.deepEqual(received, sent);
    }
  });

  for (const [what, status, signal] of [
    ['a poll after HTTP 200', 200, new AbortController().signal],
    ['a poll after HTTP 403', 403, new AbortController().signal],
    ['a poll after HTTP 500', 500, new AbortController().signal],
    ['a canceled poll', 401, AbortSignal.abort()],
  ] as const)
    it(`doesn't retry ${what}, even if the token has changed`, async () => {
      const queue = ['old', 'new'];
      const get = replying(status, {}, good);
      await pollOnce({ client: { get }, tokens: { get: () => Promise.resolve(queue.shift()) }, signal });
      assert.equal(get.requests.length, 1);
    });

  it('parses a status only from a response with HTTP 2xx', async () => {
    for (const status of [200, 201, 299]) assert.equal((await polled(status, good)).kind, 'answered', String(status));
    for (const status of [101, 199, 300, 304, 400]) assert.equal((await polled(status, good)).kind, 'unanswered', String(status));
  });

  it('reports a run with an unknown ID as not found', async () => {
    const missing = await polled(404, '{"error":"Execution not found"}');
    assert.deepEqual(missing.kind === 'answered' && missing.answer.phase, { kind: 'missing' });
  });

  it('reports a response with HTTP 2xx as invalid if it contains no status', async () => {
    for (const body of ['<html>', '', '[]', '{}', good.slice(0, -1)])
      assert.equal(await troubleOf({ client: { get: replying(200, {}, body) } }), 'notAnAnswer');
    assert.equal(await troubleOf({ client: { get: replying(204, {}) } }), 'notAnAnswer');
  });

  it('returns no body for an empty error response', async () => {
    for (const status of [400, 401, 403, 429, 500]) assert.ok(!('body' in (await polled(status))));
  });

  it('returns no body for HTTP 401, 403, 429, or 500, even if the response has one', async () => {
    for (const status of [401, 403, 429, 500]) assert.ok(!('body' in (await polled(status, '{"detail":"No"}'))));
  });

  it('reports a failed poll with the code and the time of the failure', async () => {
    const refusing = () => Promise.reject(new FetchError(`request to ${canary} failed`, 'system', { code: 'ECONNREFUSED' }));
    const stalling = await httpServer(() => undefined);
    const page = await httpServer((_, response) => response.setHeader('content-type', 'text/html').end('<html>'));
    for (const [code, observed] of [
      ['HTTP 500', polled(500, '', { now: 7 })],
      ['HTTP 403', polled(403, '', { now: 7 })],
      ['HTTP 200', polled(200, '<html>', { now: 7 })],
      ['HTTP 200', pollOnce({ url: page.url, now: 7 })],
      ['ECONNREFUSED', pollOnce({ client: new AmpClient('0.0.0', defaultTimeouts, refusing), now: 7 })],
      ['ETIMEDOUT', pollOnce({ url: stalling.url, client: new AmpClient('0.0.0', { ...defaultTimeouts, headersMs: 20 }), now: 7 })],
    ] as const) {
      const seen = await observed;
      assert.deepEqual(seen.kind === 'unanswered' && [seen.trouble.code, seen.trouble.failedAt], [code, 7]);
    }
  });

  it('checks a token with one request for the inputs, with a verdict only for HTTP 200 with JSON, 401, or 403', async () => {
    for (const [status, body, kind] of [
      [200, '{"inputs":[]}', 'good'],
      [200, '[]', 'good'],
      [401, '', 'refused'],
      [403, '', 'notAllowed'],
      [200, '<html>', 'notChecked'],
      [404, '{"detail":"Not Found"}', 'notChecked'],
      [404, '{"error":"x"}', 'notChecked'],
      [500, '', 'notChecked'],
      [429, '', 'notChecked'],
    ] as const) {
      const get = replying(status, {}, body);
      assert.equal(await checkToken({ get }), kind, `${status} ${body}`);
      assert.deepEqual([get.requests.length, get.requests[0]?.route], [1, ['inputs']]);
    }
  });
});

describe('A token', () => {
  it('is hidden when it is converted to text or JSON, or inspected', () => {
    const token = new Token(canary);
    const shown = [
      `token: ${token as unknown as string}`,
      JSON.stringify({ token }),
      inspect(token, { showHidden: true, depth: 9 }),
      inspect({ a: [token] }),
    ];
    for (const text of shown) assert.ok(!text.includes(canary.slice(0, 12)), text);
    assert.deepEqual(Object.getOwnPropertyNames(token), []);
  });

  it("that the server repeats isn't in the result of any request", async () => {
    const echo = (text: string) =>
      JSON.stringify({ detail: text, message: text, error: text, inputs: [text], kickoff_id: text, status: 'stopped', kickoffId: text });
    const missing = JSON.stringify({ detail: [{ type: 'missing', loc: ['body', 'inputs', canary], msg: `Missing ${canary}` }] });
    const texts = [
      echo(`Bad token ${canary}.`),
      echo('x'.repeat(184) + canary),
      echo(canary),
      echo(`Missing inputs: a, ${canary}`),
      missing,
      `Bearer ${canary}`,
    ];
    let responses = 0;
    for (const status of [200, 302, 400, 401, 403, 404, 407, 409, 422, 429, 500, 503]) {
      for (const text of texts) {
        const get = replying(status, { location: `https://other.example/?t=${canary}` }, text);
        const seen = await pollOnce({ client: { get } });
        clean(seen.kind === 'answered' ? seen.answer : seen);
        clean(await checkToken({ get }));
        const client = { get, post: get };
        clean(await calls({ client }).inputNames(deployment()));
        clean(await startAt('https://crew.example', { client }));
        clean(await stopAt('https://crew.example', { client }));
        responses++;
      }
    }
    figure(5, `${responses} responses that repeat the token: 0 tokens kept`);
  });

  it("isn't in the result of a failed request, even if the error or status text contains it", async () => {
    const failures = [
      () => Promise.reject(new Error(`Bearer ${canary}`)),
      () => Promise.reject(Object.assign(new FetchError(canary, 'system', { code: canary }), { cause: canary })),
      () => Promise.reject(new TypeError(canary)),
      () => Promise.resolve(new Response(null, { status: 500, statusText: canary })),
    ];
    for (const fetch of failures) {
      const client = new AmpClient('0.0.0', defaultTimeouts, fetch);
      clean(await client.get(requestTo()));
    }
  });

  it('is hidden when the client or a request is converted to JSON or inspected', async () => {
    const get = replying(200, {}, good);
    await pollOnce({ client: { get } });
    assert.equal(get.requests.length, 1);
    clean(get.requests);
    const client = new AmpClient('0.0.0', defaultTimeouts, () => Promise.reject(new Error(`Bearer ${canary}`)));
    await client.get(requestTo());
    clean(client);
  });
});

function clean(value: unknown): void {
  const secret = canary.slice(0, 12);
  for (const text of [JSON.stringify(value), inspect(value, { showHidden: true, depth: 20 })]) assert.ok(!text.includes(secret), text);
}
