import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { liveCrew, liveFlow, waitsForHuman } from '#test/simulator/scripts';
import { figure } from '#test/support/fuzz';
import { SteppedTime } from '#test/support/steppedTime';
import type { Workbench } from '../support/host/window.mjs';
import { useScene } from './scene';
import { rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked, openWindow } from './stage';

describe(`Two windows, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const time = new SteppedTime();
  const scene = useScene({ deployments: [liveCrew, liveFlow], startsWhenPolled: true, now: time.now });
  let other: Workbench;

  async function notificationCount(pattern: RegExp): Promise<number> {
    const all = [...(await scene.stage.window.notifications()), ...(await other.notifications())];
    return all.filter(({ text }) => pattern.test(text)).length;
  }

  let short = '';

  it('send at most 8 requests in 20 s for an active run', async () => {
    const { simulator, stage } = scene;
    const id = simulator.addRun();
    short = id.slice(0, 8);
    await trackInNewDeployment(stage.window, { ...simulator.deployment(), id, label: 'Crew' });
    other = await openWindow(stage);
    await rowThatSays(other, new RegExp(`^${short} 0/3`));
    const before = simulator.requests.length;
    await sleep(20_000);
    const polls = simulator.requests.length - before;
    console.log(`      two windows: ${polls} requests in 20 s, one poll every 3 s is expected`);
    assert.ok(polls <= 8, `${polls} requests`);
  });

  it('both show the progress of a run', async () => {
    const { stage } = scene;
    time.pass(13);
    for (const window of [stage.window, other]) await rowThatSays(window, new RegExp(`^${short} 1/3`));
  });

  it('notify once of a finished run that both windows show', async () => {
    const { stage } = scene;
    time.pass(15);
    for (const window of [stage.window, other]) await rowSpokenAs(window, new RegExp(`succeeded.*${short}`));
    await until('the notification', async () => (await notificationCount(/ succeeded in /)) > 0);
    await sleep(4_000);
    assert.equal(await notificationCount(/ succeeded in /), 1);
    figure(3, 'two windows of VS Code: 1 finished run, notified once');
  });

  it('notify of a run that waits for human input only in the focused window', async () => {
    const { simulator, stage } = scene;
    const flow = simulator.deployment(liveFlow.name);
    const id = flow.addRun({ script: waitsForHuman });
    await trackInNewDeployment(stage.window, { ...flow, id, label: 'Own' });
    // The simulated run starts with its first poll.
    await rowThatSays(stage.window, new RegExp(`^${id.slice(0, 8)} steps finished: 0`));
    await other.setFocused(false);
    await stage.window.setFocused(true);
    time.pass(60);
    await stage.window.command('CrewAI: Refresh');
    for (const window of [stage.window, other]) await rowThatSays(window, new RegExp(`^${id.slice(0, 8)} waiting for`));
    // The window in use polls.
    await stage.window.waitForNotification(/^Own: \w+ is waiting for human input\./);
    // The window that doesn't poll waits six seconds before it can notify.
    await sleep(8_000);
    assert.equal(await notificationCount(/is waiting for human input/), 1);
    await other.setFocused(true);
    await stage.window.rowAction(new RegExp(id.slice(0, 8)), 'Remove Run');
  });

  it('continue to poll within 22 s after either extension host is killed', async () => {
    const { simulator, stage } = scene;
    const id = simulator.addRun({ script: { endsWith: 'never' } });
    await stage.window.page.bringToFront();
    await trackAt(stage.window, `${simulator.deployment().url}/status/${id}`);
    for (const window of [stage.window, other]) await rowThatSays(window, /^\w{8} 0\/3/);
    const waits: number[] = [];
    const hosts = stage.server.extensionHostPids();
    assert.equal(hosts.length, 2);
    for (const pid of hosts) {
      process.kill(pid, 'SIGKILL');
      const [killedAt, before] = [Date.now(), simulator.requests.length];
      await until('another window to poll', () => simulator.requests.length > before);
      waits.push((Date.now() - killedAt) / 1_000);
      await until('another extension host', () => stage.server.extensionHostPids().length === 2);
    }
    const result = `polled again ${waits.map((wait) => wait.toFixed(1)).join(' and ')} s after a kill`;
    console.log(`      ${result}`);
    assert.ok(Math.max(...waits) <= 22, result);
    for (const window of [stage.window, other]) await rowThatSays(window, /^\w{8} 0\/3/);
  });
});
