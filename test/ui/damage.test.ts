import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { liveCrew } from '#test/simulator/scripts';
import { useScene } from './scene';
import { historyFolder, rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

describe(`A run history, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useScene({ deployments: [liveCrew], speed: 10, startsWhenPolled: true });
  let active = '';
  let finished = '';

  const folder = () => historyFolder(scene.stage);
  const file = () => path.join(folder(), 'kickoffs.db');

  /** Changes the history file while no extension host uses it, and waits until a new window shows and polls the runs. */
  async function whileClosed(act: () => void): Promise<void> {
    const { stage, simulator } = scene;
    for (const id of [active, finished]) await stage.window.waitUntilSaved(id);
    let before = 0;
    await stage.whileClosed(() => {
      act();
      before = simulator.requests.length;
    });
    for (const id of [active, finished]) await rowThatSays(stage.window, new RegExp(id.slice(0, 8)));
    await until('a poll of the active run', () => simulator.requests.slice(before).some((one) => one.path.includes(active)));
  }

  /** Waits for a notification about the history. Returns all notifications about it, and clears all notifications. */
  async function takeNotifications(): Promise<readonly string[]> {
    const { window } = scene.stage;
    await window.waitForNotification(/history/i);
    return (await window.takeNotifications()).filter((text) => /history/i.test(text));
  }

  before(async () => {
    const { simulator, stage } = scene;
    const { window } = stage;
    active = simulator.addRun({ script: { endsWith: 'never' } });
    finished = simulator.addRun();
    await trackInNewDeployment(window, { ...simulator.deployment(), id: finished, label: 'Crew' });
    await rowSpokenAs(window, new RegExp(`succeeded.*${finished.slice(0, 8)}`), 40_000);
    await trackAt(window, `${simulator.deployment().url}/status/${active}`);
    await rowThatSays(window, new RegExp(`^${active.slice(0, 8)}`));
  });

  let notified: readonly string[] = [];

  it('with zeros in the middle of its file loses no run', async () => {
    await whileClosed(() => {
      const { size } = statSync(file());
      const handle = openSync(file(), 'r+');
      writeSync(handle, Buffer.alloc(Math.floor(size / 2)), 0, Math.floor(size / 2), Math.floor(size / 4));
      closeSync(handle);
    });
    notified = await takeNotifications();
    await rowSpokenAs(scene.stage.window, new RegExp(`succeeded.*${finished.slice(0, 8)}`));
  });

  it('with zeros in the middle of its file is kept as a separate file that the only notification names', () => {
    const [text = '', ...more] = notified;
    assert.match(
      text,
      /couldn't read the run history and replaced the file\. The old file is now .*kickoffs\.damaged-.*\.db\. Runs restored: 2\./,
    );
    assert.deepEqual(more, []);
    const kept = readdirSync(folder()).filter((name) => /^kickoffs\.damaged-.*\.db$/.test(name));
    assert.ok(
      kept.some((name) => text.includes(name)),
      kept.join(),
    );
  });

  it('that was deleted while no window was open loses no run', async () => {
    await whileClosed(() => {
      for (const name of readdirSync(folder())) rmSync(path.join(folder(), name));
    });
    notified = await takeNotifications();
    await rowSpokenAs(scene.stage.window, new RegExp(`succeeded.*${finished.slice(0, 8)}`));
  });

  it('that was deleted while no window was open causes one notification with the number of restored runs', () => {
    assert.deepEqual(notified, [
      'The run history was missing or empty, so the extension restored the runs from a backup. Runs restored: 2.',
    ]);
  });
});
