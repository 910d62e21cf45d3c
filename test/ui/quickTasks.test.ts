import assert from 'node:assert/strict';
import type { Task } from '#test/simulator/runScript';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator, type Simulator } from '#test/simulator/server';
import { openStage, rowSpokenAs, trackAt, trackInNewDeployment, until, versionAsked, type Stage } from './stage';

/** AMP returns each output only until the next task is finished. */
const quick = crewOf([5, 4, 6, 3, 5, 4]);
/** AMP returns the second output only for a fraction of a second, so a poll every three seconds usually misses it. */
const tooQuick = crewOf([4, 4, 0.2, 4]);

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
  let stage: Stage;
  let simulator: Simulator;

  before(async () => {
    simulator = await startSimulator({ deployments: [liveCrew], startsWhenPolled: true });
    stage = await openStage(versionAsked());
    const id = simulator.addRun({ script: { tasks: crewOf([0.2]) } });
    await trackInNewDeployment(stage.window, { id, url: simulator.deployment().url, token: liveCrew.token, label: 'Quick' });
  });
  after(async () => {
    await simulator.stop();
    await stage.close();
  });

  it('has at least five of six outputs stored with at most 15 requests', async () => {
    const id = await track(quick);
    const captured = outputsIn(await reportAtTheEnd(id));
    const requests = simulator.requests.filter(({ path }) => path.endsWith(id)).length;
    console.log(`      outputs stored: ${captured.join(' ')} of 6; ${requests} requests`);
    assert.ok(captured.length >= 5, `${captured.length} outputs captured`);
    assert.ok(requests <= 15, `${requests} requests`);
  });

  it('has a report that marks each task without a captured output', async () => {
    const report = await reportAtTheEnd(await track(tooQuick));
    const captured = outputsIn(report);
    assert.ok(captured.includes(3) && captured.includes(4), captured.join(' '));
    for (const step of [1, 2, 3, 4])
      assert.match(report, new RegExp(`${step}\\. step_${step}${captured.includes(step) ? '' : `|Task ${step}|Tasks 1–2`}`));
    const missing = report.includes('Tasks 1–2') ? 1 : 4 - captured.length;
    assert.equal(report.split('Output not captured.').length - 1, missing, report);
  });

  async function track(tasks: readonly Task[]): Promise<string> {
    const { window } = stage;
    const id = simulator.addRun({ script: { tasks } });
    await trackAt(window, `${simulator.deployment().url}/status/${id}`);
    return id;
  }

  async function reportAtTheEnd(id: string): Promise<string> {
    const { window } = stage;
    const short = id.slice(0, 8);
    await rowSpokenAs(window, new RegExp(`^${short}, unread, succeeded`), 60_000);
    await window.openRow(new RegExp(short));
    await until('the report of the run', async () => (await window.previewText()).includes(id));
    for (const summary of await window.preview().locator('details > summary').all()) await summary.click();
    return window.previewText();
  }
});

/** Returns the steps whose output is in the report. */
function outputsIn(report: string): readonly number[] {
  return [1, 2, 3, 4, 5, 6].filter((step) => report.includes(`What step ${step} wrote.`));
}
