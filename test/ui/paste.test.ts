import assert from 'node:assert/strict';
import { documentedCrew, liveCrew } from '#test/simulator/scripts';
import type { SimulatedDeployment } from '#test/simulator/server';
import { useScene } from './scene';
import { rowThatSays, trackAt, until, versionAsked, waitUntilRemoved } from './stage';

const trace = '90c192cf-d3ac-44af-8f21-ddb66cad4a26';

function idOf(index: number): string {
  return `c0ffee0${index}-5b1e-4f44-a3b9-f1fc22a90d0${index}`;
}

describe(`Text entered in a box, ${versionAsked()}`, function () {
  this.timeout(240_000);
  // Most tests continue where the one before ended.
  this.bail(true);
  const scene = useScene({ deployments: [liveCrew, documentedCrew], startsWhenPolled: true });
  let here: SimulatedDeployment;
  let there: SimulatedDeployment;

  before(() => {
    [here, there] = [scene.simulator.deployment(liveCrew.name), scene.simulator.deployment(documentedCrew.name)];
    for (let index = 0; index < 10; index++)
      for (const deployment of [here, there]) deployment.addRun({ id: idOf(index), script: { endsWith: 'never' } });
  });

  async function paste(text: string): Promise<void> {
    const { window } = scene.stage;
    await window.command('CrewAI: Track Kickoff');
    await window.box.fill(/kickoff ID/, text);
  }

  async function expectSelected(run: string): Promise<void> {
    await until(`the row of ${run} to be selected`, async () =>
      (await scene.stage.window.rows()).some(({ label, selected }) => selected && label === run),
    );
  }

  it('that is a curl command provides the URL, a label, and the token without showing the token', async () => {
    const { window } = scene.stage;
    await paste(`curl -H "Authorization: Bearer ${liveCrew.token}" ${here.url}/status/${idOf(0)}`);
    assert.match(await window.box.shows(/Deployment URL/), /\(2\/4\)/);
    assert.equal((await window.box.box()).value, here.url);
    await window.box.enter();
    assert.match(await window.box.fill(/label/), /\(3\/4\).*127\.0\.0\.1$/);
    assert.match(await window.box.shows(/token/), /\(4\/4\)/);
    assert.equal((await window.box.box()).password, true);
    await window.box.enter();
    await window.box.closed();
    await rowThatSays(window, /^c0ffee00.*(queued|\d\/3)/);
    assert.ok(!(await window.page.content()).includes(liveCrew.token));
  });

  const log = `12:00:01 trace_id=${trace} token=tok-demo-secret 12:00:02 picked ${idOf(2)}`;

  it('that is a log line offers its IDs as a list with the token masked', async () => {
    const { window } = scene.stage;
    await paste(log);
    await window.box.shows(/Select the runs to track/);
    const [row] = await window.box.offers([trace, idOf(2)]);
    assert.match(row?.detail ?? '', new RegExp(`^12:00:01 trace_id=${trace} token=•••`));
  });

  it('that contains a token is not restored by Back', async () => {
    const { window } = scene.stage;
    await window.box.back();
    await window.box.shows(/kickoff ID/);
    assert.equal((await window.box.box()).value, '', 'a text with a secret is not restored');
  });

  it('that is a log line tracks only the run that the user selects', async () => {
    const { window } = scene.stage;
    await window.box.enter(log);
    await window.box.pickRow(/^c0ffee02/);
    await window.box.closed();
    await rowThatSays(window, /^c0ffee02.*(queued|\d\/3)/);
    assert.ok(!(await window.rows()).some(({ label }) => label === '90c192cf'));
  });

  const checkedRows = () => scene.stage.window.box.widget.locator('.monaco-list .monaco-checkbox.checked');

  it('with several kickoff IDs leads to a list with all runs selected except tracked ones', async () => {
    const { window } = scene.stage;
    await window.clickInSideBar('Track Kickoff');
    await window.box.fill(/kickoff ID/, [idOf(2), idOf(3), idOf(4), trace].join(' '));
    const rows = await window.box.offers([idOf(2), idOf(3), idOf(4), trace]);
    assert.match(rows[0]?.ariaLabel ?? '', /already tracked/);
    assert.ok(
      rows.slice(1).every(({ ariaLabel }) => !/tracked|trace_id|picked/.test(ariaLabel)),
      'no second line repeats the paste',
    );
    await until('all but the tracked run to be selected', async () => (await checkedRows().count()) === 3);
  });

  it('with several kickoff IDs tracks only the runs that the user leaves selected', async () => {
    const { window } = scene.stage;
    await window.box.widget.getByText(trace, { exact: true }).click();
    // In the list, the space bar selects the focused run, and deselects it again.
    const list = window.box.widget.locator('.monaco-list').first();
    await until('the list to have the focus', async () => {
      await window.page.keyboard.press('Tab');
      return window.hasFocus(list);
    });
    await window.page.keyboard.press('Home');
    for (const count of [3, 2]) {
      await window.page.keyboard.press('Space');
      await until(`${count} selected runs`, async () => (await checkedRows().count()) === count);
    }
    await window.box.widget.getByRole('button', { name: 'OK' }).click();
    await rowThatSays(window, /^c0ffee03.*(queued|\d\/3)/);
    await rowThatSays(window, /^c0ffee04.*(queued|\d\/3)/);
    assert.ok(!(await window.rows()).some(({ label }) => label === '90c192cf'));
  });

  it('without a complete kickoff ID is rejected with a reason', async () => {
    const { window } = scene.stage;
    await paste('there is nothing in here');
    await window.box.shows(/No kickoff ID found/);
    await window.box.enter('https://app.crewai.com/crewai_plus/deployments');
    await window.box.fill(/AMP dashboard URL/, 'f1b63850-...');
    await window.box.cancel(/This kickoff ID is incomplete/);
  });

  it('is read from the clipboard only when the user presses Paste from Clipboard', async () => {
    const { window } = scene.stage;
    await window.copy(`kickoff_id:\n  ${idOf(5)}\n`);
    await window.command('CrewAI: Track Kickoff');
    await window.box.shows(/kickoff ID/);
    assert.doesNotMatch((await window.box.box()).value, new RegExp(idOf(5)), 'the clipboard is not read before the button is pressed');
    await window.box.press('Paste from Clipboard');
    await until('the text', async () => (await window.box.box()).value === `kickoff_id:   ${idOf(5)}`);
    await window.box.enter();
    await window.box.closed();
    await rowThatSays(window, /^c0ffee05.*(queued|\d\/3)/);
  });

  it("that is the URL of a deployment's page is opened by Open in Browser exactly as it was entered", async () => {
    const { window } = scene.stage;
    const page = 'https://amp.example.com/teams%2Fa/b+c%20d?x=%26#e+f';
    await window.page.context().route('https://amp.example.com/**', (route) => route.fulfill({ body: 'page' }));
    await window.command('CrewAI: Add Deployment');
    await window.box.fill(/Deployment URL/, 'https://factory.example.com');
    await window.box.fill(/label/, 'Factory');
    await window.box.cancel(/token/);
    await window.rowAction(/^Factory/, 'Open in Browser');
    await window.box.fill(/Open in Browser.*URL/, page);
    await until('the question about the page', () => window.dialog());
    await window.clickDialog('Open');
    assert.equal(await window.openedUrl(), page);
    await window.rowAction(/^Factory/, 'Remove Deployment');
    await waitUntilRemoved(window, 'Factory');
    await window.takeNotification(/^Deployment Factory removed\.$/);
  });

  it('that is the URL of a new deployment adds the deployment after a confirmation', async () => {
    const { window } = scene.stage;
    await window.dismissNotifications();
    await paste('https://new-crew-1a2b3c4d.example.com/kickoff');
    await window.box.shows(/To add this deployment, press Enter again/);
    await window.box.widget.getByRole('button', { name: 'Add Deployment' }).click();
    await window.box.fill(/label/);
    await window.box.cancel(/token/);
    await rowThatSays(window, /^new-crew token needed$/);
    const { buttons } = await window.waitForNotification(/^new-crew added\. Start a run, or track one that was started elsewhere\.$/);
    assert.deepEqual(buttons, ['Start Run', 'Track Kickoff']);
  });

  it('that is a kickoff ID tracks a run in the new deployment whose notification opened the box', async () => {
    const { window } = scene.stage;
    await window.pressNotification(/^new-crew added/, 'Track Kickoff');
    await window.box.fill(/kickoff ID/, idOf(0));
    await rowThatSays(window, /^c0ffee00 token needed · not checked yet$/);
    await window.rowAction(/^new-crew/, 'Remove Deployment');
    await waitUntilRemoved(window, 'new-crew');
    await window.takeNotification(/^Deployment new-crew/);
  });

  it('with the URL of a second deployment on a host leads to a suggested label with a number', async () => {
    const { window } = scene.stage;
    await paste(`${there.url}/status/${idOf(6)}`);
    await window.box.fill(/Deployment URL/);
    assert.match(await window.box.fill(/label/), /127\.0\.0\.1 2$/);
    await window.box.fill(/token/, there.token);
    await window.box.closed();
    await rowThatSays(window, /^c0ffee06.*(queued|\d\/3)/);
  });

  it('that is only a kickoff ID tracks the run in the deployment that the user selects', async () => {
    const { window } = scene.stage;
    await paste(idOf(7));
    assert.match(await window.box.shows(/Select this run's deployment/), /\(2\/2\)/);
    await window.box.offers(['127.0.0.1 2', '127.0.0.1', 'Add Deployment…']);
    await window.box.pickRow(/^127\.0\.0\.1$/);
    await window.box.closed();
    await rowThatSays(window, /^c0ffee07.*(queued|\d\/3)/);
  });

  it('that is the kickoff ID of a tracked run selects the row of the run', async () => {
    const { window } = scene.stage;
    await trackAt(window, idOf(6));
    await expectSelected('c0ffee06');
  });
});
