import assert from 'node:assert/strict';
import { simulated, start, stopAll, type Body } from './simulated';

function progressOf(body: Body): Body {
  return body['progress'] as Body;
}

describe('A simulated run', () => {
  afterEach(stopAll);

  it("responds in AMP's format with its progress, its last task, and the tokens used", async () => {
    const { simulator, pass, status } = await simulated();
    const id = simulator.addRun({ id: 'run-1', script: { queueSeconds: 5 }, inputs: { topic: 'agents' } });
    pass(17);
    const { body, headers } = await status(id);
    assert.deepEqual(progressOf(body), {
      unit: 'task',
      completed: 1,
      total: 3,
      remaining: 2,
      current: 'two',
      current_agent: 'Bo',
      started_at: new Date(start + 5_000).toISOString(),
      updated_at: new Date(start + 17_000).toISOString(),
      duration_seconds: 12,
    });
    const last = body['last_executed_task'] as Body;
    assert.deepEqual([last['name'], last['output'], last['kickoff_id']], ['one', 'first agents', 'run-1']);
    assert.equal(headers.get('date'), new Date(start + 17_000).toUTCString());
    assert.ok(Number((body['usage_metrics'] as Body)['total_tokens']) > 0);
  });

  it('of a flow responds with its completed steps, but no total and no last task', async () => {
    const { simulator, pass, status } = await simulated();
    const id = simulator.addRun({ deployment: 'flow' });
    pass(12);
    const running = (await status(id, 'flow')).body;
    assert.deepEqual([running['last_step'], running['last_executed_task']], [null, null]);
    const { unit, total, remaining, completed } = progressOf(running);
    assert.deepEqual([unit, total, remaining, completed], ['step', null, null, 1]);
  });

  it('finishes with the status in its script', async () => {
    const { simulator, pass, status } = await simulated();
    const failed = simulator.addRun({ deployment: 'page', script: { endsWith: 'failure', endsAfter: 7, reason: 'out of luck' } });
    const stopped = simulator.addRun({ script: { endsWith: 'stopped' } });
    pass(100);
    assert.deepEqual((await status(failed, 'page')).body, { status: 'error', error: 'out of luck', execution_time: 7 });
    assert.equal((await status(stopped)).body['state'], 'REVOKED');
  });

  it('can have a text, JSON text, or an object as its result', async () => {
    const { simulator, status } = await simulated();
    const results = [
      ['plain', null],
      ['{"score":1}', { score: 1 }],
      [{ score: 1 }, null],
    ] as const;
    for (const [result, json] of results) {
      const { body } = await status(simulator.addRun({ script: { output: result }, startedAt: start - 100_000 }));
      assert.deepEqual([body['result'], body['result_json']], [result, json]);
    }
  });

  it('gets a UUID as its kickoff ID', async () => {
    const { post } = await simulated();
    const kickoff = await post('/kickoff', { inputs: { topic: 'agents', audience: 'all' } });
    assert.match(String(kickoff.body['kickoff_id']), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('has the inputs and meta of its kickoff request', async () => {
    const { pass, status, post } = await simulated();
    const kickoff = await post('/kickoff', { inputs: { topic: 'agents', audience: 'all' }, meta: { source: 'test' } });
    const id = String(kickoff.body['kickoff_id']);
    pass(11);
    const last = (await status(id)).body['last_executed_task'] as Body;
    assert.deepEqual([last['output'], last['meta']], ['first agents', { source: 'test' }]);
  });
});
