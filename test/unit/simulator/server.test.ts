import assert from 'node:assert/strict';
import { listing, startDemo } from '#test/simulator/demo';
import { startSimulator } from '#test/simulator/server';
import { crew, simulated, start, stopAll, type Body } from './simulated';

describe('The simulator', () => {
  afterEach(stopAll);

  it('rejects the old token of a deployment as soon as the deployment has a new token', async () => {
    const { simulator, get } = await simulated();
    simulator.deployment().setToken('tok-demo-new');
    assert.deepEqual((await get('/inputs', { token: 'tok-demo-a' })).body, { detail: 'Invalid or missing authentication credentials' });
    assert.equal((await get('/inputs', { token: 'tok-demo-new' })).status, 200);
    assert.equal((await get('/inputs', { token: 'tok-demo-b', deployment: 'page' })).status, 200);
    simulator.deployment('page').setToken('tok-demo-other');
    assert.deepEqual((await get('/inputs', { token: 'tok-demo-b', deployment: 'page' })).body, {
      error: 'Unauthorized',
      message: 'Bearer token is invalid or missing',
    });
  });

  it('gives each deployment its own origin and runs', async () => {
    const { simulator, status } = await simulated();
    assert.equal(new Set(simulator.deployments.map(({ url }) => new URL(url).origin)).size, 3);
    const id = simulator.addRun({ deployment: 'flow' });
    assert.equal((await status(id)).body['state'], 'NOT FOUND');
    assert.equal((await status(id, 'flow')).body['state'], 'RUNNING');
  });

  it('records each request with its time', async () => {
    const { simulator, pass, get, post } = await simulated();
    await get('/inputs', { token: null });
    pass(2);
    await post('/kickoff?x=1', {}, { deployment: 'page' });
    const [first, second] = simulator.requests;
    assert.ok(first && second);
    assert.deepEqual([first.method, first.path, first.deployment, first.at], ['GET', '/inputs', 'crew', start]);
    assert.equal('authorization' in first, false);
    assert.deepEqual([second.method, second.path, second.at], ['POST', '/kickoff?x=1', start + 2000]);
    assert.equal(second.authorization, 'Bearer tok-demo-b');
  });

  it('fails to start on a taken port', async () => {
    const { simulator } = await simulated();
    const taken = Number(new URL(simulator.deployment('page').url).port);
    const starting = startSimulator({ deployments: [crew, crew], port: taken - 1 });
    await assert.rejects(starting, { code: 'EADDRINUSE' });
  });
});

/** The statuses of each prepared run during half a minute with one request per second, without repetitions. */
const shown = {
  c0ffee01: ['PENDING', 'RUNNING', 'SUCCESS'],
  c0ffee02: ['PENDING', 'RUNNING', 'FAILED'],
  c0ffee03: ['SUCCESS'],
  c0ffee04: ['RUNNING', 'SUCCESS'],
  c0ffee05: ['RUNNING', '429', 'RUNNING', 'SUCCESS'],
  c0ffee06: ['RUNNING', '500', 'RUNNING', 'SUCCESS'],
  c0ffee07: ['RUNNING', '502', 'RUNNING', 'HTML', 'RUNNING', 'SUCCESS'],
  c0ffee08: ['RUNNING', 'NOT FOUND', 'RUNNING', 'SUCCESS'],
  c0ffee09: ['RUNNING', 'REHYDRATING', 'RUNNING', 'SUCCESS'],
  c0ffee0a: ['RUNNING'],
  c0ffee0b: ['RUNNING', 'SUCCESS'],
  c0ffee0c: ['RUNNING', 'SUCCESS'],
  c0ffee0d: ['RUNNING', 'SUCCESS'],
  c0ffee0e: ['RUNNING', 'SUCCESS'],
  c0ffee0f: ['RUNNING', 'over 64 MiB'],
  abcd1234: ['running', 'completed'],
  decade01: ['running', 'completed'],
  decade02: ['running', '401', 'running', 'completed'],
  f10f0001: ['PENDING', 'RUNNING', 'SUCCESS'],
  f10f0002: ['RUNNING', 'PAUSED'],
  f10f0003: ['RUNNING', 'SUCCESS'],
};

describe('The demo of the simulator', function () {
  this.timeout(60_000);

  /** The factor by which real waits are shorter. */
  const speed = 1000;

  it('lists URLs, tokens, and runs, and each run goes through its statuses', async () => {
    let now = start;
    const demo = await startDemo({ now: () => now, speed });
    const { simulator, runs } = demo;
    const text = listing(demo);
    const seen: Record<string, string[]> = {};
    for (const { name, url, token } of simulator.deployments) {
      assert.ok(text.includes(`${url}\n`) && text.includes(`${token}\n`));
      for (const { id, shows } of runs.get(name) ?? []) {
        assert.ok(text.includes(`${id}  ${shows}`));
        seen[id.slice(0, 8)] = await statusesOf(`${url}/status/${id}`, token);
      }
    }
    await simulator.stop();
    assert.deepEqual(seen, shown);

    async function statusesOf(url: string, token: string): Promise<string[]> {
      const seen: string[] = [];
      for (let second = 0; second < 30; second += 1) {
        const word = await wordOf(await fetch(url, { headers: { authorization: `Bearer ${token}` } }));
        if (word !== seen.at(-1)) seen.push(word);
        if (['SUCCESS', 'completed', 'over 64 MiB'].includes(word)) break;
        now += 1000 / speed;
      }
      return seen;
    }
  });
});

async function wordOf(response: Response): Promise<string> {
  if (Number(response.headers.get('content-length')) > 64 * 1024 * 1024) {
    await response.body?.cancel();
    return 'over 64 MiB';
  }
  const answer = await response.text();
  if (response.status !== 200) return String(response.status);
  if (response.headers.get('content-type') !== 'application/json') return 'HTML';
  const body = JSON.parse(answer) as Body;
  return String(body['state'] ?? body['status']);
}
