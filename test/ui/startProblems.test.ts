import assert from 'node:assert/strict';
import type { DeploymentScript } from '#test/simulator/deployment';
import { liveCrew } from '#test/simulator/scripts';
import type { Trouble } from '#test/simulator/trouble';
import type { TreeRow, Workbench } from '../support/host/window.mjs';
import { inputsSent, refuse, startsOf, useStarts } from './starts';
import { openWindow, rowSpokenAs, rowThatSays, until, versionAsked, viewTitle, waitUntilRemoved } from './stage';

const endless = { endsWith: 'never', endsAfter: 2 } as const;
const one: DeploymentScript = { ...liveCrew, inputs: ['topic'], kickoff: endless };

/** A fault of the next POST /kickoff only. */
const once = { fromRequest: 1, requests: 1, route: 'kickoff' } as const;
const quick = { ...one, tasks: liveCrew.tasks.map((task) => ({ ...task, seconds: 1 })) };

describe(`Starts with problems, ${versionAsked()}:`, function () {
  this.timeout(240_000);
  const scene = useStarts([
    { ...one, name: 'unlisted', unlisted: ['audience'] },
    { ...one, name: 'busy' },
    ...['reset', 'gateway', 'stall'].map((name) => ({ ...quick, name })),
  ]);
  const deployment = (name: string) => scene.simulator.deployment(name);

  describe('Start Run', () => {
    const attempts = (name: string) =>
      scene.simulator.requests.filter((request) => request.deployment === name && request.path === '/kickoff').length;

    it('shows a box for an input that AMP reports as missing', async () => {
      const { window } = scene.stage;
      await window.rowAction(/^unlisted/, 'Start Run…');
      await window.box.fill(/topic/, 'cats');
      await window.box.shows(/\(2\/2\).*No run started, because the deployment requires this input\. Enter audience for the run in /s);
      assert.deepEqual(deployment('unlisted').starts, []);
      assert.equal(attempts('unlisted'), 1);
    });

    it('sends the value entered earlier together with the value of the input that AMP reported as missing', async () => {
      const { window } = scene.stage;
      await window.box.back();
      assert.match(await window.box.fill(/\(1\/2\)/), /\| cats$/);
      await window.box.fill(/\(2\/2\)/, 'dogs');
      await window.box.closed();
      await startsOf(deployment('unlisted'), 1);
      assert.deepEqual(inputsSent(deployment('unlisted')), [{ topic: 'cats', audience: 'dogs' }]);
      assert.equal(attempts('unlisted'), 2, 'one request for each Enter in the last box');
    });

    it('shows the box again with the entered value after HTTP 503 from AMP', async () => {
      const { window } = scene.stage;
      deployment('busy').setTrouble([{ kind: 'refused', status: 503, sentence: 'No worker is available', ...once }]);
      await window.rowAction(/^busy/, 'Start Run…');
      await window.box.fill(/topic/, 'fish');
      await window.box.shows(/No run started\. Problem: .*Enter topic for the run in busy\..*\| fish$/s);
      assert.equal(attempts('busy'), 1);
    });

    it('sends nothing after HTTP 503 from AMP if the user accepts the kept value but declines the confirmation', async () => {
      const { window } = scene.stage;
      await window.box.enter();
      await refuse(window, /Start a run in busy\?.*topic: fish/s);
      await until('no start to be left', async () => !(await window.rows()).some(({ description }) => /start/.test(description)));
      assert.equal(attempts('busy'), 1);
    });

    it('shows the error message of an HTTP 400 response as plain text', async () => {
      const { window } = scene.stage;
      const sentence = '[Sign in](command:workbench.action.toggleZenMode) $(gear)';
      deployment('busy').setTrouble([{ kind: 'refused', status: 400, sentence, ...once }]);
      await window.rowAction(/^busy/, 'Start Run…');
      await window.box.fill(/Enter topic/, 'crabs');
      assert.match(await window.box.shows(/No run started/), /\(Sign in\)\(command:workbench\.action\.toggleZenMode\) \$ \(gear\)/);
      assert.equal(await window.box.widget.locator('.quick-input-message a, .quick-input-message .codicon-gear').count(), 0);
      await window.box.escape();
      await window.box.closed();
    });

    it('starts the run with the value entered before HTTP 401 when the user sets a token and confirms', async () => {
      const { window } = scene.stage;
      deployment('busy').setTrouble([{ kind: 'unauthorized', ...once }]);
      await window.rowAction(/^busy/, 'Start Run…');
      await window.box.fill(/topic/, 'birds');
      await window.box.shows(/No run started\. Problem: token rejected/);
      const { token, url } = deployment('busy');
      assert.ok((await window.box.fill(/Bearer token/, token)).includes(url), 'the box names the deployment');
      await window.box.fill(/\| birds$/);
      await window.acceptDialog(/Start a run in busy\?.*topic: birds/s);
      await rowThatSays(window, /^birds/);
      assert.deepEqual(inputsSent(deployment('busy')), [{ topic: 'birds' }]);
    });
  });

  describe("a start that AMP doesn't confirm", () => {
    let other: Workbench;

    async function lose(name: string, response: Extract<Trouble, { kind: 'lost' }>['response'], topic: string): Promise<void> {
      const { window } = scene.stage;
      deployment(name).setTrouble([{ kind: 'lost', response, ...once }]);
      await window.rowAction(new RegExp(`^${name}`), 'Start Run…');
      await window.box.fill(/topic/, topic);
    }

    before(async () => {
      await lose('gateway', 502, 'wolves');
      await rowThatSays(scene.stage.window, /^wolves may have started · server error/);
      other = await openWindow(scene.stage);
      // Chromium draws only the page in front, and a hover needs a drawn row.
      await scene.stage.window.page.bringToFront();
      await scene.stage.window.dismissNotifications();
    });

    it("is shown as unconfirmed in a notification, a row, and the row's tooltip", async () => {
      const { window } = scene.stage;
      await lose('reset', 'reset', 'lynx');
      await window.takeNotification(
        /^AMP didn't confirm the start, so the run may have started in reset\. Problem: .*Check the deployment/,
      );
      await rowThatSays(window, /^lynx may have started · /);
      assert.match((await rowSpokenAs(window, /^lynx, may have started, /)).iconClass, /question/);
      await window.hover(window.row(/^lynx/), /lynx.*Start request sent: .*AMP didn't confirm this start/s);
      await window.hideTooltip();
      await startsOf(deployment('reset'), 1);
    });

    it('is sent again only after the user confirms', async () => {
      const { window } = scene.stage;
      for (const accepts of [false, true]) {
        await window.rowAction(/^lynx/, 'Start Again…');
        await window.box.pickRow(/^Start with the Same Inputs/);
        assert.equal(deployment('reset').starts.length, 1);
        const question = /Start a run in reset\?.*topic: lynx/s;
        await (accepts ? window.acceptDialog(question) : refuse(window, question));
      }
      await startsOf(deployment('reset'), 2);
      assert.deepEqual(inputsSent(deployment('reset')), [{ topic: 'lynx' }, { topic: 'lynx' }]);
    });

    it('is replaced by the new run after the user has sent it again', async () => {
      const { window } = scene.stage;
      await until('only the run', async () => (await window.rows()).filter(({ label }) => label === 'lynx').length === 1);
      await rowThatSays(window, /^lynx \d\/3/);
    });

    it('is in the list of another window, too', () => rowThatSays(other, /^wolves may have started/));

    it('stays in the list after a reload without being sent again', async () => {
      const { window } = scene.stage;
      await window.reload();
      await window.showView(viewTitle);
      await rowThatSays(window, /^wolves may have started · server error/);
      await startsOf(deployment('gateway'), 1);
    });

    it('has the command Open in Browser for its deployment', async () => {
      const { window } = scene.stage;
      await window.rowAction(/^wolves/, 'Open in Browser');
      await window.box.cancel(/gateway/);
    });

    it('can be removed with Delete and restored with Ctrl+Z', async () => {
      const { window } = scene.stage;
      await window.pressInRow(/^wolves/, 'Delete');
      await window.waitForNotification(/^The unconfirmed start was removed from the list\./);
      await waitUntilRemoved(window, 'wolves');
      await until('the focus in the side bar', async () => (await window.focusedPart()) === 'side bar');
      await window.page.keyboard.press('Control+z');
      for (const one of [window, other]) await rowThatSays(one, /^wolves may have started/);
    });

    it('becomes a run in all windows when the user tracks the lost kickoff ID', async () => {
      const { window } = scene.stage;
      await window.rowAction(/^wolves/, 'Track Kickoff Here');
      await window.box.fill(/kickoff ID/, deployment('gateway').starts[0]?.id);
      await window.box.closed();
      const isStart = ({ label, description }: TreeRow): boolean => label === 'wolves' && description.startsWith('may have started');
      for (const one of [window, other]) await until('only the run', async () => !(await one.rows()).some(isStart));
      await rowThatSays(window, /^wolves \d\/3/);
    });

    it('keeps its inputs for Start Again after it has become a run', async () => {
      const { window } = scene.stage;
      await window.rowAction(/^wolves/, 'Start Again…');
      await window.box.pickRow(/^Start with the Same Inputs/);
      await refuse(window, /topic: wolves/);
      await startsOf(deployment('gateway'), 1);
    });

    it('is neither removed by Delete nor sent again by a reload while its request is in progress', async () => {
      const { window } = scene.stage;
      await lose('stall', 'stall', 'owls');
      await rowThatSays(window, /^owls starting…/);
      await window.pressInRow(/^owls/, 'Delete');
      await window.reload();
      await window.showView(viewTitle);
      await other.expand(/^stall/);
      for (const one of [window, other]) await rowThatSays(one, /^owls starting…/);
      await startsOf(deployment('stall'), 1);
    });
  });
});
