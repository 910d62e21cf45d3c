import assert from 'node:assert/strict';
import { statusBarItemId } from '#contributions';
import { documentedCrew, liveCrew } from '#test/simulator/scripts';
import { SteppedTime } from '#test/support/steppedTime';
import { useScene } from './scene';
import { changeUrl, rowThatSays, trackInNewDeployment, until, versionAsked, viewTitle, waitUntilRemoved } from './stage';

describe(`Tokens, ${versionAsked()}`, function () {
  this.timeout(240_000);
  // Most tests continue where the one before ended.
  this.bail(true);
  const time = new SteppedTime();
  const scene = useScene({
    deployments: [liveCrew, documentedCrew, { ...liveCrew, name: 'empty' }],
    startsWhenPolled: true,
    now: time.now,
  });

  /** Returns the authorization headers of the requests that check tokens, in order. */
  function checked(deployment: string): readonly (string | undefined)[] {
    const checks = scene.simulator.requests.filter((one) => one.deployment === deployment && one.path.includes('/inputs'));
    return checks.map(({ authorization }) => authorization);
  }

  it('that are missing cause “token needed” in the rows of the run and its deployment', async () => {
    const { window } = scene.stage;
    const { url } = scene.simulator.deployment(documentedCrew.name);
    await window.command('CrewAI: Track Kickoff');
    await window.box.fill(/kickoff ID/, `${url}/status/abcd1234-5678-90ef-ghij-klmnopqrstuv`);
    await window.box.fill(new RegExp(`URL.*${url}`, 's'));
    await window.box.fill(/label/, 'Pages');
    await window.box.shows(/token/);
    await rowThatSays(window, /^abcd1234-5678-90ef-ghij-klmnopqrstuv token needed · not checked yet$/);
    await rowThatSays(window, /^Pages token needed$/);
  });

  it('that the deployment rejects are neither saved nor used for polls if the user closes the box', async () => {
    const { window } = scene.stage;
    await window.box.enter('tok-demo-wrong');
    await window.box.fill(/rejected this token/, 'tok-demo-worse');
    await until('the second token to be checked', () => checked(documentedCrew.name).includes('Bearer tok-demo-worse'));
    await window.box.cancel(/rejected this token/);
    await rowThatSays(window, /^Pages token needed/);
    const polls = scene.simulator.requests.filter(({ path }) => path.includes('/status'));
    assert.deepEqual(polls, [], 'no poll without a token');
  });

  let requestCount = 0;

  it('that are reset during a run are reported as rejected in the rows and the status bar', async () => {
    const { window } = scene.stage;
    const deployment = scene.simulator.deployment(liveCrew.name);
    const id = deployment.addRun();
    await trackInNewDeployment(window, { ...deployment, id, label: 'Research' });
    await rowThatSays(window, /0\/3 · .*research_task/);

    deployment.setToken('tok-demo-second');
    await rowThatSays(window, /^Research token rejected$/);
    const row = await rowThatSays(window, new RegExp(`^${id.slice(0, 8)} token rejected · \\d/3`));
    assert.match(row.iconClass, /codicon-warning/);
    const problem = /token (?:rejected|needed)/;
    await until('the problem in the status bar', async () => problem.test((await window.statusItem(statusBarItemId))?.ariaLabel ?? ''));
    assert.equal(await window.page.locator(`[id$="${statusBarItemId}"] .codicon-modifier-spin`).count(), 0);
    await rowThatSays(window, /^Pages token needed/);
    requestCount = scene.simulator.requests.length;
  });

  it('that are reset during a run cause one notification', async () => {
    const { window } = scene.stage;
    await window.waitForNotification(/rejected its token/);
    const notifications = (await window.notifications()).filter(({ text }) => text.includes('rejected its token'));
    assert.equal(notifications.length, 1);
  });

  it('that are reset during a run stop polls until the user sets a new token', async () => {
    const { window } = scene.stage;
    await window.clickNotification(/rejected its token/, 'Set Token');
    await window.box.shows(/token/);
    assert.equal(scene.simulator.requests.length, requestCount, 'no poll with the rejected token');
    await window.box.enter('tok-demo-second');
    await rowThatSays(window, new RegExp(`^\\w{8} \\d/3 · .*\\w+_task`));
    const research = async () => (await window.rows()).find(({ label }) => label === 'Research');
    await until('Research to accept its token', async () => (await research())?.description.includes('token') === false);
  });

  it("that the user sets from a notification are saved for the deployment's new URL if the URL changed meanwhile", async () => {
    const { window } = scene.stage;
    const { url, setToken } = scene.simulator.deployment(liveCrew.name);
    await window.dismissNotifications();
    setToken('tok-demo-third');
    await rowThatSays(window, /^Research token rejected/);
    await window.waitForNotification(/its token/);
    const moved = url.replace('127.0.0.1', 'localhost');
    await changeUrl(window, /^Research/, moved);
    await window.box.cancel(/token/);
    await rowThatSays(window, /^Research token needed/);

    await window.clickNotification(/its token/, 'Set Token');
    assert.ok((await window.box.shows(/token/)).includes(moved), 'the box names the new origin');
    await window.box.enter('tok-demo-third');
    await rowThatSays(window, /^\w{8} \d\/3 · .*\w+_task/);
  });

  it('that the deployment rejects can be saved with Save Anyway, but only after the extension has checked them', async () => {
    const { window } = scene.stage;
    await window.rowAction(/Pages/, 'Set Token');
    await window.box.fill(/token/, 'tok-demo-wrong');
    await window.box.shows(/401/);
    const saveAnyway = window.box.widget.getByRole('button', { name: 'Save Anyway' });
    await saveAnyway.waitFor();
    await window.box.type('tok-demo-wrong-too');
    await until('the button to disappear, because this token is not checked yet', async () => (await saveAnyway.count()) === 0);
    await window.box.enter();
    await window.box.shows(/401/);
    await saveAnyway.click();
    await window.box.closed();
    await rowThatSays(window, /^Pages token rejected/);
    await window.takeNotification(/Pages.* its token/);
  });

  it('that are valid end the problem “token rejected” when the user sets them', async () => {
    const { window } = scene.stage;
    await window.rowAction(/Pages/, 'Set Token');
    await window.box.fill(/token/, documentedCrew.token);
    await rowThatSays(window, /^abcd1234-5678-90ef-ghij-klmnopqrstuv (not found|\d\/3)/);
    await until('no token problem', async () => (await window.rows()).every(({ description }) => !description.includes('token')));
  });

  it('that are missing are reported in the row of a deployment even if the deployment has no runs to expand', async () => {
    const { window } = scene.stage;
    await window.command('CrewAI: Add Deployment');
    await window.box.fill(/URL/, scene.simulator.deployment('empty').url);
    await window.box.fill(/label/, 'Empty');
    await window.box.cancel(/token/);
    await rowThatSays(window, /^Empty token needed$/);
    assert.equal(await window.row(/^Empty/).getAttribute('aria-expanded'), null, 'nothing to expand');
  });

  it('that the user sets remove “token needed” from the row of a deployment without runs until the user deletes the token', async () => {
    const { window } = scene.stage;
    await window.rowAction(/^Empty/, 'Set Token');
    await window.box.fill(/token/, liveCrew.token);
    await rowThatSays(window, /^Empty $/);
    await window.rightClick(/^Empty/, 'Delete Token');
    await until('the question', () => window.dialog());
    await window.clickDialog('Delete Token');
    await rowThatSays(window, /^Empty token needed$/);
    await window.rowAction(/^Empty/, 'Remove Deployment');
    await waitUntilRemoved(window, 'Empty');
  });

  it('are deleted only after the user confirms', async () => {
    const { window } = scene.stage;
    await window.rowAction(/^Pages/, 'Delete Token');
    await until('the question', () => window.dialog());
    await window.page.keyboard.press('Escape');
    await until('no question', async () => (await window.dialog()) === undefined);
    assert.ok((await window.rows()).every(({ description }) => !description.includes('token')));
    await window.command('CrewAI: Delete Token');
    await window.box.pickRow(/^Pages/);
    await window.acceptDialog(/Delete the token for Pages\?/);
    await rowThatSays(window, /^Pages token needed/);
    const row = await rowThatSays(window, /^abcd1234-\S+ token needed · /);
    assert.match(row.iconClass, /codicon-warning/);
    await window.dismissNotifications();
  });

  it('that VS Code loses cause one notification, unlike tokens that the user deleted', async () => {
    const { window } = scene.stage;
    await window.page.evaluate(() => Object.keys(localStorage).forEach((key) => /secret/i.test(key) && localStorage.removeItem(key)));
    await window.reload();
    await window.showView(viewTitle);
    await rowThatSays(window, /^Research token needed/);
    await window.waitForNotification(/The saved token for Research is missing\./);
    const notifications = (await window.notifications()).filter(({ text }) => text.includes('token'));
    assert.deepEqual(
      notifications.map(({ buttons }) => buttons),
      [['Set Token', 'Help']],
    );
  });

  it("that VS Code loses cause a notification whose button Help opens VS Code's documentation", async () => {
    const { window } = scene.stage;
    await window.clickNotification(/token for Research/, 'Help');
    await until('the question about the documentation', async () => (await window.dialog())?.includes('code.visualstudio.com'));
    await window.clickDialog('Cancel');
  });

  it('that VS Code loses cause no other notification after another reload', async () => {
    const { window } = scene.stage;
    await window.reload();
    await window.showView(viewTitle);
    await rowThatSays(window, /^Research token needed/);
    await rowThatSays(window, /^Pages token needed/);
    assert.deepEqual(await window.notifications(), []);
  });
});
