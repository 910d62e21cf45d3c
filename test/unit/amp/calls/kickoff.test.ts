import assert from 'node:assert/strict';
import dns from 'node:dns';
import net from 'node:net';
import { AmpClient } from '#amp/http/client';
import { defaultTimeouts } from '#amp/http/deadline';
import type { DeploymentUrl } from '#core/kickoff/deployment';
import { startTimeoutMs, type Inputs, type StartResult } from '#core/starts/attempt';
import { deployment, id } from '#test/support/builders';
import { listen } from '#test/support/localServer';
import { selfSigned } from '#test/support/network/certificate';
import { startRelay } from '#test/support/network/relay';
import { rawServer } from '#test/unit/amp/http/servers';
import { canary, patient } from '#test/unit/amp/http/testPoll';
import { faultsAgainst } from '#test/unit/simulator/contract';
import { calls, now, receiver, requestId, responder, startAt, type Received } from './calls';

/** Names with every character that a separator or a quote could be. */
const oddNames = ['two words', 'a:b', `"quoted"`, "it's", '主题', '{"json": [1]}', '__proto__'];

/** Asserts that this is the only request, and that it is exactly a documented one. */
function assertOneStart(received: readonly Received[], inputs: Inputs): void {
  assert.equal(received.length, 1);
  const [{ method, url, headers, body }] = received as [Received];
  assert.deepEqual([method, url, headers.authorization], ['POST', '/kickoff', `Bearer ${canary}`]);
  assert.deepEqual([headers['content-type'], Number(headers['content-length'])], ['application/json', Buffer.byteLength(body)]);
  const sent: unknown = JSON.parse(body);
  assert.deepEqual(faultsAgainst('KickoffRequest', sent), []);
  assert.deepEqual(sent, { inputs, meta: { source: 'vscode', requestId } });
}

