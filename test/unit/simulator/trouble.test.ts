import assert from 'node:assert/strict';
import type { Trouble } from '#test/simulator/trouble';
import { simulated, stopAll, type Reply, type Simulated } from './simulated';

function inTrouble({ simulator }: Simulated, trouble: Trouble, deployment = 'crew'): string {
  return simulator.addRun({ deployment, script: { trouble: [trouble] } });
}

describe('A fault in the simulator', () => {
  afterEach(stopAll);

  const durations: readonly (readonly [string, Trouble, waits: readonly number[], statuses: readonly number[]])[] = [
    ['can last for a number of seconds', { from: 10, seconds: 5, kind: 'serverError' }, [9, 1, 4, 1], [200, 500, 500, 200]],
    [
      'can last for a number of requests from a certain time',
      { from: 10, requests: 2, kind: 'forbidden' },
      [0, 30, 0, 0],
      [200, 403, 403, 200],
    ],
    [
      'can last for a number of requests from a certain request',
      { fromRequest: 2, requests: 1, kind: 'forbidden' },
      [0, 0, 0],
      [200, 403, 200],
    ],
    [
      'can last for a number of seconds from a certain request',
      { fromRequest: 2, seconds: 5, kind: 'unauthorized' },
      [0, 9, 4, 1],
      [200, 401, 401, 200],
    ],
    ['lasts forever by default', { fromRequest: 2, kind: 'unauthorized' }, [0, 0, 9999], [200, 401, 401]],
  ];
  for (const [title, trouble, waits, expected] of durations)
    it(title, async () => {
      const world = await simulated();
      const id = inTrouble(world, trouble);
      const statuses: number[] = [];
      for (const seconds of waits) {
        world.pass(seconds);
        statuses.push((await world.status(id)).status);
      }
      assert.deepEqual(statuses, expected);
    });

  it("has the format of its deployment's responses", async () => {
    const world = await simulated();
    const troubled = (trouble: Trouble, deployment: string): Promise<Reply> =>
      world.status(inTrouble(world, trouble, deployment), deployment);
    const word = { from: 0, kind: 'word', word: 'REHYDRATING' } as const;
    const crash = { from: 0, kind: 'serverError' } as const;
    assert.deepEqual((await troubled(word, 'crew')).body, { state: 'REHYDRATING', status: 'Task is rehydrating', result: null });
    assert.deepEqual((await troubled(word, 'page')).body, { status: 'REHYDRATING' });
    assert.equal((await troubled(crash, 'crew')).text, 'Internal Server Error');
    assert.equal((await troubled(crash, 'page')).body['error'], 'Internal server error');
  });
});
