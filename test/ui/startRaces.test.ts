import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeploymentScript } from '#test/simulator/deployment';
import { liveCrew } from '#test/simulator/scripts';
import type { Workbench } from '../support/host/window.mjs';
import { startSink } from './canned';
import { inputsSent, refuse, startsOf, useStarts } from './starts';
import { openWindow, rowSpokenAs, rowThatSays, until, versionAsked } from './stage';

const crew: DeploymentScript = { ...liveCrew, inputs: ['topic'], kickoff: { endsWith: 'never', endsAfter: 2 } };
const scripts: readonly DeploymentScript[] = [
  ...['gateway', 'twin', 'form'].map((name) => ({ ...crew, name })),
  { ...crew, name: 'stall', tasks: liveCrew.tasks.map((task) => ({ ...task, seconds: 1 })), kickoff: {} },
  { ...crew, name: 'question', inputs: [] },
];

describe(`Starts with two open windows, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useStarts(scripts);
  const deployment = (name: string) => scene.simulator.deployment(name);
  const requests = (name: string) =>
    scene.simulator.requests.filter((one) => one.deployment === name).map(({ method, path }) => `${method} ${path}`);
  let other: Workbench;

  async function lose(name: string, response: 'stall' | 504, topic: string): Promise<void> {
    deployment(name).setTrouble([{ kind: 'lost', response, fromRequest: 1, requests: 1, route: 'kickoff' }]);
    await scene.stage.window.rowAction(new RegExp(`^${name}`), 'Start Run…');
    await scene.stage.window.box.fill(/topic/, topic);
    await startsOf(deployment(name), 1);
  }

  before(async () => {
    other = await openWindow(scene.stage);
    // The other tests run while this request waits for its response.
    await lose('stall', 'stall', 'birds');
  });

  it('that end with HTTP 504 are sent again only after the user confirms', async () => {
    const { window } = scene.stage;
    await lose('gateway', 504, 'cats');
    await rowThatSays(window, /^cats may have started · server error/);
    for (const accepts of [false, true]) {
      await window.rowAction(/^cats/, 'Start Again…');
      await window.box.pickRow(/^Start with the Same Inputs/);
      await window.readDialog(/Start a run in gateway\?.*topic: cats/s);
      assert.equal(requests('gateway').filter((one) => one === 'POST /kickoff').length, 1);
      await (accepts ? window.acceptDialog(/gateway/) : refuse(window, /gateway/));
    }
    await startsOf(deployment('gateway'), 2);
    assert.deepEqual(inputsSent(deployment('gateway')), [{ topic: 'cats' }, { topic: 'cats' }]);
  });

  it('that the user has sent again are replaced by the new run in both windows', async () => {
    const { window } = scene.stage;
    await other.expand(/^gateway/);
    for (const one of [window, other]) {
      await until('only the second run', async () => (await rowsOf(one, 'cats')).length === 1);
      await rowThatSays(one, /^cats \d\/3/);
    }
  });

  it('from both windows at the same time become two runs, which both windows show', async () => {
    const both = [scene.stage.window, other];
    await Promise.all(both.map((one) => one.rowAction(/^twin/, 'Start Run…')));
    await Promise.all(both.map((one) => one.box.shows(/topic/)));
    await Promise.all(both.map((one) => one.box.enter('dogs')));
    await startsOf(deployment('twin'), 2);
    for (const one of both) for (const { id } of deployment('twin').starts) await rowSpokenAs(one, new RegExp(`dogs.*${id}`));
    for (const one of both) await until('only two rows', async () => (await rowsOf(one, 'dogs')).length === 2);
    assert.deepEqual(inputsSent(deployment('twin')), [{ topic: 'dogs' }, { topic: 'dogs' }]);
    assert.equal(requests('twin').filter((one) => one === 'POST /kickoff').length, 2);
  });

  for (const [name, what] of [
    ['form', 'input box'],
    ['question', 'confirmation'],
  ] as const)
    it(`aren't sent to any URL if the other window changes the deployment's URL while the ${what} is open`, async () => {
      const { window } = scene.stage;
      const sink = await startSink();
      try {
        await window.rowAction(new RegExp(`^${name}`), 'Start Run…');
        if (name === 'form') await window.box.shows(/topic.*form/);
        else await window.readDialog(/Start a run in question\?/);
        const sent = requests(name);
        await other.rowAction(new RegExp(`^${name}`), 'Edit Deployment');
        await other.box.fill(/URL/, sink.url);
        await other.box.fill(/label/, `moved ${name}`);
        await other.box.cancel(/token/);
        await rowThatSays(window, new RegExp(`^moved ${name}`));

        if (name === 'form') await window.box.enter('fish');
        else await window.acceptDialog(/Start a run in question\?/);
        await window.takeNotification(/^No run started, because this deployment was removed or has a new URL\. Start the run again\.$/);
        // The next form names the new URL before anything is sent there.
        await window.rowAction(new RegExp(`^moved ${name}`), 'Start Run…');
        assert.ok((await window.box.cancel(/token needed/)).includes(sink.url));
        assert.deepEqual(requests(name), sent);
        assert.deepEqual(sink.requests, []);
      } finally {
        await sink.stop();
      }
    });

  it('without a response become one unread run in both windows when the user tracks the lost kickoff ID', async () => {
    const { window } = scene.stage;
    await other.expand(/^stall/);
    // The limit is a minute.
    for (const one of [window, other]) await rowThatSays(one, /^birds may have started · /, 90_000);
    await window.dismissNotifications();
    await window.rowAction(/^birds/, 'Track Kickoff Here');
    await window.box.fill(/kickoff ID/, deployment('stall').starts[0]?.id);
    await window.box.closed();
    for (const one of [window, other]) {
      await rowSpokenAs(one, /birds, unread, succeeded/);
      await until('one row', async () => (await one.rows()).filter(({ label }) => label.includes('birds')).length === 1);
    }
    await startsOf(deployment('stall'), 1);
  });

  it('without a response cause one notification of the run whose kickoff ID the user tracked', async () => {
    const { window } = scene.stage;
    const notified = async () =>
      (await Promise.all([window, other].map((one) => one.notifications()))).flat().filter(({ text }) => text.includes('succeeded'));
    await until('the notification', async () => (await notified()).length > 0);
    // A window that doesn't poll waits six seconds before it can notify.
    await sleep(8_000);
    assert.equal((await notified()).length, 1);
  });
});

async function rowsOf(window: Workbench, label: string) {
  return (await window.rows()).filter((row) => row.label === label);
}
