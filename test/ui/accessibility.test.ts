import assert from 'node:assert/strict';
import { failing, liveCrew, waitsForHuman } from '#test/simulator/scripts';
import { SteppedTime } from '#test/support/steppedTime';
import { checkPart, checkReport, followsScheme, inEachTheme } from './axe';
import { useScene } from './scene';
import { rowSpokenAs, rowThatSays, statusBarThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

/** Rules that every list in VS Code's quick input breaks. */
const rulesOfPicks = ['aria-allowed-attr', 'aria-prohibited-attr', 'nested-interactive'];
/** Rules that every notification of VS Code breaks. */
const rulesOfToasts = ['aria-allowed-attr', 'aria-required-children'];

describe(`Accessibility, ${versionAsked()}: axe finds nothing serious in`, function () {
  this.timeout(240_000);
  const time = new SteppedTime();
  const scene = useScene({ deployments: [liveCrew], startsWhenPolled: true, now: time.now }, { settings: followsScheme });

  const check = (selector: string, disabledRules?: readonly string[]) =>
    inEachTheme(scene.stage.window, () => checkPart(scene.stage.window, selector, disabledRules));

  it('the welcome view', async () => {
    await until('the welcome text', async () => (await scene.stage.window.sideBarText()).includes('Start a run of your deployed crew'));
    await check('.part.sidebar');
  });

  it('the description of the open walkthrough step', async () => {
    const { page } = scene.stage.window;
    await page.getByText('Open the walkthrough').click();
    await page.locator('.getting-started-step.expanded').first().waitFor();
    await check('.getting-started-step.expanded .step-description-container');
  });

  it('the input boxes of Track Kickoff, with and without an error', async () => {
    const { simulator, stage } = scene;
    const { window } = stage;
    const id = simulator.addRun({ script: { endsWith: 'never' } });
    const boxes: string[] = [];
    await trackInNewDeployment(window, { ...simulator.deployment(), id, paste: id, label: 'Crew' }, async (box) => {
      boxes.push(box);
      await check('.quick-input-widget');
    });
    assert.equal(boxes.length, 4);
    await window.command('CrewAI: Track Kickoff');
    await window.box.fill(/kickoff ID/, 'not an ID');
    await until('the error', async () => (await window.page.locator('.quick-input-widget').innerText()).includes('No kickoff ID'));
    await check('.quick-input-widget');
    await window.box.escape();
    await window.box.closed();
  });

  it('the notifications and the status bar', async () => {
    const { simulator, stage } = scene;
    const { window } = stage;
    const scripts = { '5ca1ab1e': {}, '5eaf00d5': failing, ba5eba11: waitsForHuman };
    for (const [short, script] of Object.entries(scripts)) {
      const id = simulator.addRun({ id: `${short}-5b1e-4f44-a3b9-f1fc22a90d01`, script });
      await trackAt(window, id);
      await rowThatSays(window, new RegExp(`^${short} (queued|\\d)`));
    }
    time.pass(30);
    await until('a notification', async () => (await window.notifications()).length > 0);
    await window.notificationsOpaque();
    await inEachTheme(window, async () => {
      const { passes } = await checkPart(window, '.notifications-toasts', rulesOfToasts);
      assert.ok(passes.some(({ id }) => id === 'color-contrast'));
    });
    await statusBarThatSays(window, /./);
    await check('.part.statusbar');
    await window.dismissNotifications();
  });

  it('the rows of runs and tasks', async () => {
    const { window } = scene.stage;
    await rowSpokenAs(window, /succeeded.*5ca1ab1e/);
    await rowSpokenAs(window, /^5eaf00d5, (unread, )?failed/);
    await rowSpokenAs(window, /^ba5eba11, not found or waiting/);
    await window.expand(/5ca1ab1e/);
    await check('.part.sidebar');
  });

  it('the tooltip of a row', async () => {
    const { window } = scene.stage;
    await inEachTheme(window, async () => {
      await window.hover(window.row(/5ca1ab1e/), /succeeded/);
      await checkPart(window, '.monaco-hover');
      await window.hideTooltip();
    });
  });

  it('the quick pick of a command', async () => {
    const { window } = scene.stage;
    await window.command('CrewAI: Copy Kickoff ID');
    await window.box.shows(/Select a run/);
    await check('.quick-input-widget', rulesOfPicks);
    await window.box.escape();
    await window.box.closed();
  });

  for (const [short, what] of [
    ['5ca1ab1e', 'succeeded'],
    ['5eaf00d5', 'failed'],
    ['ba5eba11', "isn't found or waits for human input"],
  ] as const)
    it(`the report of a run that ${what}`, async () => {
      const { window } = scene.stage;
      await window.openRow(new RegExp(short));
      await until('the report', async () => (await window.previewText()).includes(short));
      await checkReport(window);
      await window.closeEditors();
    });
});
