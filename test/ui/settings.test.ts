import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { statusBarId } from '#contributions';
import type { RunScript } from '#test/simulator/runScript';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator, type Simulator } from '#test/simulator/server';
import type { Workbench } from '../support/host/window.mjs';
import {
  closeWindow,
  historyFolder,
  openStage,
  rowSpokenAs,
  rowThatSays,
  trackAt,
  trackInNewDeployment,
  until,
  versionAsked,
  openWindow,
  type Stage,
} from './stage';

const task = { name: 'write_task', agent: 'Writer', seconds: 3, output: '# What was written' };
const tasks = [task];
const failing: RunScript = { tasks, endsWith: 'failure', reason: 'It broke.' };

describe(`Settings that change while a window is open, ${versionAsked()}`, function () {
  this.timeout(240_000);
  let stage: Stage;
  let window: Workbench;
  let simulator: Simulator;
  let runs = 0;
  /** The time by which the deployment's clock is ahead, in milliseconds. */
  let ahead = 0;

  before(async () => {
    simulator = await startSimulator({ deployments: [liveCrew], startsWhenPolled: true, now: () => Date.now() + ahead });
    stage = await openStage(versionAsked());
    ({ window } = stage);
  });
  after(async () => {
    await simulator.stop();
    await stage.close();
  });

  function idOf(name: string): string {
    return `${name}-5b1e-4f44-a3b9-f1fc22a90d01`;
  }

  async function set(settings: Record<string, unknown>): Promise<void> {
    const prefixed = Object.entries(settings).map(([name, value]) => [`crewaiKickoffs.${name}`, value] as const);
    await window.changeSettings(Object.fromEntries(prefixed));
  }

  async function track(script: RunScript = { tasks }): Promise<string> {
    const name = `c0ffee0${++runs}`;
    simulator.addRun({ id: idOf(name), script });
    await trackAt(window, `${simulator.deployment().url}/status/${idOf(name)}`);
    return name;
  }

  async function trackUntilFinished(script?: RunScript): Promise<string> {
    return waitUntilFinished(await track(script));
  }

  async function waitUntilFinished(name: string): Promise<string> {
    await rowSpokenAs(window, new RegExp(`^${name}, .*(succeeded|failed)`), 40_000);
    return name;
  }

  /**
   * Waits for a notification, and checks that no other notification exists. A run that must not cause a notification would add a second
   * notification or change the text.
   */
  async function expectOnlyNotification(text: RegExp): Promise<void> {
    await until('the notification', async () => (await window.notifications()).some((one) => text.test(one.text)));
    const texts = (await window.notifications()).map((one) => one.text);
    // VS Code sometimes tries to write one of its own settings while the test types into the file.
    const own = texts.filter((one) => !one.startsWith('Unable to write into user settings'));
    assert.equal(own.length, 1, own.join('\n'));
    await window.dismissNotifications();
  }

  it('statusBar set to always shows the status bar item without any run, even after a restart', async () => {
    const shown = (): Promise<unknown> => until('the status bar', () => window.statusItem(statusBarId));
    await set({ statusBar: 'always' });
    await shown();
    await closeWindow(stage, window);
    await rm(historyFolder(stage), { recursive: true });
    window = await openWindow(stage);
    await shown();
    const id = simulator.addRun({ id: idOf('c0ffee00'), script: { endsWith: 'never' } });
    await trackInNewDeployment(window, { id, url: simulator.deployment().url, token: liveCrew.token, label: 'Crew' });
  });

  it('the notifications setting limits notifications to failures, turns them off, or permits them for each finished run', async () => {
    await set({ notifications: 'failures' });
    const [well, failed] = [await track(), await track(failing)];
    for (const name of [well, failed]) await waitUntilFinished(name);
    await expectOnlyNotification(new RegExp(`^Crew: ${failed} failed`));

    await set({ notifications: 'none' });
    for (const name of [await track(failing), await track()]) await waitUntilFinished(name);
    await set({ notifications: 'all' });
    const finished = await trackUntilFinished();
    await expectOnlyNotification(new RegExp(`^Crew: ${finished} succeeded`));
  });

  it('with notifications set to all, a muted run causes no notification', async () => {
    const minute = 60_000;
    const muted = await track({ tasks: [{ ...task, seconds: 60 }] });
    await window.rowAction(new RegExp(muted), 'Mute Run');
    await until('the run to be muted', async () => (await window.rowActions(new RegExp(muted))).includes('Unmute Run'));
    ahead += minute;
    await rowSpokenAs(window, new RegExp(`^${muted}, .*succeeded`), 60_000);
    const finished = await trackUntilFinished();
    await expectOnlyNotification(new RegExp(`^Crew: ${finished} succeeded`));
  });

  it('openOutputWhenFinished opens the output or the report even if notifications are off, and the output doesn’t take the focus', async () => {
    await set({ notifications: 'none', openOutputWhenFinished: 'output' });
    const first = await track({ tasks: [{ ...task, seconds: 10 }] });
    await window.command('File: New Untitled Text File');
    await window.page.keyboard.type('one ');
    await until('the output', async () => (await window.tabs()).some(({ label }) => label.startsWith(`${first}.output`)));
    await window.page.keyboard.type('two');
    await until('the typed text', async () => (await window.editorText()).includes('one two'));
    await window.screenshot('dist/opened.png');

    await set({ openOutputWhenFinished: 'report' });
    const second = await trackUntilFinished();
    await until('the report', async () => (await window.tabs()).some(({ label }) => label.includes(`${second}.report`)));
    await set({ openOutputWhenFinished: 'never' });
  });

  it('openWith applies to rows that already exist', async () => {
    await set({ openWith: 'output' });
    // The row is updated a moment after the setting changes.
    await until('the output', async () => {
      await window.openRow(/c0ffee01/);
      const isActive = async () => (await window.tabs()).some(({ label, active }) => active && label.startsWith('c0ffee01.output'));
      return until('the output tab', isActive, 3_000);
    });
  });

  it('history.keepDays removes old runs, except for unread and active runs, and Undo Remove restores the removed runs', async () => {
    await set({ 'history.keepDays': 0.000_01 });
    await until('the read run to be removed', async () => !(await window.rows()).some(({ label }) => label === 'c0ffee01'), 30_000);
    const rows = await window.rows();
    assert.ok(rows.some(({ label }) => label === 'c0ffee00'));
    assert.ok(rows.some(({ label, ariaLabel }) => label === 'c0ffee02' && ariaLabel.includes('unread')));
    await window.command('CrewAI: Undo Remove');
    await rowThatSays(window, /^c0ffee01 /);
  });
});
