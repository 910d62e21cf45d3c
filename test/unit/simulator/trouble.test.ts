import assert from 'node:assert/strict';
import type { Trouble } from '#test/simulator/trouble';
import { simulated, start, stopAll, type Reply, type Simulated } from './simulated';

function inTrouble({ simulator }: Simulated, trouble: Trouble, deployment = 'crew'): string {
  return simulator.addRun({ deployment, script: { trouble: [trouble] } });
}

async function statusesOver(world: Simulated, id: string, waits: readonly number[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const seconds of waits) {
    world.pass(seconds);
    statuses.push((await world.status(id)).status);
  }
  return statuses;
}

describe('A fault in the simulator', () => {
  afterEach(stopAll);

  const durations: readonly (readonly [string, Trouble, waits: readonly number[], statuses: readonly number[]])[] = [
    ['for a number of seconds', { from: 10, seconds: 5, kind: 'serverError' }, [9, 1, 4, 1], [200, 500, 500, 200]],
    ['for a number of requests from a time on', { from: 10, requests: 2, kind: 'forbidden' }, [0, 30, 0, 0], [200, 403, 403, 200]],
    ['for a number of requests from a request on', { fromRequest: 2, requests: 1, kind: 'forbidden' }, [0, 0, 0], [200, 403, 200]],
    ['for some seconds from a request on', { fromRequest: 2, seconds: 5, kind: 'unauthorized' }, [0, 9, 4, 1], [200, 401, 401, 200]],
    ['without an end, which is the default', { fromRequest: 2, kind: 'unauthorized' }, [0, 0, 9999], [200, 401, 401]],
  ];
  for (const [how, trouble, waits, statuses] of durations)
    it(`can last ${how}`, async () => {
      const world = await simulated();
      assert.deepEqual(await statusesOver(world, inTrouble(world, trouble), waits), statuses);
    });

  it('doesn’t delay the run', async () => {
    const world = await simulated();
    const id = inTrouble(world, { from: 0, seconds: 60, kind: 'serverError' });
    assert.equal((await world.status(id)).status, 500);
    world.pass(60);
    assert.equal((await world.status(id)).body['state'], 'SUCCESS');
  });

  it('can send Retry-After in seconds, as a date, or as any text', async () => {
    const world = await simulated();
    const cases = [
      [17, '17'],
      [{ dateIn: 120 }, new Date(start + 120_000).toUTCString()],
      ['soon', 'soon'],
    ] as const;
    for (const [retryAfter, header] of cases) {
      const response = await world.status(inTrouble(world, { from: 0, kind: 'throttled', retryAfter }));
      assert.deepEqual([response.status, response.headers.get('retry-after')], [429, header]);
    }
    const busy = await world.status(inTrouble(world, { from: 0, kind: 'throttled', status: 503 }));
    assert.deepEqual([busy.status, busy.headers.get('retry-after')], [503, null]);
  });

  it('has the form of the deployment’s dialect', async () => {
    const world = await simulated();
    const troubled = (trouble: Trouble, deployment: string): Promise<Reply> =>
      world.status(inTrouble(world, trouble, deployment), deployment);
    const missing = { from: 0, kind: 'notFound' } as const;
    const word = { from: 0, kind: 'word', word: 'REHYDRATING' } as const;
    const crash = { from: 0, kind: 'serverError' } as const;
    assert.equal((await troubled(missing, 'crew')).body['state'], 'NOT FOUND');
    assert.equal((await troubled(missing, 'page')).status, 404);
    assert.deepEqual((await troubled(word, 'crew')).body, { state: 'REHYDRATING', status: 'Task is rehydrating', result: null });
    assert.deepEqual((await troubled(word, 'page')).body, { status: 'REHYDRATING' });
    assert.equal((await troubled(crash, 'crew')).text, 'Internal Server Error');
    assert.equal((await troubled(crash, 'page')).body['error'], 'Internal server error');
  });

  it('can be a rejection with a message, or a response that is too large', async () => {
    const world = await simulated();
    const refused = await world.status(inTrouble(world, { from: 0, kind: 'refused', sentence: 'executionId: not a UUID' }));
    assert.equal(refused.status, 422);
    assert.match(refused.text, /executionId: not a UUID/);
    const huge = await world.status(inTrouble(world, { from: 0, kind: 'huge', mebibytes: 2 }));
    assert.deepEqual([huge.headers.get('content-encoding'), huge.body['state']], ['gzip', 'RUNNING']);
    assert.ok(Number(huge.headers.get('content-length')) < 50_000 && huge.text.length > 2 * 1_024 * 1_024);
  });

  it('can be an HTML page or a redirect', async () => {
    const world = await simulated();
    const gateway = await world.status(inTrouble(world, { from: 0, kind: 'html' }));
    assert.deepEqual([gateway.status, gateway.headers.get('content-type')], [502, 'text/html; charset=utf-8']);
    assert.match((await world.status(inTrouble(world, { from: 0, kind: 'html', status: 200 }))).text, /Sign in/);
    const moved = await world.status(inTrouble(world, { from: 0, kind: 'redirect', location: 'https://new-name.example/status/x' }));
    assert.deepEqual([moved.status, moved.headers.get('location')], [308, 'https://new-name.example/status/x']);
  });

  it('can reset the connection, or stall it until the client or the simulator aborts', async () => {
    const world = await simulated();
    await assert.rejects(world.status(inTrouble(world, { from: 0, kind: 'reset' })));

    const silent = inTrouble(world, { from: 0, kind: 'stall' });
    const controller = new AbortController();
    const abandoned = world.get(`/status/${silent}`, { signal: controller.signal });
    const cut = world.status(silent);
    controller.abort();
    await assert.rejects(abandoned, { name: 'AbortError' });
    await Promise.all([assert.rejects(cut), arrived(world, 2).then(() => world.simulator.stop())]);
  });

  it('can affect one whole deployment and no other', async () => {
    const world = await simulated();
    const id = world.simulator.addRun();
    world.pass(100);
    world.simulator.deployment().setTrouble([{ from: 5, seconds: 5, kind: 'throttled', status: 503, retryAfter: 9 }]);
    assert.deepEqual(await statusesOver(world, id, [0, 5, 5]), [200, 503, 200]);
    world.simulator.deployment().setTrouble([{ from: 0, kind: 'html' }]);
    assert.equal((await world.post('/kickoff', {})).status, 502);
    assert.equal((await world.get('/inputs', { deployment: 'flow' })).status, 200);
    world.simulator.deployment().setTrouble([]);
    assert.equal((await world.get('/inputs')).status, 200);
  });
});

/** Waits until the simulator has received this number of requests. */
async function arrived({ simulator }: Simulated, requests: number): Promise<void> {
  while (simulator.requests.length < requests) await new Promise((resolve) => setImmediate(resolve));
}
