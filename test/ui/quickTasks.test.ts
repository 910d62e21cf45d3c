import assert from 'node:assert/strict';
import type { Task } from '#test/simulator/runScript';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator, type Simulator } from '#test/simulator/server';
import { openStage, rowSpokenAs, trackAt, trackInNewDeployment, until, versionAsked, type Stage } from './stage';

/** Each output is there only until the next task is done: for as long as that one takes. */
const quick = crewOf([5, 4, 6, 3, 5, 4]);
/** The second output is gone after half a second: whoever asks every three seconds cannot count on it. */
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
  // Real time goes by: one stutter of the machine, not of ours, can cost an output. That it is kept again and again is what counts.
  this.retries(2);
  let stage: Stage;
  let simulator: Simulator;

  before(async () => {
    simulator = await startSimulator({ deployments: [liveCrew], startsWhenAsked: true });
    stage = await openStage(versionAsked());
    const id = simulator.addRun({ script: { tasks: crewOf([0.2]) } });
    await trackInNewDeployment(stage.window, { id, url: simulator.deployment().url, token: liveCrew.token, label: 'Quick' });
  });
  after(async () => {
    await simulator.stop();
    await stage.close();
  });

  it('of six tasks of 3 to 6 s at least five outputs are kept, and what is missing is seen to be', async () => {
    const id = await track(quick);
    const kept = outputsIn(await reportAtTheEnd(id));
    const requests = simulator.requests.filter(({ path }) => path.endsWith(id)).length;
    console.log(`      outputs kept: ${kept.join(' ')} of 6; ${requests} requests`);
    assert.ok(kept.length >= 5, `${kept.length} outputs kept`);
    assert.ok(requests <= 15, `${requests} requests`);
  });

  it('an output that went by unseen is said to be missing in the report', async () => {
    const report = await reportAtTheEnd(await track(tooQuick));
    const kept = outputsIn(report);
    assert.ok(kept.includes(3) && kept.includes(4), kept.join(' '));
    for (const step of [1, 2, 3, 4])
      assert.match(report, new RegExp(`${step}\\. step_${step}${kept.includes(step) ? '' : `|Task ${step}|Tasks 1–2`}`));
    const missing = report.includes('Tasks 1–2') ? 1 : 4 - kept.length;
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

/** The steps whose output can be read. */
function outputsIn(report: string): readonly number[] {
  return [1, 2, 3, 4, 5, 6].filter((step) => report.includes(`What step ${step} wrote.`));
}
