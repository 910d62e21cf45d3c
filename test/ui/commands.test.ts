import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator, type SimulatedDeployment, type Simulator } from '#test/simulator/server';
import { openStage, rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked, type Stage } from './stage';

const first = 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01';
const second = 'c0ffee02-5b1e-4f44-a3b9-f1fc22a90d02';
const inputs = { topic: 'AI agents', audience: 'engineers' };

describe(`Commands by keyboard, ${versionAsked()}`, function () {
  this.timeout(240_000);
  let stage: Stage;
  let simulator: Simulator;
  let here: SimulatedDeployment;
  let there: SimulatedDeployment;

  before(async () => {
    const other = { ...liveCrew, name: 'other', token: 'tok-demo-other' };
    simulator = await startSimulator({ deployments: [liveCrew, other], speed: 4, startsWhenPolled: true });
    [here, there] = [simulator.deployment(liveCrew.name), simulator.deployment('other')];
    for (const deployment of [liveCrew.name, 'other'])
      for (const [id, output] of [
        [first, { b: 1, a: 2 }],
        [second, { a: 3, b: 1 }],
      ] as const)
        simulator.addRun({ deployment, id, inputs, script: { output: JSON.stringify(output) } });
    stage = await openStage(versionAsked());
    await trackInNewDeployment(stage.window, { id: first, url: here.url, token: liveCrew.token, label: 'Crew' });
    await rowSpokenAs(stage.window, /^c0ffee01, (unread, )?succeeded/);
    await trackAt(stage.window, `${here.url}/${second}/status`);
    await rowSpokenAs(stage.window, /^c0ffee02, (unread, )?succeeded/);
    await stage.window.dismissNotifications();
  });
  after(async () => {
    await simulator.stop();
    await stage.close();
  });

  /** Changes the URL of the deployment, and keeps its label. */
  async function moveCrewTo(url: string): Promise<void> {
    const { window } = stage;
    await window.rowAction(/^Crew/, 'Edit Deployment');
    await window.box.shows(/URL/);
    await window.box.type(url);
    await window.box.enter();
    await window.box.shows(/label/);
    await window.box.enter();
  }

  async function waitUntilRemoved(row: RegExp): Promise<void> {
    await until('the row to be removed', async () => !(await stage.window.rows()).some(({ label }) => row.test(label)));
  }

  it('F2 renames a run and its documents', async () => {
    const { window } = stage;
    await window.focusRow(/c0ffee02/);
    await window.page.keyboard.press('F2');
    await window.box.shows(/label/);
    await window.box.type('Second try');
    await window.box.enter();
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
    await window.openRow(/Second try/);
    await until('the report with the new label', async () =>
      (await window.tabs()).some(({ label, active }) => active && label.includes('Second try.report.md')),
    );
    // Waits for the preview, because it takes the focus when it is ready.
    await until('the text of the report', async () => (await window.previewText()).startsWith('Second try'));
  });

  it('Compare with Previous Run opens a comparison of JSON outputs with sorted keys', async () => {
    const { window } = stage;
    await window.rowAction(/Second try/, 'Compare with Previous Run');
    await until('the comparison', async () =>
      (await window.tabs()).some(({ label, active }) => active && label.includes('c0ffee01 ↔ Second try')),
    );
    await until('JSON with sorted keys', async () => /"a": [23],/.test(await window.editorText()));
  });

  it('Save Output As saves an output byte for byte', async () => {
    const { window } = stage;
    const target = path.join(stage.folder, 'saved.json');
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
    const { window } = stage;
    await window.rowAction(/Second try/, 'Copy Output');
    await until('the output in the clipboard', async () => (await window.clipboard()) === JSON.stringify({ a: 3, b: 1 }));
  });

  it('Delete removes a run, and Undo in the notification restores it', async () => {
    const { window } = stage;
    await window.focusRow(/Second try/);
    await window.page.keyboard.press('Delete');
    await waitUntilRemoved(/^Second try$/);
    await window.clickNotification(/^Second try removed\.$/, 'Undo');
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
  });

  it('Undo in a notification restores the run that the notification names, even if another run was removed later', async () => {
    const { window } = stage;
    for (const row of [/Second try/, /c0ffee01/]) {
      await window.focusRow(row);
      await window.page.keyboard.press('Delete');
      await waitUntilRemoved(row);
    }
    await window.clickNotification(/^Second try removed\.$/, 'Undo');
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
    assert.ok(!(await window.rows()).some(({ label }) => label === 'c0ffee01'));
    await window.clickNotification(/^c0ffee01 removed\.$/, 'Undo');
    await rowSpokenAs(window, /^c0ffee01, (unread, )?succeeded/);
  });

  it('Delete removes the run with the focus, not the selected run, which stays selected', async () => {
    const { window } = stage;
    await window.openRow(/Second try/);
    // Waits for the report. An editor takes the focus when it is ready, even from a row.
    await until('the report', async () => (await window.previewText()).includes(second));
    await window.focusRow(/c0ffee01/);
    await window.page.keyboard.press('Delete');
    await window.clickNotification(/^c0ffee01 removed\.$/, 'Undo');
    await rowSpokenAs(window, /^c0ffee01, (unread, )?succeeded/);
    assert.ok((await rowThatSays(window, /^Second try/)).selected);
  });

  it('Delete removes all selected runs when one of them has the focus, and nothing when a task has the focus', async () => {
    const { window } = stage;
    await window.focusRow(/c0ffee01/);
    await window.page.keyboard.press('Control+Shift+Enter');
    await until('two selected runs', async () => (await window.rows()).filter(({ selected }) => selected).length === 2);
    await window.command('CrewAI: Compare Selected Runs');
    await until('the comparison', async () =>
      (await window.tabs()).some(({ label, active }) => active && label.includes('c0ffee01 ↔ Second try')),
    );
    await until('the text of the comparison', async () => (await window.editorText()) !== '');
    await window.focusRow(/Second try/);
    await window.page.keyboard.press('Delete');
    await window.clickNotification(/^Runs removed: 2\.$/, 'Undo');
    await rowSpokenAs(window, /^c0ffee01, (unread, )?succeeded/);

    await window.expand(/Second try/);
    await window.focusRow(/research_task/);
    await window.page.keyboard.press('Delete');
    await window.page.keyboard.press('F2');
    assert.match(await window.box.shows(/label/), /label/);
    await window.box.escape();
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
    await window.collapse(/Second try/);
  });

  it('Remove Deployment removes a deployment with its runs, and Undo Remove restores the deployment and its runs after a reload', async () => {
    const { window } = stage;
    await window.rowAction(/^Crew/, 'Remove Deployment');
    await until('an empty list', async () => (await window.rows()).length === 0);
    await window.reload();
    await window.command('CrewAI: Undo Remove');
    await window.expand(/^Crew/);
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
  });

  it('a deployment whose URL changes to another origin receives no request before the user sets a new token', async () => {
    const { window } = stage;
    await window.dismissNotifications();
    await moveCrewTo(there.url);
    await window.box.shows(/token/);
    const sent = simulator.requests.filter(({ deployment }) => deployment === 'other');
    assert.deepEqual(sent, []);
    await window.box.type('tok-demo-other');
    await window.box.enter();
    await window.box.closed();
    await until('a request to the new URL', () => simulator.requests.some(({ deployment }) => deployment === 'other'));
    const tokens = simulator.requests.filter(({ deployment }) => deployment === 'other').map(({ authorization }) => authorization);
    assert.deepEqual([...new Set(tokens)], ['Bearer tok-demo-other']);
    await rowSpokenAs(window, /^Second try, (unread, )?succeeded/);
  });

  it('Edit Deployment rejects the URL of a removed deployment with a reason', async () => {
    const { window } = stage;
    await window.command('CrewAI: Add Deployment');
    await window.box.shows(/URL/);
    await window.box.type(here.url);
    await window.box.enter();
    await window.box.shows(/label/);
    await window.box.type('Third');
    await window.box.enter();
    await window.box.shows(/token/);
    await window.box.escape();
    await window.rowAction(/^Third/, 'Remove Deployment');
    await waitUntilRemoved(/^Third$/);
    await moveCrewTo(here.url);
    await window.waitForNotification(/run Add Deployment with this URL to restore it\.$/);
    await window.dismissNotifications();
  });

  it('Delete All Data asks for confirmation, removes all rows, closes reports, and leaves no ID in the history files', async () => {
    const { window } = stage;
    const folder = path.join(stage.folder, 'data/data/User/globalStorage/kickoffs.crewai-kickoffs');
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
    await until('the question', async () => (await window.dialog())?.text.includes('Delete all runs, deployments, outputs, and tokens?'));
    await window.clickDialog('Delete All');
    await until('an empty list', async () => (await window.rows()).length === 0);
    await until('no ID in any file', async () => (await filesWithIds()).length === 0);
    assert.ok(!(await isReportOpen()), 'the report is closed');
  });
});
