import assert from 'node:assert/strict';
import type { RunScript } from '#test/simulator/runScript';
import { dense, huge } from '#test/simulator/scripts';
import { simulated, stopAll, type Simulated } from './simulated';

function scripted({ simulator }: Simulated, script: RunScript): string {
  return simulator.addRun({ script });
}

describe('A slow response of the simulator', () => {
  afterEach(stopAll);

  it('comes late, and doesn’t delay other responses', async () => {
    const world = await simulated({ speed: 1000 });
    const late = scripted(world, { trouble: [{ from: 0, kind: 'slow', latency: 20 }] });
    const never = scripted(world, { trouble: [{ from: 0, kind: 'slow', latency: 1e6 }] });
    const waiting = assert.rejects(world.status(never));
    assert.equal((await world.status(late)).body['state'], 'RUNNING');
    assert.equal((await world.get('/inputs')).status, 200);
    await world.simulator.stop();
    await waiting;
  });

  it('can come in pieces, with a configured interval between them', async () => {
    const world = await simulated({ speed: 1000 });
    const drip = (every: number) => scripted(world, { trouble: [{ from: 0, kind: 'slow', drip: { pieces: 7, every } }] });
    assert.equal((await world.status(drip(1))).body['state'], 'RUNNING', 'the whole response arrives');

    const { url, token } = world.simulator.deployment();
    const response = await fetch(`${url}/status/${drip(1e6)}`, { headers: { authorization: `Bearer ${token}` } });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const first = await reader.read();
    assert.equal(first.value?.length, Math.ceil(Number(response.headers.get('content-length')) / 7));
    const rest = assert.rejects(reader.read());
    await world.simulator.stop();
    await rest;
  });

  it('can affect a whole deployment for a number of requests', async () => {
    const world = await simulated({ speed: 1000 });
    world.simulator.deployment().setTrouble([{ from: 0, requests: 1, kind: 'slow', latency: 1e6 }]);
    const stuck = assert.rejects(world.get('/inputs'));
    while (world.simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await world.get('/inputs')).status, 200);
    await world.simulator.stop();
    await stuck;
  });
});

describe('A huge response of the simulator', function () {
  this.timeout(30_000);
  afterEach(stopAll);

  it('has about the configured number of megabytes, as text or as dense JSON', async () => {
    const world = await simulated();
    for (const [script, type] of [
      [huge(3), 'string'],
      [dense(3), 'object'],
    ] as const) {
      const id = scripted(world, script);
      world.pass(100);
      const { text, body } = await world.status(id);
      assert.equal(typeof body['result'], type);
      assert.ok(Math.abs(text.length / 3e6 - 1) < 0.1, `${text.length} bytes`);
    }
  });
});
