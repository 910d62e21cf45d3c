import assert from 'node:assert/strict';
import { liveCrew } from '#test/simulator/scripts';
import { SteppedTime } from '#test/support/steppedTime';
import { useScene } from './scene';
import { expectCompletedSteps, rowSpokenAs, rowThatSays, trackInNewDeployment, until, useLanguage, versionAsked, viewTitle } from './stage';

const id = 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01';

describe(`A new user, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const time = new SteppedTime();
  const scene = useScene({ deployments: [liveCrew], startsWhenPolled: true, now: time.now });

  const expectCompleted = (titles: readonly string[]) => expectCompletedSteps(scene.stage.window, titles);

  it('gets the button Add Deployment after Set Token in the walkthrough, and the button Track Kickoff after Open Report', async () => {
    const { window } = scene.stage;
    await window.command('Welcome: Open Walkthrough...');
    await window.box.pickRow(/Get Started with Kickoffs/);
    await window.page.locator('.getting-started-step', { hasText: 'Set the token' }).click();
    await window.page.getByRole('button', { name: 'Set Token' }).click();
    const { buttons } = await window.waitForNotification(/^No deployments yet/);
    assert.deepEqual(buttons, ['Add Deployment']);
    await window.clickNotification(/^No deployments yet/, 'Add Deployment');
    await window.box.cancel(/URL/);
    await window.page.locator('.getting-started-step', { hasText: 'Read and compare' }).click();
    await window.page.getByRole('button', { name: 'Open Report' }).click();
    await window.pressNotification(/^No runs yet/, 'Track Kickoff');
    await window.box.cancel(/kickoff ID/);
    await window.page.keyboard.press('Escape');
    await window.closeEditors();
  });

  it('sees each step of the walkthrough as completed only after completing it', async () => {
    const { stage, simulator } = scene;
    const { window } = stage;
    simulator.addRun({ id, inputs: { topic: 'AI agents', audience: 'engineers' } });
    // Retries, because the oldest VS Code opens its own walkthrough until it has registered the walkthroughs of extensions.
    await until('the walkthrough', async () => {
      await window.page.getByText('Open the walkthrough').click();
      await window.page.locator('h2', { hasText: 'Get Started with Kickoffs' }).waitFor({ timeout: 3_000 });
      return true;
    });
    await window.page.getByRole('button', { name: 'Track Kickoff' }).last().click();
    await window.box.cancel(/kickoff ID/);
    const run = { ...simulator.deployment(), id, paste: id, label: 'Crew' };
    await trackInNewDeployment(window, run, (box) => expectCompleted(/token/.test(box) ? ['Start or track a run'] : []));
    // The row of the tracked run has the focus.
    await rowThatSays(window, /^c0ffee01 /);
    await expectCompleted(['Start or track a run', 'Set the token', 'Watch the run']);
    time.pass(30);
    await rowSpokenAs(window, /succeeded.*c0ffee01/);
    await window.openRow(/c0ffee01/);
    await window.waitForPreview(/State of AI agents/);
    await window.page.locator('.tab', { hasText: 'Welcome' }).click();
    await expectCompleted(['Start or track a run', 'Set the token', 'Watch the run', 'Read and compare outputs']);
  });

  it('sees Chinese texts after changing the display language to Chinese', async () => {
    const { stage } = scene;
    const { window } = stage;
    await useLanguage(stage, 'zh-cn');
    await window.showView(viewTitle);
    await window.expand(/^Crew/);
    const row = await rowSpokenAs(window, /成功.*c0ffee01/);
    assert.match(`${row.label} ${row.description}`, /^State of AI agents .*(刚刚|前)/);
    assert.match(await window.hover(window.row(/c0ffee01/), /Kickoff ID/), /2\d{3}年\d+月\d+日/);
    await window.hideTooltip();
    await window.command('CrewAI: 跟踪 Kickoff');
    await window.box.escape();
  });
});
