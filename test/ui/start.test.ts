import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeploymentScript } from '#test/simulator/deployment';
import { documentedCrew, liveCrew, liveFlow } from '#test/simulator/scripts';
import { inputsSent, refuse, startsOf, useStarts } from './starts';
import { rowSpokenAs, rowThatSays, trackAt, until, versionAsked } from './stage';

const names = ['a "quoted" name', 'colon: two words', '主题'];
const endless = { endsWith: 'never', endsAfter: 2 } as const;
const form: DeploymentScript = { ...liveCrew, name: 'form', inputs: names, kickoff: endless };
const single: DeploymentScript = { ...liveCrew, name: 'single', inputs: ['topic'], kickoff: endless };
const only: DeploymentScript = { ...single, name: 'only' };
const bare: DeploymentScript = { ...liveCrew, name: 'bare', inputs: [], kickoff: endless };
/** Its runs are final at the first poll, and their responses have no times. */
const quick: DeploymentScript = { ...documentedCrew, name: 'quick', inputs: [], kickoff: { tasks: [], output: 'Done' } };
const crew: DeploymentScript = { ...liveCrew, name: 'crew', kickoff: endless };
const fixed: DeploymentScript = { ...crew, name: 'fixed', canStop: false };
const flow: DeploymentScript = { ...liveFlow, name: 'flow', kickoff: endless };

