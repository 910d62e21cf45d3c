import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { liveCrew } from '#test/simulator/scripts';
import type { SimulatedDeployment } from '#test/simulator/server';
import { useScene } from './scene';
import {
  changeUrl,
  fillLabel,
  historyFolder,
  rowSpokenAs,
  rowThatSays,
  trackAt,
  trackInNewDeployment,
  until,
  versionAsked,
  waitUntilRemoved,
} from './stage';

const first = 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01';
const second = 'c0ffee02-5b1e-4f44-a3b9-f1fc22a90d02';
const inputs = { topic: 'AI agents', audience: 'engineers' };

describe(`Commands by keyboard, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const other = { ...liveCrew, name: 'other', token: 'tok-demo-other' };
  const scene = useScene({ deployments: [liveCrew, other], speed: 4, startsWhenPolled: true });
  let here: SimulatedDeployment;
  let there: SimulatedDeployment;

  before(async () => {
    const { window } = scene.stage;
    [here, there] = [scene.simulator.deployment(liveCrew.name), scene.simulator.deployment(other.name)];
    for (const deployment of [here, there]) {
      deployment.addRun({ id: first, inputs, script: { output: JSON.stringify({ b: 1, a: 2 }) } });
      deployment.addRun({ id: second, inputs, script: { output: JSON.stringify({ a: 3, b: 1 }) } });
    }
    await trackInNewDeployment(window, { ...here, id: first, label: 'Crew' });
    await rowSpokenAs(window, /^c0ffee01, (unread, )?succeeded/);
    await trackAt(window, `${here.url}/${second}/status`);
    await rowSpokenAs(window, /^c0ffee02, (unread, )?succeeded/);
    await window.dismissNotifications();
  });

  it('F2 renames a run and its documents', async () => {
    const { window } = scene.stage;
    await window.pressInRow(/c0ffee02/, 'F2');
    assert.equal((await window.box.box()).value, '', 'Enter would make the suggested text the label');
    await window.box.escape();
    await window.box.closed();
    await window.page.keyboard.press('F2');
    await fillLabel(window, 'Second try');
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
    await window.openRow(/Second try/);
    await window.waitForTab(/Second try\.report\.md/);
    // Waits for the preview, because it takes the focus when it is ready.
    await window.waitForPreview(/^Second try/);
  });

  it('Ctrl+K Ctrl+I shows the tooltip of the row with the focus', async () => {
    const { window } = scene.stage;
    const tooltip = window.page.locator('.monaco-hover:visible').last();
    await until('the tooltip', async () => {
      if (!(await tooltip.isVisible())) {
        // Focuses the row again, because an editor that closes late takes the focus.
        await window.focusRow(/Second try/);
        for (const key of ['Control+k', 'Control+i']) await window.page.keyboard.press(key);
      }
      return /succeeded/i.test(await tooltip.innerText({ timeout: 2_000 }));
    });
    await window.hideTooltip();
  });

  it('Compare with Previous Run opens a comparison of JSON outputs with sorted keys', async () => {
    const { window } = scene.stage;
    await window.rowAction(/Second try/, 'Compare with Previous Run');
    await window.waitForTab(/c0ffee01 ↔ Second try/);
    await until('JSON with sorted keys', async () => /"a": [23],/.test(await window.editorText()));
  });

  it('Save Output As saves an output byte for byte', async () => {
    const { window } = scene.stage;
    const target = path.join(scene.stage.folder, 'saved.json');
    await window.rowAction(/Second try/, 'Save Output As…');
    await window.box.shows(/Second try.output.json/);
    await window.box.type(target);
    await until('the file', async () => {
      // The dialog accepts Enter only after it has looked up the path.
      if (await window.box.isOpen()) await window.box.enter();
      return (await readFile(target, 'utf8')) === JSON.stringify({ a: 3, b: 1 });
    });
  });

  it('Copy Output copies an output as AMP sent it', async () => {
    const { window } = scene.stage;
    await window.rowAction(/Second try/, 'Copy Output');
    await until('the output in the clipboard', async () => (await window.clipboard()) === JSON.stringify({ a: 3, b: 1 }));
  });

  it('Copy Kickoff ID copies the ID of a run, and the status bar confirms one ID in the singular', async () => {
    const { window } = scene.stage;
    await window.rowAction(/Second try/, 'Copy Kickoff ID');
    await until('the status bar', () => window.statusItem(/^Kickoff ID copied\.$/));
    assert.equal(await window.clipboard(), second);
  });

  it('Undo in a notification restores the run that the notification names, even if another run was removed later', async () => {
    const { window } = scene.stage;
    for (const label of ['Second try', 'c0ffee01']) {
      await window.pressInRow(new RegExp(label), 'Delete');
      await waitUntilRemoved(window, label);
    }
    await window.clickNotification(/^Second try removed\.$/, 'Undo');
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
    assert.ok(!(await window.rows()).some(({ label }) => label === 'c0ffee01'));
    await window.clickNotification(/^c0ffee01 removed\.$/, 'Undo');
    await rowSpokenAs(window, /^c0ffee01, (unread, )?succeeded/);
  });

  it('Undo in the notification of a removed deployment restores this deployment, even if a run was removed later', async () => {
    const { window } = scene.stage;
    await window.command('CrewAI: Add Deployment');
    await window.box.fill(/URL/, 'https://extra-1a2b3c4d.example.com');
    await window.box.fill(/label/, 'Extra');
    await window.box.cancel(/token/);
    await rowThatSays(window, /^Extra token needed$/);
    await window.rowAction(/^Extra/, 'Remove Deployment');
    await waitUntilRemoved(window, 'Extra');
    await window.rowAction(/^Second try/, 'Remove Run');
    await waitUntilRemoved(window, 'Second try');
    await window.clickNotification(/^Deployment Extra removed\.$/, 'Undo');
    await rowThatSays(window, /^Extra token needed$/);
    assert.ok(!(await window.rows()).some(({ label }) => label === 'Second try'));
    await window.clickNotification(/^Second try removed\.$/, 'Undo');
    await rowThatSays(window, /^Second try/);
    await window.rowAction(/^Extra/, 'Remove Deployment');
    await waitUntilRemoved(window, 'Extra');
    await window.dismissNotifications();
  });

  it('Delete removes the run with the focus, not the selected run, which stays selected', async () => {
    const { window } = scene.stage;
    await window.openRow(/Second try/);
    // Waits for the report. An editor takes the focus when it is ready, even from a row.
    await until('the report', async () => (await window.previewText()).includes(second));
    await window.pressInRow(/c0ffee01/, 'Delete');
    await waitUntilRemoved(window, 'c0ffee01');
    assert.ok((await rowThatSays(window, /^Second try/)).selected);
    await window.clickNotification(/^c0ffee01 removed\.$/, 'Undo');
    await rowSpokenAs(window, /^c0ffee01, (unread, )?succeeded/);
  });

  it('Delete removes all selected runs when one of them has the focus, and nothing when a task has the focus', async () => {
    const { window } = scene.stage;
    await window.row(/Second try/).click();
    await window.pressInRow(/c0ffee01/, 'Control+Shift+Enter');
    await until('two selected runs', async () => (await window.rows()).filter(({ selected }) => selected).length === 2);
    await window.command('CrewAI: Compare Selected Runs');
    await window.waitForTab(/c0ffee01 ↔ Second try/);
    await until('the text of the comparison', async () => (await window.editorText()) !== '');
    await window.pressInRow(/Second try/, 'Delete');
    await window.clickNotification(/^Runs removed: 2\.$/, 'Undo');
    await rowSpokenAs(window, /^c0ffee01, (unread, )?succeeded/);

    await window.expand(/Second try/);
    await window.pressInRow(/research_task/, 'Delete');
    await window.page.keyboard.press('F2');
    assert.match(await window.box.cancel(/label/), /label/);
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
    await window.collapse(/Second try/);
  });

  it('Remove Deployment removes a deployment with its runs, and Undo Remove restores the deployment and its runs after a reload', async () => {
    const { window } = scene.stage;
    await window.rowAction(/^Crew/, 'Remove Deployment');
    await until('an empty list', async () => (await window.rows()).length === 0);
    await window.reload();
    await window.command('CrewAI: Undo Remove');
    await window.expand(/^Crew/);
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
  });

  it('a deployment whose URL changes to another origin receives no request before the user sets a new token', async () => {
    const { window } = scene.stage;
    await window.dismissNotifications();
    await changeUrl(window, /^Crew/, there.url);
    await window.box.shows(/token/);
    const sent = scene.simulator.requests.filter(({ deployment }) => deployment === 'other');
    assert.deepEqual(sent, []);
    await window.box.enter('tok-demo-other');
    await window.box.closed();
    await until('a request to the new URL', () => scene.simulator.requests.some(({ deployment }) => deployment === 'other'));
    const tokens = scene.simulator.requests.filter(({ deployment }) => deployment === 'other').map(({ authorization }) => authorization);
    assert.deepEqual([...new Set(tokens)], ['Bearer tok-demo-other']);
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
  });

  it('Edit Deployment rejects the URL of a removed deployment with a reason', async () => {
    const { window } = scene.stage;
    await window.command('CrewAI: Add Deployment');
    await window.box.fill(/URL/, here.url);
    await window.box.fill(/label/, 'Third');
    await window.box.cancel(/token/);
    await window.rowAction(/^Third/, 'Remove Deployment');
    await waitUntilRemoved(window, 'Third');
    await changeUrl(window, /^Crew/, here.url);
    await window.takeNotification(/run Add Deployment with this URL to restore it\.$/);
  });

  it('Delete All Data asks for confirmation, removes all rows, closes reports, and leaves no ID in the history files', async () => {
    const { window } = scene.stage;
    const folder = historyFolder(scene.stage);
    const filesWithIds = async (): Promise<readonly string[]> => {
      const files = await Promise.all(
        (await readdir(folder)).map(async (name) => [name, await readFile(path.join(folder, name)).catch(() => Buffer.of())] as const),
      );
      return files.filter(([, bytes]) => [first, second].some((id) => bytes.includes(id))).map(([name]) => name);
    };
    const isReportOpen = async (): Promise<boolean> => (await window.tabs()).some(({ label }) => /\.report\.md/.test(label));
    // The first backup is made a minute after the start.
    await until('the backup', async () => (await filesWithIds()).includes('kickoffs.backup.db'), 90_000);
    assert.ok(await isReportOpen());
    await window.command('CrewAI: Delete All Data');
    await until('the question', async () => (await window.dialog())?.includes('Delete all runs, deployments, outputs, and tokens?'));
    await window.clickDialog('Delete All');
    await until('an empty list', async () => (await window.rows()).length === 0);
    await until('no ID in any file', async () => (await filesWithIds()).length === 0);
    await until('the report to close', async () => !(await isReportOpen()));
  });
});
