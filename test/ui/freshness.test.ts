import assert from 'node:assert/strict';
import { statusBarId } from '../../src/contributions';
import { liveCrew } from '../simulator/scripts';
import { startSimulator, type Simulator } from '../simulator/server';
import { openStage, rowThatSays, trackInNewDeployment, until, versionAsked, type Stage } from './stage';

/** What a server may say, to be shown as it is and to do nothing. */
const hostile = 'see https://evil.example/a www.evil.example [x](command:workbench.action.quit) <b>b</b> &#91; a@b.example';

describe(`What was last heard, ${versionAsked()}`, function () {
  this.timeout(120_000);
  let stage: Stage;
  let simulator: Simulator;

  before(async () => {
    simulator = await startSimulator({ deployments: [liveCrew] });
    stage = await openStage(versionAsked());
  });
  after(async () => {
    await stage.close();
    await simulator.stop();
  });

  it('is said to be old in the row, in the status bar and its tooltip, and nothing turns meanwhile', async () => {
    const { window } = stage;
    const { url, token, setTrouble } = simulator.deployment();
    const id = simulator.addRun({ script: { endsWith: 'never', endsAfter: 12 } });
    await trackInNewDeployment(window, { id, url, token, label: 'Crew' });
    assert.match((await rowThatSays(window, /^\w{8} 0\/3 · research_task/)).iconClass, /codicon-modifier-spin/);

    setTrouble([{ fromRequest: 1, kind: 'stall' }]);
    const row = await rowThatSays(window, /^\w{8} last heard \d\d:\d\d · \d\/3 · /);
    assert.match(row.iconClass, /codicon-history/);
    assert.match(row.ariaLabel, /^\w{8}, running, last heard \d\d:\d\d, /);
    const item = await until('the status bar to stand still', async () => {
      const found = await window.statusItem(statusBarId);
      return found?.ariaLabel.includes('last heard') === true ? found : undefined;
    });
    assert.match(item.text, /^\d\/3 \w+_task$/);
    assert.match(await tooltip(), /: \d\/3 \w+_task · last heard \d\d:\d\d/);
  });

  it('stays beside the next try while the run is in trouble, and goes with the first good answer', async () => {
    const { window } = stage;
    await rowThatSays(window, /^\w{8} no connection, next try \d\d:\d\d · last heard \d\d:\d\d · \d\/3/, 60_000);
    simulator.deployment().setTrouble([]);
    await window.inlineAction(/^Crew/, 'Refresh');
    const row = await rowThatSays(window, /^\w{8} \d\/3 · \w+_task/, 60_000);
    assert.match(row.iconClass, /codicon-modifier-spin/);
  });

  it('is text alone in the tooltip, whatever a server says, but for the button of the worst trouble', async () => {
    const { window } = stage;
    const { setTrouble } = simulator.deployment();
    setTrouble([{ fromRequest: 1, kind: 'word', word: hostile }]);
    await window.command('CrewAI: Refresh');
    await until('the word', async () => (await tooltip()).includes(hostile));
    assert.deepEqual(await links(), []);

    setTrouble([{ fromRequest: 1, kind: 'unauthorized' }]);
    await window.command('CrewAI: Refresh');
    await rowThatSays(window, /^Crew token refused/);
    await until('its button', async () => (await tooltip()).includes('Set Token'));
    assert.deepEqual(await links(), ['Set Token']);
    await hover().getByText('Set Token').click();
    await window.box.shows(/token/);
    await window.box.escape();
    await window.box.closed();
  });

  it('is of nothing when there is no run, which the line above the list says', async () => {
    const { window } = stage;
    await window.rowAction(/^\w{8}token refused/, 'Remove');
    await until('the line', async () => (await window.sideBarText()).includes('No kickoff is tracked. Track Kickoff (+) takes an ID.'));
    await window.rowAction(/Crew/, 'Remove Deployment');
    await until('the welcome text', async () => {
      const text = await window.sideBarText();
      return text.includes('Paste a kickoff ID') && !text.includes('No kickoff is tracked');
    });
  });

  function hover() {
    return stage.window.page.locator('.monaco-hover:visible').filter({ hasText: 'Click to show the kickoffs.' });
  }

  /** What the status bar's tooltip says once it is shown anew. */
  async function tooltip(): Promise<string> {
    const { page } = stage.window;
    await page.mouse.move(640, 400);
    await until('no tooltip', async () => (await hover().count()) === 0);
    await page.locator(`[id$="${statusBarId}"]`).first().hover();
    await hover().first().waitFor();
    return (await hover().first().innerText()).replaceAll('\u00a0', ' ');
  }

  async function links(): Promise<readonly string[]> {
    return (await hover().first().locator('a').allInnerTexts()).map((text) => text.replaceAll('\u00a0', ' '));
  }
});
