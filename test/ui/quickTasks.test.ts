import assert from 'node:assert/strict';
import type { Task } from '#test/simulator/runScript';
import { liveCrew } from '#test/simulator/scripts';
import { unfold } from '../support/host/rendered.mjs';
import { useScene } from './scene';
import { rowSpokenAs, trackAt, trackInNewDeployment, versionAsked } from './stage';

/** Returns the tasks of a crew. AMP returns each output only until the next task finishes. */
function crewOf(seconds: readonly number[]): readonly Task[] {
  return seconds.map((each, index) => ({
    name: `step_${index + 1}`,
    agent: 'Agent',
    seconds: each,
    output: `What step ${index + 1} wrote.`,
  }));
}

describe(`A crew of quick tasks in a focused window, ${versionAsked()}`, function () {
  this.timeout(240_000);
  // The test runs in real time, so a short delay of the machine can lose an output. Retries are acceptable, because most attempts pass.
  this.retries(2);
  const scene = useScene({ deployments: [liveCrew], startsWhenPolled: true });

  it('has at least five of six outputs stored with at most 15 requests', async () => {
    const { simulator, stage } = scene;
    const { window } = stage;
    // Tracking the first run takes long, because it needs four input boxes. The measured run is tracked afterward.
    const first = simulator.addRun({ script: { tasks: crewOf([0.2]) } });
    await trackInNewDeployment(window, { ...simulator.deployment(), id: first, label: 'Quick' });
    const id = simulator.addRun({ script: { tasks: crewOf([5, 4, 6, 3, 5, 4]) } });
    await trackAt(window, `${simulator.deployment().url}/status/${id}`);
    await rowSpokenAs(window, new RegExp(`^${id.slice(0, 8)}, unread, succeeded`), 60_000);
    await window.openRow(new RegExp(id.slice(0, 8)));
    await window.waitForPreview(new RegExp(id));
    await unfold(window.preview().locator('details'));
    const report = await window.previewText();
    const captured = [1, 2, 3, 4, 5, 6].filter((step) => report.includes(`What step ${step} wrote.`));
    const requests = simulator.requests.filter(({ path }) => path.endsWith(id)).length;
    console.log(`      outputs stored: ${captured.join(' ')} of 6; ${requests} requests`);
    assert.ok(captured.length >= 5, `${captured.length} outputs captured`);
    assert.ok(requests <= 15, `${requests} requests`);
  });
});