describe(`Starts and stops, ${versionAsked()}:`, function () {
  this.timeout(240_000);
  const scene = useStarts([form, single, only, bare, quick, crew, fixed, flow]);
  const deployment = (name: string) => scene.simulator.deployment(name);

  /** Starts a run in the deployment with three inputs, unless an earlier test has. */
  async function startForm(): Promise<void> {
    const { window } = scene.stage;
    if (deployment('form').starts.length > 0) return;
    await window.rowAction(/^form/, 'Start Run…');
    await window.box.fill(/\(1\/3\)/, 'it\'s "one"');
    await window.box.fill(/\(2\/3\)/, 'two');
    await window.box.fill(/\(3\/3\)/, 'three');
    await rowThatSays(window, /^it's "one"/);
  }

  /** Starts a run in the deployment `only`, unless an earlier test has. */
  async function startOnly(): Promise<void> {
    const { window } = scene.stage;
    if (deployment('only').starts.length > 0) return;
    await window.rowAction(/^only/, 'Start Run…');
    await window.box.fill(/topic/, 'cats');
    await rowThatSays(window, /^cats/);
  }

  async function pressEnterTwice(pauseMs = 50): Promise<void> {
    const { box, page } = scene.stage.window;
    // The row of the run before may still take the focus.
    await box.input.press('Enter');
    await sleep(pauseMs);
    await page.keyboard.press('Enter');
  }

  /** Selects a command in the Command Palette, and holds Enter down for three seconds. A keyboard repeats it after 500 ms, every 33 ms. */
  async function holdEnter(title: string): Promise<void> {
    const { box, page } = scene.stage.window;
    await page.keyboard.press('F1');
    await box.type(`>${title}`);
    await box.focusRow(title, (row: { readonly label: string }) => row.label === title, 10_000);
    await page.keyboard.down('Enter');
    await sleep(500);
    for (const end = Date.now() + 2_500; Date.now() < end;) {
      await page.keyboard.down('Enter');
      await sleep(33);
    }
    await page.keyboard.up('Enter');
  }

  describe('Start Run', () => {
    it('starts only one run without inputs if the user presses Enter twice in the confirmation', async () => {
      const { window } = scene.stage;
      await window.rowAction(/^bare/, 'Start Run…');
      await window.acceptDialog(/Start a run in bare\?.*No inputs/s);
      // A second Enter of a hurried user.
      await window.page.keyboard.press('Enter');
      await rowThatSays(window, /^[\da-f]{8} /);
      assert.deepEqual(inputsSent(deployment('bare')), [{}]);
    });

    it('keeps the typed values after Back and Escape', async () => {
      const { window } = scene.stage;
      await window.rowAction(/^form/, 'Start Run…');
      await window.box.fill(/\(1\/3\).*a "quoted" name/s, 'it\'s "one"');
      await window.box.fill(/\(2\/3\).*colon: two words/s, '');
      await window.box.shows(/\(3\/3\).*主题/s);
      await window.box.type('three');
      await window.box.back();
      await window.box.shows(/\(2\/3\)/);
      await window.box.type('two');
      await window.box.escape();
      await window.box.closed();
      assert.deepEqual(deployment('form').starts, []);

      await window.rowAction(/^form/, 'Start Run…');
      assert.ok((await window.box.fill(/\(1\/3\)/)).includes('it\'s "one"'));
      assert.match(await window.box.fill(/\(2\/3\)/), /\| two$/);
      assert.match(await window.box.shows(/\(3\/3\)/), /\| three$/);
      await window.box.escape();
      await window.box.closed();
    });

    it('starts only one run with the typed values if the user presses Enter twice in the last box', async () => {
      const { window } = scene.stage;
      await window.rowAction(/^form/, 'Start Run…');
      for (const step of [/\(1\/3\)/, /\(2\/3\)/]) await window.box.fill(step);
      await window.box.shows(/\(3\/3\)/);
      await window.box.type('值: "3"');
      await window.page.keyboard.press('Enter');
      await window.page.keyboard.press('Enter');
      await window.box.closed();
      await rowThatSays(window, /^it's "one"/);
      assert.deepEqual(inputsSent(deployment('form')), [{ 'a "quoted" name': 'it\'s "one"', 'colon: two words': 'two', 主题: '值: "3"' }]);
    });

    it('opens a file with the typed values after Edit All Inputs in a File', async () => {
      const { window } = scene.stage;
      await startForm();
      await window.rowAction(/^form/, 'Start Run…');
      await window.box.fill(/it's "one"/);
      await window.box.shows(/\| two$/);
      await window.box.type('second');
      await window.page.keyboard.press('Shift+Tab');
      await window.box.widget.getByRole('button', { name: 'Edit All Inputs in a File' }).press('Enter');
      await window.waitForTab(/form.*\.inputs\.jsonc/i);
      await until('the inputs', async () => (await window.editorText()).includes('"colon: two words": "second"'));
      await until('the editor to have the focus', async () => (await window.focusedPart()) === 'editor');
      await window.command('View: Revert and Close Editor');
      assert.equal(deployment('form').starts.length, 1);
    });

    it('causes one notification if the started run has finished at its first poll, unlike Track Kickoff', async () => {
      const { window } = scene.stage;
      await window.dismissNotifications();
      const tracked = deployment('quick').addRun({ script: quick.kickoff! });
      await trackAt(window, `${deployment('quick').url}/status/${tracked}`);
      await rowSpokenAs(window, /succeeded/);
      await window.rowAction(/^quick/, 'Start Run…');
      await window.acceptDialog(/Start a run in quick\?/);
      await rowSpokenAs(window, /unread.*succeeded|succeeded.*unread/);
      await window.waitForNotification(/succeeded/);
      assert.equal((await window.takeNotifications()).filter((text) => text.includes('succeeded')).length, 1);
    });

    it('shows a confirmation instead of starting a run after a double Enter in a box with a suggested value', async () => {
      const { window } = scene.stage;
      await startOnly();
      await window.rowAction(/^only/, 'Start Run…');
      await window.box.shows(/\| cats$/);
      await pressEnterTwice();
      await window.readDialog(/Start a run in only\?.*topic: cats/s);
      assert.equal(deployment('only').starts.length, 1);
      await refuse(window, /only/);
    });

    it('shows a confirmation if the user presses Enter too quickly to have read a suggested value', async () => {
      const { window } = scene.stage;
      await startForm();
      const { length } = deployment('form').starts;
      for (const typed of ['new', undefined]) {
        await window.rowAction(/^form/, 'Start Run…');
        await window.box.shows(/\(1\/3\)/);
        if (typed !== undefined) await window.box.type(typed);
        for (let presses = 1; presses <= 3; presses++) {
          // The row of the run before may still take the focus.
          await window.box.input.press('Enter');
          await window.box.shows(new RegExp(`\\(${Math.min(3, presses + 1)}/3\\)`));
        }
        await refuse(window, /"quoted" name: new\ncolon: two words: two/);
      }
      assert.equal(deployment('form').starts.length, length);
    });

    it('shows no step number in the box for the only input of a deployment', async () => {
      const { window } = scene.stage;
      await window.rowAction(/^single/, 'Start Run…');
      assert.doesNotMatch(await window.box.cancel(/topic/), /\(1\/1\)/);
    });
  });

  describe('Start Again', () => {
    it('offers Start with the Same Inputs as the first and focused row', async () => {
      const { window } = scene.stage;
      await startForm();
      await window.rowAction(/^it's "one"/, 'Start Again…');
      await window.box.shows(/Start Again/);
      await window.box.offers(['Start with the Same Inputs', 'Edit the Inputs…']);
      await until('the first row to have the focus', async () => (await window.box.rows())[0]?.focused);
      await window.box.cancel(/Start Again/);
    });

    it('starts a run with the same inputs only after the user confirms', async () => {
      const { window } = scene.stage;
      await startForm();
      await window.rowAction(/^it's "one"/, 'Start Again…');
      await window.box.offers(['Start with the Same Inputs', 'Edit the Inputs…']);
      await window.box.enter();
      await refuse(window, /Start a run in form\?.*colon: two words: two/s);
      assert.equal(deployment('form').starts.length, 1);
      await window.rowAction(/^it's "one"/, 'Start Again…');
      await window.box.pickRow(/^Start with the Same Inputs/);
      await window.acceptDialog(/Start a run in form\?/);
      await startsOf(deployment('form'), 2);
      const [first, second] = inputsSent(deployment('form'));
      assert.deepEqual(first, second);
    });

    it('shows a confirmation instead of starting a run after a double Enter in the quick pick', async () => {
      const { window } = scene.stage;
      await startOnly();
      await window.rowAction(/^cats/, 'Start Again…');
      await window.box.shows(/Start Again/);
      await window.box.offers(['Start with the Same Inputs', 'Edit the Inputs…']);
      const dialogCount = await window.countDialogs();
      await pressEnterTwice(250);
      await window.readDialog(/Start a run in only\?.*topic: cats/s);
      assert.deepEqual([deployment('only').starts.length, await dialogCount()], [1, 1]);
      await window.acceptDialog(/only/);
      await startsOf(deployment('only'), 2);
    });
  });

  for (const title of ['Start Run…', 'Start Again…', 'Stop Run', 'Delete All Data', 'Remove Deployment'])
    it(`Enter that is held down for three seconds in the Command Palette doesn't confirm ${title}`, async () => {
      const { window } = scene.stage;
      await startOnly();
      const posts = () => scene.simulator.requests.filter(({ method }) => method === 'POST').length;
      const before = [posts(), (await window.rows()).length];
      const dialogCount = await window.countDialogs();
      await holdEnter(`CrewAI: ${title}`);
      await refuse(window, /\?/);
      assert.deepEqual([posts(), (await window.rows()).length], before);
      assert.ok((await dialogCount()) > 1, 'the key answered a question');
    });

  describe('For tracked runs,', () => {
    const idOf = (short: string): string => `${short}-5b1e-4f44-a3b9-f1fc22a90d01`;
    const stops = () => scene.simulator.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/stop/'));

    before(async () => {
      const runs = { aaaa0001: 'crew', aaaa0002: 'crew', aaaa0003: 'crew', bbbb0001: 'fixed', cccc0001: 'flow' };
      for (const [short, name] of Object.entries(runs)) {
        deployment(name).addRun({ id: idOf(short), script: endless, inputs: { topic: 'cats' } });
        await trackAt(scene.stage.window, `${deployment(name).url}/status/${idOf(short)}`);
      }
      await trackAt(scene.stage.window, `${deployment('crew').url}/status/${idOf('dddd0001')}`);
      await rowThatSays(scene.stage.window, /^dddd0001 not found/);
      await scene.stage.window.dismissNotifications();
    });

    it('Stop Run shows “stopping…” until the run has stopped', async () => {
      const { window } = scene.stage;
      deployment('crew').setTrouble([{ kind: 'slow', latency: 2, route: 'status', fromRequest: 1 }]);
      await window.rowAction(/^aaaa0001/, 'Stop Run');
      await window.acceptDialog(/Stop the run aaaa0001\?.*Deployment: crew\..*Kickoff ID: aaaa0001/s);
      await rowThatSays(window, /^aaaa0001 stopping…/);
      await rowSpokenAs(window, /stopped.*aaaa0001|aaaa0001.*stopped/);
      deployment('crew').setTrouble([]);
      assert.equal(stops().length, 1);
    });

    it("Stop Run isn't in the menu of a stopped run", async () => {
      const { window } = scene.stage;
      assert.ok(!(await window.rowActions(/^aaaa0001/)).includes('Stop Run'));
    });

    it("Stop Run shows a notification with the reason if a run can't be stopped", async () => {
      const { window } = scene.stage;
      await window.rowAction(/^bbbb0001/, 'Stop Run');
      await window.acceptDialog(/Stop the run bbbb0001\?/);
      await window.takeNotification(/^fixed doesn't support stopping runs\. Stop the run in AMP\.$/);
      await rowThatSays(window, /^bbbb0001 0\/3/);
      await window.rowAction(/^dddd0001/, 'Stop Run');
      await window.acceptDialog(/Stop the run dddd0001\?/);
      await window.takeNotification(/^Couldn't stop dddd0001, because it wasn't found in crew\. /);
    });

    it("Continue from This Run is in the menu of a flow's run, but not of a crew's run", async () => {
      const { window } = scene.stage;
      assert.ok((await window.rowActions(/^cccc0001/)).includes('Continue from This Run…'));
      assert.ok(!(await window.rowActions(/^bbbb0001/)).includes('Continue from This Run…'));
    });

    it('Continue from This Run continues the run with the entered input only after the user confirms', async () => {
      const { window } = scene.stage;
      await window.rowAction(/^cccc0001/, 'Continue from This Run…');
      await window.box.fill(/topic.*flow/s, 'more cats');
      await refuse(window, /Start a run in flow that continues cccc0001\?.*@persist.*topic: more cats/s);
      assert.deepEqual(deployment('flow').starts, []);
      await window.rowAction(/^cccc0001/, 'Continue from This Run…');
      await window.box.fill(/topic.*flow/s, 'more cats');
      await window.acceptDialog(/that continues cccc0001/);
      await rowThatSays(window, /^more cats/);
      assert.deepEqual(inputsSent(deployment('flow')), [{ topic: 'more cats' }]);
      assert.equal(deployment('flow').starts[0]?.body['restoreFromStateId'], idOf('cccc0001'));
    });

    it('Continue from This Run focuses the row of the new run', async () => {
      const { window } = scene.stage;
      await until('the new run to have the focus', async () =>
        (await window.rows()).some(({ label, focused }) => focused && label === 'more cats'),
      );
    });

    it("the new run's report leads to the report of the run that it continues", async () => {
      const { window } = scene.stage;
      await window.openRow(/^more cats/);
      await window.preview().locator('a', { hasText: 'cccc0001' }).click();
      await window.waitForPreview(/^cccc0001/);
      await window.command('View: Close All Editors');
    });

    it('Stop Run for two runs shows no error if someone else stops one of the runs during the confirmation', async () => {
      const { window } = scene.stage;
      await until('the question about both runs', async () => {
        // The tooltip of the last try may cover the row.
        await window.hideTooltip();
        // Escape in the list, for example after a menu that VS Code closed, ends the selection.
        await window.row(/^aaaa0002/).click();
        await window.row(/^aaaa0003/).click({ modifiers: ['ControlOrMeta'] });
        await window.rowAction(/^aaaa0003/, 'Stop Run');
        const text = await window.readDialog(/^Stop/);
        if (/^Stop 2 runs\?.*Deployment: crew\./s.test(text)) return true;
        await refuse(window, /^Stop/);
        throw new Error(text);
      });
      // Somebody else stops the run while the question is open.
      await fetch(`${deployment('crew').url}/stop/${idOf('aaaa0003')}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${deployment('crew').token}` },
      });
      await window.page.keyboard.press('Enter');
      for (const short of ['aaaa0002', 'aaaa0003']) await rowSpokenAs(window, new RegExp(`stopped.*${short}|${short}.*stopped`));
      // VS Code lists its own progress, too.
      const others = (await window.takeNotifications()).filter((text) => !/was stopped|^Activating Extensions/.test(text));
      assert.deepEqual(others, []);
    });
  });
});
