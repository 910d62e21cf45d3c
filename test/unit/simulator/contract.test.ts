import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { faultsAgainst, faultsOf } from './contract';
import { simulated, stopAll, type Body, type Reply } from './simulated';

const dialects = [
  { deployment: 'crew', schema: 'LiveStatus' },
  { deployment: 'page', schema: 'DocumentedStatus' },
] as const;

function assertResponse(response: Reply, status: number, route: string): void {
  assert.equal(response.status, status, response.text);
  assert.deepEqual(faultsOf(response, route), []);
}

function sample(name: string): Body {
  return JSON.parse(readFileSync(`test/api/samples/${name}.json`, 'utf8')) as Body;
}

describe('The simulated API', () => {
  afterEach(stopAll);

  for (const { deployment, schema } of dialects) {
    describe(`of deployment "${deployment}"`, () => {
      it('sends every status of a run as the API description states', async () => {
        const { simulator, pass, status } = await simulated();
        const ids = (['success', 'failure', 'stopped', 'never', 'waiting'] as const).map((endsWith) =>
          simulator.addRun({ deployment, script: { queueSeconds: 5, endsWith } }),
        );
        for (let seconds = 0; seconds <= 70; seconds += 7) {
          for (const id of ids) {
            const response = await status(id, deployment);
            assertResponse(response, 200, 'GET /status/{kickoff_id}');
            assert.deepEqual(faultsAgainst(schema, response.body), []);
          }
          pass(7);
        }
      });

      it('responds to GET /inputs and POST /kickoff as the API description states', async () => {
        const { get, post } = await simulated();
        assertResponse(await get('/inputs', { deployment }), 200, 'GET /inputs');
        assertResponse(await post('/kickoff', { inputs: { topic: 'x', audience: 'y' } }, { deployment }), 200, 'POST /kickoff');
      });

      it('responds with HTTP 422 and the missing inputs to a start without inputs', async () => {
        const { post } = await simulated();
        const refused = await post('/kickoff', { inputs: {} }, { deployment });
        assertResponse(refused, 422, 'POST /kickoff');
        assert.match(refused.text, /Missing inputs: audience, topic/);
      });

      it('rejects requests for inputs, a status, or a start with HTTP 401 if the token is wrong or missing', async () => {
        const { get, post } = await simulated();
        for (const token of [null, 'tok-demo-wrong']) {
          assertResponse(await get('/inputs', { deployment, token }), 401, 'GET /inputs');
          assertResponse(await get('/status/x', { deployment, token }), 401, 'GET /status/{kickoff_id}');
          assertResponse(await post('/kickoff', {}, { deployment, token }), 401, 'POST /kickoff');
        }
      });
    });
  }

  it('responds to an unknown ID with HTTP 200 in the format of live deployments', async () => {
    const { status } = await simulated();
    const live = await status('nothing');
    assertResponse(live, 200, 'GET /status/{kickoff_id}');
    assert.deepEqual(live.body, sample('live-not-found-or-waiting'));
  });

  it('responds to an unknown ID with HTTP 404 in the documented format', async () => {
    const { status } = await simulated();
    const documented = await status('nothing', 'page');
    assertResponse(documented, 404, 'GET /status/{kickoff_id}');
    assert.equal(documented.body['message'], 'No execution with the ID nothing');
  });

  it('sends statuses with exactly the fields of the samples', async () => {
    const { simulator, pass, status } = await simulated();
    const good = simulator.addRun({ script: { queueSeconds: 5 } });
    const bad = simulator.addRun({ script: { endsWith: 'failure', endsAfter: 12, reason: 'ValueError: SERPER_API_KEY is not set' } });
    const paused = simulator.addRun({ deployment: 'flow', script: { endsWith: 'waiting' } });

    assert.deepEqual((await status(good)).body, sample('live-pending'));
    pass(20);
    assert.deepEqual((await status(bad)).body, sample('live-failed'));
    const { usage_metrics: _, ...running } = (await status(good)).body;
    sameFields(running, sample('live-crew-running'));
    pass(50);
    sameFields((await status(good)).body, sample('live-success-markdown'));
    sameFields((await status(paused, 'flow')).body, sample('live-paused-for-a-human'));
  });

  it("is checked by a validator that rejects responses that don't match the API description", () => {
    const route = 'GET /status/{kickoff_id}';
    assert.notDeepEqual(faultsOf({ status: 200, body: { state: 7 } }, route), []);
    assert.notDeepEqual(faultsOf({ status: 200, body: {} }, route), []);
    assert.notDeepEqual(faultsOf({ status: 200, body: { state: 'RUNNING', progress: { completed: '1' } } }, route), []);
    assert.notDeepEqual(faultsOf({ status: 401, body: { message: 'no' } }, route), []);
    assert.notDeepEqual(faultsOf({ status: 418, body: { error: 'teapot' } }, route), []);
    assert.notDeepEqual(faultsOf({ status: 200, body: { kickoff_id: 7 } }, 'POST /kickoff'), []);
    assert.notDeepEqual(faultsAgainst('DocumentedStatus', { status: 'done' }), []);
  });
});

function sameFields(body: Body, expected: Body): void {
  assert.deepEqual(Object.keys(body).sort(), Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected))
    if (name === 'progress' || name === 'last_step')
      assert.deepEqual(Object.keys(body[name] as Body).sort(), Object.keys(value as Body).sort());
}
