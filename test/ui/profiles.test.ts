import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { liveCrew } from '#test/simulator/scripts';
import type { Workbench } from '../support/host/window.mjs';
import { useScene } from './scene';
import { rowThatSays, trackAt, trackInNewDeployment, until, versionAsked, viewTitle } from './stage';

const first = 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01';
const second = 'c0ffee02-5b1e-4f44-a3b9-f1fc22a90d02';

describe(`Two profiles, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useScene({ deployments: [liveCrew], startsWhenPolled: true });
  let other: Workbench;

  before(async () => {
    const { simulator, stage } = scene;
    for (const id of [first, second]) simulator.addRun({ id, script: { endsWith: 'never' } });
    await trackInNewDeployment(stage.window, { ...simulator.deployment(), id: first, label: 'Crew' });
    await rowThatSays(stage.window, /^c0ffee01 0\/3/);
    await applyToAllProfiles();
    await createProfile('Second');
    other = await stage.browser.newWindow();
    await other.open({ url: stage.server.url, profile: 'Second' });
    await until('the profile in the title', async () => (await other.page.title()).includes('Second'));
    await other.showView(viewTitle);
  });

  /** Writes the same metadata as "Apply Extension to all Profiles". */
  async function applyToAllProfiles(): Promise<void> {
    const file = path.join(scene.stage.folder, 'extensions/extensions.json');
    const installed = JSON.parse(await readFile(file, 'utf8')) as { metadata?: object }[];
    const all = installed.map((one) => ({ ...one, metadata: { ...one.metadata, isApplicationScoped: true } }));
    await writeFile(file, JSON.stringify(all));
  }

  async function createProfile(name: string): Promise<void> {
    const { window } = scene.stage;
    await window.command('Profiles: New Profile...');
    const editor = window.page.locator('.profiles-editor');
    await editor.getByRole('textbox').first().fill(name);
    await editor.getByText('Create', { exact: true }).click();
    const isThere = (wanted: string): boolean => (localStorage.getItem('userDataProfiles') ?? '').includes(wanted);
    await until('the profile', () => window.page.evaluate(isThere, name));
    await window.closeEditors();
  }

  it('share their runs and tokens', async () => {
    const { simulator, stage } = scene;
    await rowThatSays(other, /^c0ffee01 \d\/3/);
    await trackAt(other, `${simulator.deployment().url}/status/${second}`);
    for (const window of [other, stage.window]) await rowThatSays(window, /^c0ffee02 \d\/3/);
  });

  it('restore no run or deployment that was deleted in one profile while the other had no window', async () => {
    const { stage } = scene;
    await other.page.close();
    await stage.window.command('CrewAI: Delete All Data');
    await until('the question', () => stage.window.dialog());
    await stage.window.clickDialog('Delete All');
    await until('no rows', async () => (await stage.window.rows()).length === 0);

    other = await stage.browser.newWindow();
    await other.open({ url: stage.server.url, profile: 'Second' });
    await other.showView(viewTitle);
    await trackInNewDeployment(other, { ...scene.simulator.deployment(), id: second, label: 'New' });
    await rowThatSays(other, /^c0ffee02 \d\/3/);
    for (const window of [other, stage.window]) {
      await rowThatSays(window, /^c0ffee02 \d\/3/);
      assert.ok(!(await window.rows()).some(({ label }) => /c0ffee01|Crew/.test(label)));
      assert.deepEqual(await window.notifications(), []);
    }
  });
});
