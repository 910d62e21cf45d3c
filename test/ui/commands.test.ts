import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { liveCrew } from '#test/simulator/scripts';
import type { SimulatedDeployment } from '#test/simulator/server';
import { useScene } from './scene';
import { changeUrl, fillLabel, historyFolder, rowSpokenAs, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

const first = 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01';
const second = 'c0ffee02-5b1e-4f44-a3b9-f1fc22a90d02';
const inputs = { topic: 'AI agents', audience: 'engineers' };

describe(`Commands and keys, ${versionAsked()}:`, function () {
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

  it('F2 opens an empty box for the label of a run without a label', async () => {
    const { window } = scene.stage;
    await window.pressInRow(/c0ffee02/, 'F2');
    assert.equal((await window.box.box()).value, '', 'Enter would make the suggested text the label');
    await window.box.escape();
    await window.box.closed();
  });

  it('F2 renames a run and its report', async () => {
    const { window } = scene.stage;
    await window.pressInRow(/c0ffee02/, 'F2');
    await fillLabel(window, 'Second try');
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
    await window.openRow(/Second try/);
    await window.waitForTab(/Second try\.report\.md/);
    // Waits for the preview, because it takes the focus when it is ready.
    await window.waitForPreview(/^Second try/);
  });

  it('Ctrl+K Ctrl+I shows the tooltip of the focused row', async () => {
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

  it('Compare Selected Runs compares the two selected runs', async () => {
    const { window } = scene.stage;
    await window.row(/Second try/).click();
    await window.pressInRow(/c0ffee01/, 'Control+Shift+Enter');
    await until('two selected runs', async () => (await window.rows()).filter(({ selected }) => selected).length === 2);
    await window.command('CrewAI: Compare Selected Runs');
    await window.waitForTab(/c0ffee01 ↔ Second try/);
    await until('the text of the comparison', async () => (await window.editorText()) !== '');
  });

  it('Delete removes both selected runs, and Undo restores them', async () => {
    const { window } = scene.stage;
    await window.pressInRow(/Second try/, 'Delete');
    await window.clickNotification(/^Runs removed: 2\.$/, 'Undo');
    for (const label of ['c0ffee01', 'Second try']) await rowSpokenAs(window, new RegExp(`^${label}, (unread, )?succeeded`));
  });

  it("while a task has the focus, Delete removes nothing, and F2 opens the label box of the task's run", async () => {
    const { window } = scene.stage;
    await window.expand(/Second try/);
    await window.pressInRow(/research_task/, 'Delete');
    await window.page.keyboard.press('F2');
    assert.match(await window.box.cancel(/label/), /Second try/);
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
    await window.collapse(/Second try/);
  });

  it('Undo Remove restores a removed deployment with its runs even after a reload', async () => {
    const { window } = scene.stage;
    await window.rowAction(/^Crew/, 'Remove Deployment');
    await until('an empty list', async () => (await window.rows()).length === 0);
    await window.reload();
    await window.command('CrewAI: Undo Remove');
    await window.expand(/^Crew/);
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
  });

  it('a deployment whose origin changes receives only requests with the token that the user sets afterward', async () => {
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

  it('Delete All Data leaves no run in the view, in a tab, or in the files of the run history', async () => {
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
    await window.openRow(/Second try/);
    await window.waitForTab(/Second try\.report\.md/);
    await window.command('CrewAI: Delete All Data');
    await until('the question', async () => (await window.dialog())?.includes('Delete all runs, deployments, outputs, and tokens?'));
    await window.clickDialog('Delete All');
    await until('an empty list', async () => (await window.rows()).length === 0);
    await until('no ID in any file', async () => (await filesWithIds()).length === 0);
    await until('the report to close', async () => !(await isReportOpen()));
  });
});
