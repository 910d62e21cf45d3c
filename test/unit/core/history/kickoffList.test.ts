import assert from 'node:assert/strict';
import { deploymentAt, earlierRuns, deploymentByUrlOrLabel } from '#core/history/kickoffList';
import { deployment, id, key, kickoff, url } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const crew = deployment({ key: 1, url: 'https://crew.example.com', label: 'crew' });
const flow = deployment({ key: 2, url: 'https://flow.example.com', label: 'flow' });
const deployments = [crew, flow];

describe('The list of runs and deployments', () => {
  it('finds as earlier runs only runs of the same deployment that were tracked before a given run', () => {
    const run = (of: number, deploymentKey = 1) => kickoff({ id: id(of), deployment: key(deploymentKey), trackedAt: start + of });
    const kickoffs = [run(4), run(3), run(2, 2), run(1)];
    assert.deepEqual(earlierRuns({ kickoffs }, run(3)), [run(1)]);
    assert.deepEqual(earlierRuns({ kickoffs }, run(4)), [run(3), run(1)]);
  });

  it('finds a deployment only by its own URL', () => {
    assert.equal(deploymentAt({ deployments }, flow.url), flow);
    assert.equal(deploymentAt({ deployments }, url('https://other.example.com')), undefined);
  });

  it("finds a deployment by a text only if the text is the deployment's label or a spelling of its URL", () => {
    for (const name of ['FLOW.example.com/kickoff', 'https://flow.example.com', 'flow'])
      assert.equal(deploymentByUrlOrLabel({ deployments }, name), flow, name);
    assert.equal(deploymentByUrlOrLabel({ deployments }, 'other'), undefined);
  });
});
