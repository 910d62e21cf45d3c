import assert from 'node:assert/strict';
import { useCannedScene } from './scene';
import { fillLabel, rename, trackAt, trackInNewDeployment, until, versionAsked } from './stage';
import { doneRun, failedRun, progressOf } from './statusResponses';

const runs = { failed: 'failed-run', done: 'done-run', live: 'live-run' };

describe(`Reports and the tree view, ${versionAsked()}:`, function () {
  this.timeout(240_000);
  // The editor associations of the user don't affect reports.
  const settings = { 'workbench.editorAssociations': { '*.md': 'default' } };
  const scene = useCannedScene(() => ({ [runs.failed]: failedRun, [runs.done]: doneRun, [runs.live]: progressOf(2) }), { settings });

  before(async () => {
    const { canned, stage } = scene;
    await trackInNewDeployment(stage.window, { id: runs.failed, url: canned.url, token: 'tok-canned', label: 'Canned' });
    for (const id of [runs.done, runs.live]) await trackAt(stage.window, id);
    for (const id of Object.values(runs)) await until(id, async () => /failed|succeeded|running/.test((await rowOf(id))?.ariaLabel ?? ''));
    await stage.window.dismissNotifications();
  });

  beforeEach(() => scene.stage.window.closeEditors());

  async function rowOf(label: string) {
    return (await scene.stage.window.rows()).find((row) => row.label === label);
  }

  /** Returns the tabs in order. `>` marks the active tab, and `~` marks preview tabs. */
  async function tabs(): Promise<readonly string[]> {
    return (await scene.stage.window.tabs()).map(({ label, active, preview }) => `${active ? '>' : ''}${preview ? '~' : ''}${label}`);
  }

  async function expectTabs(...expected: readonly string[]): Promise<void> {
    await until(`the tabs ${expected.join(', ')}`, async () => {
      const found = await tabs();
      if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error(JSON.stringify(found));
      return true;
    });
  }

  /** Waits until the report is loaded. A report takes the focus only after it is loaded. */
  async function expectReport(id: string): Promise<void> {
    await until(`the report of ${id}`, async () => (await scene.stage.window.previewText()).startsWith(id));
  }

  async function expectFocusIn(part: 'side bar' | 'editor'): Promise<void> {
    await until(`the focus in the ${part}`, async () => {
      const found = await scene.stage.window.focusedPart();
      if (found !== part) throw new Error(found);
      return true;
    });
  }

  it('a click on a run opens its report in a preview tab and leaves the focus in the tree view', async () => {
    const { window } = scene.stage;
    await window.row(/^failed-run/).click();
    await expectReport(runs.failed);
    await expectTabs('>~failed-run.report.md');
    assert.equal(await window.focusedPart(), 'side bar');
    await window.row(/^done-run/).click();
    await expectReport(runs.done);
    await expectTabs('>~done-run.report.md');
    assert.equal(await window.focusedPart(), 'side bar');
  });

  it('a click on a task opens its output in a preview tab and leaves the focus in the tree view', async () => {
    const { window } = scene.stage;
    await window.expand(/^failed-run/);
    await window.row(/^done-run/).click();
    await expectReport(runs.done);
    await window.row(/^analysis_task/).click();
    await until('the output', async () => (await window.editorText()).includes('## Analysis'));
    await expectTabs('>~01-analysis_task.md.output');
    assert.equal(await window.focusedPart(), 'side bar');
    await window.collapse(/^failed-run/);
  });

  it('a double click on a run opens its report in a permanent tab and focuses the report', async () => {
    const { window } = scene.stage;
    await window.row(/^failed-run/).dblclick();
    await expectReport(runs.failed);
    await expectTabs('>failed-run.report.md');
    await expectFocusIn('editor');
    await window.row(/^done-run/).click();
    await expectTabs('failed-run.report.md', '>~done-run.report.md');
    await window.collapse(/^failed-run/);
  });

  it('Enter opens the report of the focused run in a permanent tab, and focuses the report', async () => {
    const { window } = scene.stage;
    await window.openRow(/^done-run/);
    await expectReport(runs.done);
    await expectTabs('>done-run.report.md');
    await expectFocusIn('editor');
  });

  it('each click on a run opens its report, even while VS Code redraws the rows', async () => {
    const { window } = scene.stage;
    const { canned } = scene;
    for (let index = 0; index < 24; index += 1) {
      canned.setStatus(runs.live, progressOf(1 + (index % 5)));
      const id = index % 2 === 0 ? runs.live : runs.failed;
      await window.row(new RegExp(`^${id}`)).click();
      await expectTabs(`>~${id}.report.md`);
    }
  });

  it('the arrow keys move the focus from the clicked row', async () => {
    const { window } = scene.stage;
    await window.row(/^failed-run/).click();
    await expectReport(runs.failed);
    await window.page.keyboard.press('ArrowUp');
    await until('the row above to have the focus', async () => (await rowOf(runs.done))?.focused);
    await window.page.keyboard.press('ArrowDown');
    await until('the row to have the focus again', async () => (await rowOf(runs.failed))?.focused);
  });

  it('F2 after a click renames the clicked run and its open report without moving the focus', async () => {
    const { window } = scene.stage;
    await window.row(/^failed-run/).click();
    await expectReport(runs.failed);
    await window.page.keyboard.press('F2');
    await fillLabel(window, 'Renamed');
    await expectReport('Renamed');
    await expectTabs('>~Renamed.report.md');
    assert.equal(await window.focusedPart(), 'side bar');
    await rename(window, /^Renamed/, '');
  });

  it('Ctrl+Z restores the removed deployment while the tree view is empty', async () => {
    const { window } = scene.stage;
    await window.row(/^Canned/).click();
    await window.page.keyboard.press('Delete');
    await until('the welcome text', async () => (await window.sideBarText()).includes('Track Kickoff'));
    await expectFocusIn('side bar');
    await window.page.keyboard.press('Control+Z');
    for (const id of Object.values(runs)) await until(id, () => rowOf(id));
  });

  it('reloading the window restores an open report as a preview instead of Markdown source', async () => {
    const { window } = scene.stage;
    // A new label, because VS Code may have saved the tab of the test before, which is a preview tab.
    await window.closeEditors();
    await rename(window, /^failed-run/, 'Restored');
    await window.row(/^Restored/).dblclick();
    await expectReport('Restored');
    await expectTabs('>Restored.report.md');
    await window.waitUntilSaved('Restored.report.md');
    await window.reload();
    await expectReport('Restored');
    await expectTabs('>Restored.report.md');
  });
});
