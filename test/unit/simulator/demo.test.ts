import assert from 'node:assert/strict';
import { listing, startDemo } from '#test/simulator/demo';
import { start, type Body } from './simulated';

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

  it('lists the URL, the token, and the runs of each deployment', async () => {
    const demo = await startDemo({ now: () => start, speed });
    const text = listing(demo);
    for (const { name, url, token } of demo.simulator.deployments) {
      assert.ok(text.includes(`${url}\n`) && text.includes(`${token}\n`));
      for (const { id, shows } of demo.runs.get(name) ?? []) assert.ok(text.includes(`${id}  ${shows}`));
    }
    await demo.simulator.stop();
  });

  it('sends the expected sequence of statuses for each listed run', async () => {
    let now = start;
    const demo = await startDemo({ now: () => now, speed });
    const { simulator, runs } = demo;
    const seen: Record<string, string[]> = {};
    for (const { name, url, token } of simulator.deployments) {
      for (const { id } of runs.get(name) ?? []) seen[id.slice(0, 8)] = await statusesOf(`${url}/status/${id}`, token);
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
