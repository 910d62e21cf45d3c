import assert from 'node:assert/strict';
import { documentedCrew, liveCrew } from '#test/simulator/scripts';
import { SteppedTime } from '#test/support/steppedTime';
import { useScene } from './scene';
import { rowSpokenAs, rowThatSays, trackInNewDeployment, until, versionAsked } from './stage';

describe(`The current task, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const time = new SteppedTime();
  const scene = useScene({ deployments: [liveCrew, documentedCrew], startsWhenPolled: true, now: time.now });

  it('has a spinning row with agent and last tool, and a last thought in tooltip and report', async () => {
    const { window } = scene.stage;
    const short = await trackRun(liveCrew);
    time.pass(2);
    await rowThatSays(window, new RegExp(`^${short} 0/3 · research_task`));
    await window.expand(new RegExp(`^${short}`));
    const row = await rowThatSays(window, /^research_task Senior Researcher · search_the_internet$/);
    assert.match(row.iconClass, /codicon-loading/);

    const tooltip = await window.hover(window.row(new RegExp(`^${short}`)), /\d tokens/);
    assert.match(
      tooltip,
      /Agent: Senior Researcher\nLast thought: I should look for recent sources\nLast tool: search_the_internet\n[\d,]+ tokens/,
    );
    await window.screenshot('dist/currentTask/tooltip.png');

    await window.openRow(new RegExp(`^${short}`));
    await window.waitForPreview(/Last thought: I should look[\s\S]*Last tool: search/);
    await window.screenshot('dist/currentTask/report.png');
  });

  it('changes during the run, and an earlier task without a captured output has its own icon', async () => {
    const { window } = scene.stage;
    time.pass(16);
    const row = await rowThatSays(window, /^reporting_task Reporting Analyst/);
    assert.match(row.iconClass, /codicon-loading/);
    const missed = await rowThatSays(window, /^research_task output not captured · Senior Researcher$/);
    assert.match(missed.iconClass, /codicon-eye-closed/);
    assert.match(missed.ariaLabel, /output not captured/);
    const captured = await rowThatSays(window, /^analysis_task Data Analyst$/);
    assert.match(captured.iconClass, /codicon-pass/);
    await window.waitForPreview(/1\. research_task/);
    await window.screenshot('dist/currentTask/unseen.png');
    time.pass(10);
    await rowSpokenAs(window, /^\w+, succeeded/);
    await window.dismissNotifications();
  });

  it('is replaced by the rows of all tasks with their outputs when the run finishes', async () => {
    const { window } = scene.stage;
    const short = await trackRun(documentedCrew);
    time.pass(20);
    await rowThatSays(window, new RegExp(`^${short} 2/3 · reporting_task`));
    await window.expand(new RegExp(`^${short}`));
    await rowThatSays(window, /^Task 2 output not captured/);
    await rowThatSays(window, /^reporting_task $/);
    await window.screenshot('dist/currentTask/documented.png');
    time.pass(10);
    await rowSpokenAs(window, new RegExp(`^${short}, (unread, )?succeeded`));
    const rows = await until('every task', async () => {
      const all = await window.rows();
      const done = all.slice(all.findIndex(({ label }) => label === short) + 1).slice(0, 3);
      if (!done.every(({ iconClass }) => iconClass.includes('codicon-pass'))) throw new Error(JSON.stringify(done));
      return done;
    });
    assert.deepEqual(
      rows.map(({ label }) => label),
      ['research_task', 'analysis_task', 'reporting_task'],
    );
    await window.screenshot('dist/currentTask/filled.png');
  });

  /** Tracks a new run, and returns its short ID. */
  async function trackRun({ name }: { readonly name: string }): Promise<string> {
    const { simulator, stage } = scene;
    const deployment = simulator.deployment(name);
    const id = deployment.addRun({ inputs: { topic: 'AI agents', audience: 'engineers' } });
    await trackInNewDeployment(stage.window, { ...deployment, id, label: name });
    await rowThatSays(stage.window, new RegExp(`^${id.slice(0, 8)} 0/3`));
    return id.slice(0, 8);
  }
});