/** Starts a run at a server that sends this response. Asserts that it received exactly one request. */
async function startedBy(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<StartResult> {
  const inputs = { topic: 'agents' };
  const server = await responder(status, body, headers);
  const result = await startAt(server.url, { inputs });
  assertOneStart(server.received, inputs);
  return result;
}

/** Returns the kind of a result with the problem and its code. */
function kindOf(result: StartResult): readonly (string | undefined)[] {
  return result.kind === 'started' ? [result.kind, result.id] : [result.kind, result.trouble.kind, result.trouble.code];
}

describe('A request to start a run', () => {
  it('has exactly the documented form, for any inputs', async () => {
    for (const inputs of [
      {},
      Object.fromEntries(oddNames.map((name) => [name, `value of ${name}`])),
      { empty: '', list: [1, 'two', null], nested: { deep: { flag: true } }, number: 3.5, nothing: null, lines: 'a\r\nb\u2028\0' },
    ]) {
      const server = await responder(200, { kickoff_id: 'run-1' });
      assert.deepEqual(await startAt(server.url, { inputs }), { kind: 'started', id: 'run-1' });
      assertOneStart(server.received, inputs);
    }
  });

  it('contains the ID of the run whose state the new run continues', async () => {
    const server = await responder(200, { kickoff_id: 'run-1' });
    await startAt(server.url, { continues: id(7) });
    assert.partialDeepStrictEqual(JSON.parse(server.received[0]!.body), { restoreFromStateId: id(7) });
  });

  it("has the result notStarted if the deployment's URL is damaged", async () => {
    const damaged = { ...deployment(), url: 'crew' as DeploymentUrl };
    const result = await calls().start(damaged, { deployment: damaged.key, requestId, sentAt: 0, inputs: {} });
    assert.deepEqual(kindOf(result), ['notStarted', 'refused', undefined]);
  });

  it('goes to /kickoff below the base path', async () => {
    const server = await responder(200, { kickoff_id: 'run-1' });
    await startAt(`${server.url}/base/crew`);
    assert.deepEqual(
      server.received.map(({ url }) => url),
      ['/base/crew/kickoff'],
    );
  });

  it('has the result notStarted without being sent if there is no valid token', async () => {
    const server = await responder(200, { kickoff_id: 'run-1' });
    for (const [token, kind] of [
      [undefined, 'noToken'],
      ['tök', 'tokenRefused'],
    ] as const)
      assert.deepEqual(kindOf(await startAt(server.url, { tokens: { get: () => Promise.resolve(token) } })), [
        'notStarted',
        kind,
        undefined,
      ]);
    assert.deepEqual(server.received, []);
  });
});

describe('A response to POST /kickoff', () => {
  it('with a valid ID in kickoff_id or run_id means that the run with this ID started', async () => {
    for (const [status, body, expected] of [
      [200, { kickoff_id: id() }, id()],
      [200, { run_id: 'run-7', status: 'queued' }, 'run-7'],
      [202, { kickoff_id: 'abcd1234-5678-90ef-ghij-klmnopqrstuv', session_id: 'x' }, 'abcd1234-5678-90ef-ghij-klmnopqrstuv'],
      [201, '\ufeff {"kickoff_id": "run-8"}\n', 'run-8'],
      [200, `{"kickoff_id":"run-9","log":"${'a'.repeat(100_000)}"}`, 'run-9'],
      [200, { kickoff_id: 7 }, '7'],
      [200, { kickoff_id: '', run_id: ' run-7 ' }, 'run-7'],
    ] as const)
      assert.deepEqual(await startedBy(status, body), { kind: 'started', id: expected });
  });

  it('that is cut off after a valid ID means that the run with this ID started', async () => {
    for (const body of ['{"kickoff_id":"run-1"', ' { "state": "a",\n "run_id" : " run-1", "log": "'])
      assert.deepEqual(await startedBy(200, body), { kind: 'started', id: 'run-1' });
  });

  it("that rejects the request and is cut off doesn't start the run whose ID it repeats", async () => {
    const body = { run_id: 'run-1', detail: [{ type: 'missing', loc: ['body', 'inputs'], input: { run_id: 'run-1' } }] };
    const result = await startedBy(422, `${JSON.stringify(body).slice(0, -1)},"log":"${'a'.repeat(70_000)}"}`);
    assert.deepEqual(kindOf(result), ['notStarted', 'refused', 'HTTP 422']);
  });

  it('with a valid ID means that the run started, even with an error or redirect status', async () => {
    for (const status of [307, 409, 500, 503])
      assert.deepEqual(await startedBy(status, { kickoff_id: 'run-1' }), { kind: 'started', id: 'run-1' });
  });

  it('that rejects the request has the result notStarted with the problem that matches its HTTP status', async () => {
    const page = '<html>Sign in</html>';
    for (const [status, body, kind] of [
      [400, { detail: 'Bad request' }, 'refused'],
      [401, { detail: 'Invalid or missing authentication credentials' }, 'tokenRefused'],
      [403, { detail: 'Not allowed' }, 'notAllowed'],
      [404, { detail: 'Not Found' }, 'wrongAddress'],
      [404, { error: 'Execution not found' }, 'wrongAddress'],
      [404, page, 'wrongAddress'],
      [405, { detail: 'Method Not Allowed' }, 'refused'],
      [422, { error: 'Validation Error', message: "'inputs.id' must be a valid UUID" }, 'refused'],
      [429, { detail: 'Too Many Requests' }, 'throttled'],
      [503, { detail: 'Service Unavailable' }, 'serverTrouble'],
    ] as const)
      assert.deepEqual(kindOf(await startedBy(status, body)), ['notStarted', kind, `HTTP ${status}`], `${status} ${JSON.stringify(body)}`);
  });

  for (const [status, kind, meaning] of [
    [301, 'notStarted', 'nothing started'],
    [302, 'unknown', 'AMP may have started the run'],
    [303, 'unknown', 'AMP may have started the run'],
    [307, 'notStarted', 'nothing started'],
    [308, 'notStarted', 'nothing started'],
  ] as const)
    it(`that is a redirect with HTTP ${status} means that ${meaning}`, async () => {
      assert.deepEqual(kindOf(await startedBy(status, '')), [kind, 'moved', `HTTP ${status}`]);
    });

  it("that has no valid ID and doesn't reject the request means that AMP may have started the run", async () => {
    const page = '<!doctype html><title>Bad Gateway</title>';
    for (const [status, body, kind] of [
      [500, 'Internal Server Error', 'serverTrouble'],
      [502, page, 'serverTrouble'],
      [503, 'Service Unavailable', 'serverTrouble'],
      [503, page, 'serverTrouble'],
      [503, { message: 'no healthy upstream' }, 'serverTrouble'],
      [504, page, 'serverTrouble'],
      [520, '', 'serverTrouble'],
      [408, '', 'serverTrouble'],
      [200, page, 'notAnAnswer'],
      [200, '', 'notAnAnswer'],
      [204, '', 'notAnAnswer'],
      [200, '[]', 'notAnAnswer'],
      [200, { detail: 'Missing inputs: topic' }, 'notAnAnswer'],
      [200, { kickoff_id: 7.5 }, 'notAnAnswer'],
      [200, { kickoff_id: '' }, 'notAnAnswer'],
      [200, { kickoff_id: '../../stop' }, 'notAnAnswer'],
      [200, '{"kickoff_id":"run-1', 'notAnAnswer'],
      [200, 'log {"kickoff_id":"run-1"', 'notAnAnswer'],
      [200, '{"meta":{"run_id":"run-1"},"list":[{"kickoff_id":"run-1"}],"log":"\\"kickoff_id\\":\\"run-1\\"', 'notAnAnswer'],
      [200, '"kickoff_id"', 'notAnAnswer'],
      [200, 'null', 'notAnAnswer'],
    ] as const)
      assert.deepEqual(kindOf(await startedBy(status, body)), ['unknown', kind, `HTTP ${status}`], `${status} ${JSON.stringify(body)}`);
    const html = await startedBy(200, page, { 'content-type': 'text/html' });
    assert.deepEqual(kindOf(html), ['unknown', 'notAnAnswer', 'HTTP 200']);
  });

  it('with Retry-After is reported as throttled until that time', async () => {
    for (const [status, kind] of [
      [429, 'notStarted'],
      [503, 'unknown'],
      [502, 'unknown'],
    ] as const) {
      const result = await startedBy(status, '', { 'retry-after': '17' });
      assert.partialDeepStrictEqual(result, { kind, trouble: { kind: 'throttled', retryAt: now + 17_000 } }, String(status));
    }
  });

  const complaint = (loc: readonly unknown[]) => ({ type: 'missing', loc, msg: 'Field required' });

  it('with HTTP 422 gives the missing inputs only if it lists them in a known form', async () => {
    for (const [body, missing] of [
      [{ detail: 'Missing inputs: audience, topic' }, ['audience', 'topic']],
      [{ detail: 'missing input: topic' }, ['topic']],
      [{ detail: ' Missing inputs:topic,\n audience ' }, ['topic', 'audience']],
      [{ detail: 'No. Missing inputs: topic' }, []],
      [{ detail: `Missing inputs: ${oddNames.join(', ')}` }, oddNames],
      [{ error: 'Validation error', message: 'Missing inputs: topic' }, ['topic']],
      [{ detail: [...oddNames, 'a, b'].map((name) => complaint(['body', 'inputs', name])) }, [...oddNames, 'a, b']],
      [
        { detail: [complaint(['inputs', 'body']), complaint(['topic']), complaint(['body', 'inputs', 'list', 0])] },
        ['body', 'topic', 'list'],
      ],
      // These complaints are about the whole body, and name no input.
      [{ detail: [complaint(['body']), complaint(['body', 'inputs']), complaint([]), complaint(['body', 'inputs', 7]), 7, {}] }, []],
      [{ error: 'Validation Error', message: "'inputs.id' must be a valid UUID" }, []],
      [{ detail: 'The inputs are too long' }, []],
      ['Missing inputs: topic', []],
    ] as const) {
      const result = await startedBy(422, body);
      assert.partialDeepStrictEqual(result, { kind: 'notStarted', trouble: { kind: 'refused' } });
      assert.deepEqual(result.kind === 'notStarted' && result.missingInputs, missing, JSON.stringify(body));
    }
  });

  it('that lists missing inputs as text gives two names for an input whose name contains a comma', async () => {
    const result = await startedBy(422, { detail: 'Missing inputs: a, b, topic' });
    assert.deepEqual(result.kind === 'notStarted' && result.missingInputs, ['a', 'b', 'topic']);
  });

  it('with an ID that contains the token means that AMP may have started the run', async () => {
    for (const body of [{ kickoff_id: canary }, { run_id: `x-${canary}` }]) assert.equal((await startedBy(200, body)).kind, 'unknown');
  });
});

describe('A start', () => {
  const { lookup } = dns;
  afterEach(() => void Object.assign(dns, { lookup }));

  it('to a closed port has the result notStarted', async () => {
    const server = net.createServer();
    const url = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    assert.deepEqual(kindOf(await startAt(url)), ['notStarted', 'unreachable', 'ECONNREFUSED']);
  });

  it('to an unknown host name has the result notStarted', async () => {
    for (const code of ['ENOTFOUND', 'EAI_AGAIN']) {
      const fail = (_name: string, _options: unknown, found: (error: Error) => void) => found(Object.assign(new Error(code), { code }));
      Object.assign(dns, { lookup: fail });
      assert.deepEqual(kindOf(await startAt('https://nowhere.invalid')), ['notStarted', 'nameUnknown', code]);
    }
  });

  it('to a server with a self-signed certificate sends no data and has the result notStarted', async () => {
    let bytes = 0;
    const server = await rawServer((socket) => {
      bytes += socket.bytesRead;
      socket.destroy();
    });
    const relay = await startRelay(server.port, { identity: selfSigned('localhost') });
    try {
      const result = await startAt(`https://localhost:${relay.port}`);
      assert.deepEqual(kindOf(result).slice(0, 2), ['notStarted', 'certificate']);
    } finally {
      await relay.stop();
    }
    assert.equal(bytes, 0);
  });

  it('has the result unknown if the connection is reset before the server receives the request', async () => {
    const early = net.createServer((socket) => void socket.resetAndDestroy());
    const url = await listen(early);
    const before = kindOf(await startAt(url));
    await new Promise((resolve) => early.close(resolve));
    assert.deepEqual(before.slice(0, 2), ['unknown', 'unreachable']);
  });

  it("isn't repeated and has the result unknown if the connection is reset after the server receives the request", async () => {
    const after = await receiver((_, socket) => socket.resetAndDestroy());
    assert.deepEqual(kindOf(await startAt(after.url)), ['unknown', 'unreachable', 'ECONNRESET']);
    assertOneStart(after.received, { topic: 'agents' });
  });

  it("isn't repeated and has the result unknown if there is no response before the deadline", async () => {
    const client = new AmpClient('0.0.0', { ...patient, postHeadersMs: 200 });
    const silent = await receiver(() => undefined);
    assert.deepEqual(kindOf(await startAt(silent.url, { client })), ['unknown', 'unreachable', 'ETIMEDOUT']);
    assertOneStart(silent.received, { topic: 'agents' });
  });

  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n';

  it('waits longer for the headers than a poll, because AMP may have to wake the deployment', async () => {
    assert.equal(defaultTimeouts.postHeadersMs, startTimeoutMs);
    const client = new AmpClient('0.0.0', { ...patient, headersMs: 50 });
    const slow = await rawServer((socket) => void setTimeout(() => socket.end(`${head}{"kickoff_id":"run-1"}`), 300));
    assert.deepEqual(await startAt(slow.url, { client }), { kind: 'started', id: 'run-1' });
  });

  for (const [how, kind, response, ends] of [
    ["with a response that isn't HTTP", 'unknown', 'SSH-2.0-OpenSSH\r\n', true],
    ['with a response that is cut off within the ID', 'unknown', `${head}{"kickoff_id":"run-`, true],
    ['with an empty response', 'unknown', '', true],
    ['with a response that is cut off after the ID', 'started', `${head}{"kickoff_id":"run-1"}`, true],
    ['with a response that stalls after the ID', 'started', `${head}{"kickoff_id":"run-1"`, false],
  ] as const)
    it(`${how} isn't repeated and has the result ${kind}`, async () => {
      let requests = 0;
      const server = await rawServer((socket) => {
        requests++;
        if (ends) socket.end(response);
        else socket.write(response);
      });
      const client = new AmpClient('0.0.0', { ...patient, idleMs: 200 });
      assert.deepEqual([(await startAt(server.url, { client })).kind, requests], [kind, 1]);
    });

  it("isn't repeated and has the result notStarted if the connection is refused", async () => {
    let requests = 0;
    const client = new AmpClient('0.0.0', patient, () => {
      requests++;
      return Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }));
    });
    assert.deepEqual([(await startAt('https://crew.example', { client })).kind, requests], ['notStarted', 1]);
  });
});
