import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { statusBarItemId } from '#contributions';
import type { RunScript } from '#test/simulator/runScript';
import { liveCrew } from '#test/simulator/scripts';
import { useScene } from './scene';
import { expectCompletedSteps, historyFolder, rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

const task = { name: 'write_task', agent: 'Writer', seconds: 3, output: '{"text": "What was written"}' };
const tasks = [task];
const failing: RunScript = { tasks, endsWith: 'failure', reason: 'It broke.' };

describe(`Settings and notifications, ${versionAsked()}:`, function () {
  this.timeout(240_000);
  // Most tests continue where the one before ended.
  this.bail(true);
  let runs = 0;
  /** The time by which the deployment's clock is ahead, in milliseconds. */
  let ahead = 0;
  const scene = useScene({ deployments: [liveCrew], startsWhenPolled: true, now: () => Date.now() + ahead });

  function idOf(name: string): string {
    return `${name}-5b1e-4f44-a3b9-f1fc22a90d01`;
  }

  async function set(settings: Record<string, unknown>): Promise<void> {
    const prefixed = Object.entries(settings).map(([name, value]) => [`crewaiKickoffs.${name}`, value] as const);
    await scene.stage.window.changeSettings(Object.fromEntries(prefixed));
  }

  /** The title of the run's output is its short ID, so that rows and notifications name it so before and after its end. */
  async function track(script: RunScript = { tasks }): Promise<string> {
    const name = `c0ffee${String(++runs).padStart(2, '0')}`;
    scene.simulator.addRun({
      id: idOf(name),
      script: { ...script, tasks: (script.tasks ?? tasks).map((one) => ({ ...one, output: `# ${name}` })) },
    });
    await trackAt(scene.stage.window, `${scene.simulator.deployment().url}/status/${idOf(name)}`);
    return name;
  }

  async function waitUntilFinished(name: string): Promise<string> {
    await rowSpokenAs(scene.stage.window, new RegExp(`(succeeded|failed).*${name}`), 40_000);
    return name;
  }

  /**
   * Waits for a notification, and checks that no other notification exists. A run that must not cause a notification would add a second
   * notification or change the text.
   */
  async function expectOnlyNotification(text: RegExp): Promise<void> {
    const { window } = scene.stage;
    await window.waitForNotification(text);
    const texts = (await window.notifications()).map((one) => one.text);
    // VS Code sometimes tries to write one of its own settings while the test types into the file.
    const own = texts.filter((one) => !one.startsWith('Unable to write into user settings'));
    assert.equal(own.length, 1, own.join('\n'));
    await window.dismissNotifications();
  }

  it('the status bar item is visible without runs if the setting statusBar is “always”', async () => {
    const { simulator, stage } = scene;
    const shown = (): Promise<unknown> => until('the status bar', () => stage.window.statusItem(statusBarItemId));
    await set({ statusBar: 'always' });
    await shown();
    await stage.whileClosed(() => rm(historyFolder(stage), { recursive: true }));
    await shown();
    const id = simulator.addRun({ id: idOf('c0ffee00'), script: { endsWith: 'never' } });
    await trackInNewDeployment(stage.window, { ...simulator.deployment(), id, label: 'Crew' });
  });

  it('among finished runs, only failed runs cause notifications if the setting notifications is “failures”', async () => {
    await set({ notifications: 'failures' });
    const [well, failed] = [await track(), await track(failing)];
    for (const name of [well, failed]) await waitUntilFinished(name);
    await expectOnlyNotification(new RegExp(`^Crew: ${failed} failed`));
  });

  it('finished runs cause notifications if the setting notifications is “all”, but not if it is “none”', async () => {
    await set({ notifications: 'none' });
    for (const name of [await track(failing), await track()]) await waitUntilFinished(name);
    await set({ notifications: 'all' });
    await waitUntilFinished(await track());
    await expectOnlyNotification(/^Crew: \S.* succeeded/);
  });

  /** Tracks runs that take a minute, lets them all finish in one poll, and waits until their rows show it. */
  async function finishTogether(
    scripts: readonly RunScript[],
    before: (name: string) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<readonly string[]> {
    const names: string[] = [];
    for (const script of scripts) names.push(await track({ ...script, tasks: [{ ...task, seconds: 60 }] }));
    for (const name of names) await rowSpokenAs(scene.stage.window, new RegExp(`^${name}, .*running`));
    await before(names[0] ?? '');
    ahead += 60_000;
    await scene.stage.window.command('CrewAI: Refresh');
    for (const name of names) await rowSpokenAs(scene.stage.window, new RegExp(`^${name}, .*(succeeded|failed|stopped)`), 60_000);
    return names;
  }

  let sharedNotification = /^$/;

  it('runs that finish together share one notification', async () => {
    const { window } = scene.stage;
    const [well, stopped, last] = await finishTogether([{ tasks }, { tasks, endsWith: 'stopped' }, { tasks }]);
    sharedNotification = new RegExp(
      `^Crew: 3 runs finished\\. 1 didn't succeed: ${stopped}\\. Succeeded: (${well} and ${last}|${last} and ${well})\\.$`,
    );
    const { severity, buttons } = await window.waitForNotification(sharedNotification);
    assert.deepEqual([severity, buttons], ['warning', ['Show Runs', 'Notify Only for Failures']]);
    assert.equal((await window.notifications()).length, 1);
  });

  it('Show Runs in the notification of several runs focuses the view', async () => {
    const { window } = scene.stage;
    await window.command('File: New Untitled Text File');
    await window.clickNotification(sharedNotification, 'Show Runs');
    await until('the view to have the focus', async () => (await window.focusedPart()) === 'side bar');
    await window.closeEditors();
    assert.deepEqual(await window.takeNotifications(), []);
  });

  it('a finished run whose report is visible or opens automatically causes no notification', async () => {
    const { window } = scene.stage;
    const openReport = async (name: string): Promise<void> => {
      await window.openRow(new RegExp(`^${name}`));
      await window.waitForPreview(/write_task/);
    };
    const [seen = ''] = await finishTogether([{ tasks }], openReport);
    await window.waitForPreview(new RegExp(`Succeeded[^]*${seen}`));
    await set({ openOutputWhenFinished: 'report' });
    const opened = await waitUntilFinished(await track());
    await until('the report', async () => (await window.tabs()).some(({ label }) => label.includes(`${opened}.report`)));
    await set({ openOutputWhenFinished: 'never' });
    const finished = await waitUntilFinished(await track());
    await expectOnlyNotification(new RegExp(`^Crew: ${finished} succeeded`));
  });

  for (const [how, press, undo] of [
    ['keyboard', 'pressNotification', 'clickNotification'],
    ['mouse', 'clickNotification', 'pressNotification'],
  ] as const)
    it(`Notify Only for Failures, selected by ${how}, ends notifications of succeeded runs until Undo`, async () => {
      const { window } = scene.stage;
      const first = await waitUntilFinished(await track());
      await window[press](new RegExp(`^Crew: ${first} succeeded`), 'Notify Only for Failures');
      await window.waitForNotification(/^You'll no longer get notifications for runs that succeed\./);
      const [, failed] = [await waitUntilFinished(await track()), await waitUntilFinished(await track(failing))];
      await window.waitForNotification(new RegExp(`^Crew: ${failed} failed`));
      assert.ok((await window.notifications()).every(({ text }) => !/succeeded/.test(text)));
      await window[undo](/^You'll no longer get/, 'Undo');
      await window.dismissNotifications();
      const last = await waitUntilFinished(await track());
      await expectOnlyNotification(new RegExp(`^Crew: ${last} succeeded`));
    });

  it('the output of a finished run opens without taking the focus if the setting openOutputWhenFinished is “output”', async () => {
    const { window } = scene.stage;
    await set({ notifications: 'none', openOutputWhenFinished: 'output' });
    const first = await track({ tasks: [{ ...task, seconds: 10 }] });
    await window.command('File: New Untitled Text File');
    await window.page.keyboard.type('one ');
    await until('the output', async () => (await window.tabs()).some(({ label }) => label.startsWith(first) && label.endsWith('.output')));
    await window.page.keyboard.type('two');
    await until('the typed text', async () => (await window.editorText()).includes('one two'));
  });

  it('the walkthrough shows all steps as completed if the user opens it only after the first runs', async () => {
    const { window } = scene.stage;
    await window.reload();
    await rowThatSays(window, /^c0ffee01/);
    await window.command('Welcome: Open Walkthrough...');
    await window.box.pickRow(/Get Started with Kickoffs/);
    await expectCompletedSteps(window, ['Start or track a run', 'Set the token', 'Watch the run', 'Read and compare outputs']);
  });
});
