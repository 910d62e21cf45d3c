import assert from 'node:assert/strict';
import { faultsOf } from './contract';
import { simulated, stopAll, type Body } from './simulated';

const flow = { deployment: 'flow' } as const;
const complete = { inputs: { topic: 'agents', audience: 'all' } };
const shown = { tasks: [{ name: 'one', agent: '', seconds: 1, output: '{topic} for {audience}' }] };

describe('The simulated POST /kickoff', () => {
  afterEach(stopAll);

  it('can reject missing inputs with HTTP 422 and a sentence, a list, or a validation error', async () => {
    const list = ['audience', 'topic'].map((name) => ({ type: 'missing', loc: ['body', 'inputs', name], msg: 'Field required' }));
    for (const [missingInputs, expected] of [
      ['sentence', { detail: 'Missing inputs: audience, topic' }],
      ['list', { detail: list }],
      ['error', { error: 'Validation Error', message: 'Missing inputs: audience, topic' }],
    ] as const) {
      const { simulator, post } = await simulated({ missingInputs });
      const { status, body } = await post('/kickoff', { inputs: {} });
      assert.deepEqual([status, body], [422, expected]);
      assert.deepEqual(faultsOf({ status, body }, 'POST /kickoff'), []);
      assert.deepEqual(simulator.deployment().starts, []);
    }
  });

  it("rejects the input “id” with HTTP 422 and “Validation Error” only if its value isn't a UUID", async () => {
    const { simulator, post } = await simulated({ missingInputs: 'error' });
    const { status, body } = await post('/kickoff', { inputs: { id: 'run 7' } }, flow);
    assert.deepEqual([status, body['error']], [422, 'Validation Error']);
    assert.match(String(body['message']), /^'inputs\.id' must be a valid UUID/);
    const id = '0d3c9c0e-1f1c-4b0e-9d2b-9a6d5c1f7a10';
    assert.equal((await post('/kickoff', { inputs: { id } }, flow)).status, 200);
    assert.deepEqual(
      simulator.deployment('flow').starts.map(({ body: { inputs } }) => inputs),
      [{ id }],
    );
  });

  for (const [badJson, text] of [
    [400, '{"detail":"There was an error parsing the body"}'],
    [500, 'Internal Server Error'],
  ] as const)
    it(`can respond with HTTP ${badJson} to a body that isn't a JSON object`, async () => {
      const { simulator, post } = await simulated({ badJson });
      for (const body of ['{"inputs":', '[]', '7', '']) {
        const rejected = await post('/kickoff', body);
        assert.deepEqual([rejected.status, rejected.text], [badJson, text], body);
      }
      assert.deepEqual(simulator.deployment().starts, []);
    });

  const withDefaults = { ...shown, defaults: { topic: 'nothing', audience: 'nobody' } };

  it('rejects a body without inputs for a crew', async () => {
    const { post } = await simulated(withDefaults);
    assert.equal((await post('/kickoff', { topic: 'agents' })).status, 422);
  });

  it('starts a flow with default values instead of missing inputs', async () => {
    const { pass, post, status } = await simulated(withDefaults);
    const bare = await post('/kickoff', { topic: 'agents' }, flow);
    const partly = await post('/kickoff', { inputs: { topic: 'agents' } }, flow);
    pass(2);
    const outputOf = async ({ body }: { readonly body: Body }) => (await status(String(body['kickoff_id']), 'flow')).body['result'];
    assert.deepEqual([await outputOf(bare), await outputOf(partly)], ['nothing for nobody', 'agents for nobody']);
  });

  it('continues a flow only from the state of a known run', async () => {
    const { pass, post, status } = await simulated(withDefaults);
    const startFrom = async (restoreFromStateId: unknown, deployment: string) => {
      const { body } = await post('/kickoff', { inputs: { audience: 'me' }, restoreFromStateId }, { deployment });
      return String(body['kickoff_id']);
    };
    const first = String((await post('/kickoff', complete, flow)).body['kickoff_id']);
    const [next, afresh] = [await startFrom(first, 'flow'), await startFrom('00000000-0000-4000-8000-000000000000', 'flow')];
    assert.equal(new Set([first, next, afresh]).size, 3);
    pass(2);
    const results = await Promise.all([first, next, afresh].map(async (id) => (await status(id, 'flow')).body['result']));
    assert.deepEqual(results, ['agents for all', 'agents for me', 'nothing for me']);
  });

  it('records a start during a fault only if just the response is lost', async () => {
    const { simulator, post } = await simulated();
    const { setTrouble, starts } = simulator.deployment();
    for (const [kind, accepted, expected] of [
      [{ kind: 'lost', response: 504 }, 1, 504],
      [{ kind: 'lost', response: 'reset' }, 2, 'no response'],
      [{ kind: 'reset' }, 2, 'no response'],
      [{ kind: 'serverError', status: 503 }, 2, 503],
    ] as const) {
      setTrouble([{ ...kind, fromRequest: 1, requests: 1, route: 'kickoff' }]);
      const sent = post('/kickoff', complete).then(
        ({ status }) => status,
        () => 'no response',
      );
      assert.deepEqual([await sent, starts.length], [expected, accepted], JSON.stringify(kind));
    }
  });

  it('counts only requests to /kickoff if a fault of this route begins at a certain request', async () => {
    const { simulator, get, post } = await simulated();
    simulator.deployment().setTrouble([{ fromRequest: 2, requests: 1, kind: 'forbidden', route: 'kickoff' }]);
    const statuses: number[] = [];
    for (let round = 0; round < 3; round++) statuses.push((await get('/inputs')).status, (await post('/kickoff', complete)).status);
    assert.deepEqual(statuses, [200, 200, 200, 403, 200, 200]);
  });
});

describe('The simulated POST /stop', () => {
  afterEach(stopAll);

  it('stops a run only if the run is active', async () => {
    const { simulator, pass, post, status } = await simulated();
    const [active, done] = [simulator.addRun(), simulator.addRun({ script: { endsWith: 'failure', endsAfter: 1 } })];
    pass(12);
    const answers = [active, active, done].map((id) => () => post(`/stop/${id}`, ''));
    const seen: unknown[] = [];
    for (const ask of answers) {
      const { status: code, body } = await ask();
      seen.push([code, body]);
    }
    assert.deepEqual(seen, [
      [200, { status: 'stopped', kickoffId: active }],
      [400, { detail: 'Cannot stop execution. Current state: REVOKED' }],
      [400, { detail: 'Cannot stop execution. Current state: FAILURE' }],
    ]);
    const unknown = await post('/stop/nothing', '');
    assert.deepEqual([unknown.status, Object.keys(unknown.body)], [404, ['error', 'message']]);
    assert.equal((await status(active)).body['state'], 'REVOKED');
  });

  it('responds with HTTP 404 if the deployment has no such route', async () => {
    const { simulator, post } = await simulated({ canStop: false });
    const { status, body } = await post(`/stop/${simulator.addRun()}`, '');
    assert.deepEqual([status, body], [404, { detail: 'Not Found' }]);
  });
});
