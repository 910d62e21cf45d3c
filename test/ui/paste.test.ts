import assert from 'node:assert/strict';
import { documentedCrew, liveCrew } from '#test/simulator/scripts';
import type { SimulatedDeployment } from '#test/simulator/server';
import { useScene } from './scene';
import { rename, rowThatSays, trackAt, until, versionAsked, waitUntilRemoved } from './stage';

const trace = '90c192cf-d3ac-44af-8f21-ddb66cad4a26';

function idOf(index: number): string {
  return `c0ffee0${index}-5b1e-4f44-a3b9-f1fc22a90d0${index}`;
}

describe(`Text pasted into Track Kickoff, ${versionAsked()}`, function () {
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

  /** Returns the labels of the runs by the label of their deployment, in the order of the rows. */
  async function list(): Promise<Readonly<Record<string, readonly string[]>>> {
    const found: Record<string, string[]> = {};
    let last: string[] = [];
    for (const { label, level } of await scene.stage.window.rows()) {
      if (level === 1) found[label] = last = [];
      else if (level === 2) last.push(label);
    }
    return found;
  }

  it('that is a curl command provides the URL and the token, which is never shown', async () => {
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

  it('that is a kickoff response tracks the run on Enter if only one deployment is known', async () => {
    const { window } = scene.stage;
    await trackAt(window, `{"kickoff_id": "${idOf(1)}"}`);
    await rowThatSays(window, /^c0ffee01.*(queued|\d\/3)/);
  });

  it('that is a log line offers its IDs without the token, and tracks the selected ID', async () => {
    const { window } = scene.stage;
    const log = `12:00:01 trace_id=${trace} token=tok-demo-secret 12:00:02 picked ${idOf(2)}`;
    await paste(log);
    await window.box.shows(/Select the runs to track/);
    const [row] = await window.box.offers([trace, idOf(2)]);
    assert.match(row?.detail ?? '', new RegExp(`^12:00:01 trace_id=${trace} token=•••`));
    await window.box.back();
    await window.box.shows(/kickoff ID/);
    assert.equal((await window.box.box()).value, '', 'a text with a secret is not restored');
    await window.box.enter(log);
    await window.box.pickRow(/^c0ffee02/);
    await window.box.closed();
    await rowThatSays(window, /^c0ffee02.*(queued|\d\/3)/);
    assert.ok(!(await window.rows()).some(({ label }) => label === '90c192cf'));
  });

  it("with several IDs offers those that aren't tracked yet as selected, and tracks the selected ones", async () => {
    const { window } = scene.stage;
    await window.clickInSideBar('Track Kickoff');
    await window.box.fill(/kickoff ID/, [idOf(2), idOf(3), idOf(4), trace].join(' '));
    const rows = await window.box.offers([idOf(2), idOf(3), idOf(4), trace]);
    assert.match(rows[0]?.ariaLabel ?? '', /already tracked/);
    assert.ok(
      rows.slice(1).every(({ ariaLabel }) => !/tracked|trace_id|picked/.test(ariaLabel)),
      'no second line repeats the paste',
    );
    const isChecked = window.box.widget.locator('.monaco-list .monaco-checkbox.checked');
    await until('all but the tracked run to be selected', async () => (await isChecked.count()) === 3);
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
      await until(`${count} selected runs`, async () => (await isChecked.count()) === count);
    }
    await window.box.widget.getByRole('button', { name: 'OK' }).click();
    await rowThatSays(window, /^c0ffee03.*(queued|\d\/3)/);
    await rowThatSays(window, /^c0ffee04.*(queued|\d\/3)/);
    assert.ok(!(await window.rows()).some(({ label }) => label === '90c192cf'));
  });

  it('without a kickoff ID is rejected with a reason, and returns in the next box after Escape', async () => {
    const { window } = scene.stage;
    await paste('there is nothing in here');
    await window.box.cancel(/No kickoff ID found/);
    await window.command('CrewAI: Track Kickoff');
    await until('the text', async () => (await window.box.box()).value === 'there is nothing in here');
    await window.box.enter('https://app.crewai.com/crewai_plus/deployments');
    await window.box.fill(/AMP dashboard URL/, 'f1b63850-...');
    await window.box.cancel(/This kickoff ID is incomplete/);
  });

  it("with a possible secret isn't restored in the next box after Escape", async () => {
    const { window } = scene.stage;
    await window.box.closed();
    await paste('X-API-Key: demo-canary');
    await window.box.cancel(/No kickoff ID found/);
    await window.command('CrewAI: Track Kickoff');
    await window.box.shows(/kickoff ID/);
    assert.doesNotMatch((await window.box.box()).value, /canary/);
    await window.box.escape();
  });

  it('is read from the clipboard only with the Paste from Clipboard button, even by keyboard', async () => {
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

  it("that is a deployment's page in AMP is kept, and Open in Browser opens it", async () => {
    const { window } = scene.stage;
    const page = 'https://app.crewai.com/crewai_plus/deployments/4242';
    await window.command('CrewAI: Add Deployment');
    await window.box.fill(/Deployment URL/, `${page}/status`);
    await window.box.fill(/page in AMP\. Now enter the deployment's own URL/, 'https://my-crew-1a2b3c4d.example.com');
    await window.box.fill(/label/, 'With page');
    await window.box.cancel(/token/);
    await window.rowAction(/^With page/, 'Open in Browser');
    await until('the question about the page', async () => (await window.page.locator('.monaco-dialog-box').innerText()).includes(page));
    await window.page.keyboard.press('Escape');
    await window.rowAction(/^With page/, 'Remove Deployment');
    await waitUntilRemoved(window, 'With page');
    await window.takeNotification(/^Deployment With page removed\.$/);
  });

  it('that is the page of a deployment at another host is opened exactly as it was entered', async () => {
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

  it('stays in the box if the clipboard is empty', async () => {
    const { window } = scene.stage;
    await window.copy('');
    await window.command('CrewAI: Track Kickoff');
    await window.box.shows(/kickoff ID/);
    await window.box.type('typed before');
    await window.box.press('Paste from Clipboard');
    await window.box.shows(/clipboard doesn't contain/);
    assert.equal((await window.box.box()).value, 'typed before');
    await window.box.escape();
    await window.box.closed();
  });

  it('with the URL of a new deployment suggests another label after Back and another URL', async () => {
    const { window } = scene.stage;
    await paste(`https://first-1a2b3c4d.example.com/status/${idOf(9)}`);
    await window.box.fill(/URL/);
    await window.box.shows(/label/);
    await window.box.type('Typed');
    await window.box.back();
    await window.box.fill(/URL/, 'https://second-1a2b3c4d.example.com');
    await window.box.shows(/label/);
    assert.equal((await window.box.box()).value, 'second');
    await window.box.escape();
    await window.box.closed();
  });

  it('that is the URL of a new deployment adds it after a second Enter, says what is next, and its row needs a token', async () => {
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
    await window.pressNotification(/^new-crew added/, 'Track Kickoff');
    await window.box.fill(/kickoff ID/, idOf(0));
    await rowThatSays(window, /^c0ffee00 token needed · not checked yet$/);
    await window.rowAction(/^new-crew/, 'Remove Deployment');
    await waitUntilRemoved(window, 'new-crew');
    await window.takeNotification(/^Deployment new-crew/);
  });

  it("that is a known kickoff ID reveals the run's row without a prompt or notification", async () => {
    const { window } = scene.stage;
    await window.collapse(/^127\.0\.0\.1/);
    await trackAt(window, idOf(1));
    await expectSelected('c0ffee01');
    assert.deepEqual(await window.notifications(), []);
  });

  it("for a host's second deployment suggests another label, and later lists that deployment first", async () => {
    const { window } = scene.stage;
    await paste(`${there.url}/status/${idOf(6)}`);
    await window.box.fill(/Deployment URL/);
    assert.match(await window.box.fill(/label/), /127\.0\.0\.1 2$/);
    await window.box.fill(/token/, there.token);
    await window.box.closed();
    await rowThatSays(window, /^c0ffee06.*(queued|\d\/3)/);

    await paste(idOf(7));
    assert.match(await window.box.shows(/Select this run's deployment/), /\(2\/2\)/);
    await window.box.offers(['127.0.0.1 2', '127.0.0.1', 'Add Deployment…']);
    await window.box.back();
    await window.box.shows(/kickoff ID/);
    assert.match((await window.box.box()).value, /^c0ffee07/);
    await window.box.enter();
    await window.box.pickRow(/^127\.0\.0\.1$/);
    await window.box.closed();
    await rowThatSays(window, /^c0ffee07.*(queued|\d\/3)/);
    await trackAt(window, idOf(6));
    await expectSelected('c0ffee06');
  });

  it('with status URLs of two known deployments tracks each run at its own deployment without a prompt', async () => {
    const { window } = scene.stage;
    await paste(`${here.url}/status/${idOf(8)} and ${there.url}/status/${idOf(9)}`);
    for (const short of ['c0ffee08', 'c0ffee09']) await rowThatSays(window, new RegExp(`^${short}.*(queued|\\d\\/3)`));
    const { '127.0.0.1': first = [], '127.0.0.1 2': second = [] } = await list();
    assert.deepEqual([first.includes('c0ffee08'), second.includes('c0ffee09')], [true, true]);
    assert.equal((await window.rows()).filter(({ label }) => /^c0ffee0[89]$/.test(label)).length, 2);
  });

  it('with two deployments and IDs without a URL asks for the deployment of each run', async () => {
    const { window } = scene.stage;
    const [one, two] = ['c0ffee1a', 'c0ffee1b'].map((start) => start + idOf(0).slice(8)) as [string, string];
    for (const [deployment, id] of [
      [here, one],
      [there, two],
    ] as const)
      deployment.addRun({ id, script: { endsWith: 'never' } });
    await paste(`POST ${here.url}/kickoff POST ${there.url}/kickoff kickoff_id: ${one} kickoff_id: ${two}`);
    await window.box.shows(/Select the runs to track/);
    await window.box.enter();
    assert.match(await window.box.shows(/Select this run's deployment/), new RegExp(`^Track Kickoff: ${one}`));
    await window.box.pickRow(/^127\.0\.0\.1$/);
    await rowThatSays(window, /^c0ffee1a.*(queued|\d\/3)/);
    await window.box.shows(new RegExp(`^Track Kickoff: ${two}.* Select this run's deployment`));
    await window.box.pickRow(/^127\.0\.0\.1 2/);
    await rowThatSays(window, /^c0ffee1b.*(queued|\d\/3)/);
    const { '127.0.0.1': first = [], '127.0.0.1 2': second = [] } = await list();
    assert.deepEqual([first.includes('c0ffee1a'), second.includes('c0ffee1b')], [true, true]);
  });

  it('that is a saved token is never tracked', async () => {
    const { window } = scene.stage;
    await paste(liveCrew.token);
    await window.box.pickRow(new RegExp(`^${liveCrew.token}`));
    await window.box.pickRow(/^127\.0\.0\.1 2/);
    await window.takeNotification(/This is a deployment's saved token/);
    assert.ok(!(await window.rows()).some(({ label }) => label === liveCrew.token));
  });

  it('with the wrong deployment tracks a run that can be moved with its label, and moved back', async () => {
    const { window } = scene.stage;
    const lost = there.addRun({ script: { endsWith: 'never' } });
    const short = lost.slice(0, 8);
    await trackAt(window, `${here.url}/status/${lost}`);
    await rowThatSays(window, new RegExp(`^${short} not found`));
    await rename(window, new RegExp(short), 'Lost');
    await rowThatSays(window, /^Lost not found/);
    assert.ok(!(await window.rowActions(/c0ffee01/)).includes('Move to Deployment…'), 'a run that was found cannot be moved');

    await window.rowAction(/^Lost/, 'Move to Deployment…');
    await window.box.shows(/Select the deployment to move this run to/);
    await window.box.offers(['127.0.0.1 2', 'Add Deployment…']);
    await window.box.enter();
    await rowThatSays(window, /^Lost.*(queued|\d\/3)/);
    assert.ok((await list())['127.0.0.1 2']?.includes('Lost'));
    await window.clickNotification(/^Lost moved to 127\.0\.0\.1 2\.$/, 'Undo');
    await rowThatSays(window, /^Lost not found/);
    const { '127.0.0.1 2': second = [], '127.0.0.1': first = [] } = await list();
    assert.deepEqual([first.includes('Lost'), second.includes('Lost')], [true, false]);

    await window.command('CrewAI: Move to Deployment…');
    await window.box.pickRow(/^Lost/);
    await window.box.pickRow(/^127\.0\.0\.1 2/);
    await rowThatSays(window, /^Lost.*(queued|\d\/3)/);
  });

  it('for both deployments tracks a run at each of them, and Undo of a move from one to the other keeps both', async () => {
    const { window } = scene.stage;
    await window.dismissNotifications();
    const both = there.addRun({ script: { endsWith: 'never' } });
    const short = both.slice(0, 8);
    await trackAt(window, `${here.url}/status/${both}`);
    await rowThatSays(window, new RegExp(`^${short} not found`));
    await trackAt(window, `${there.url}/status/${both}`);
    const places = async () => {
      const { '127.0.0.1 2': second = [], '127.0.0.1': first = [] } = await list();
      return [first.includes(short), second.includes(short)].join();
    };
    await until('the run at both deployments', async () => (await places()) === 'true,true');
    await window.command('CrewAI: Move to Deployment…');
    await window.box.pickRow(new RegExp(`^${short}`));
    await window.box.pickRow(/^127\.0\.0\.1 2/);
    await until('the run at the second deployment', async () => (await places()) === 'false,true');
    await window.clickNotification(new RegExp(`^${short} moved to 127`), 'Undo');
    await until('the run at both deployments again', async () => (await places()) === 'true,true');
  });
});
