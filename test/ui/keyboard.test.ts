import assert from 'node:assert/strict';
import { useCannedScene } from './scene';
import { rowThatSays, trackAt, trackInNewDeployment, until, versionAsked, waitUntilRemoved } from './stage';
import { progressOf } from './statusResponses';

const runs = ['run-1', 'run-2', 'run-3', 'run-4'];
const late = 'run-5';
const live = 'live-run';
const titled = 'named-by-title';

describe(`Keys and highlighted rows, ${versionAsked()}:`, function () {
  this.timeout(240_000);
  const scene = useCannedScene(() => ({
    ...Object.fromEntries([...runs, late].map((id) => [id, { state: 'SUCCESS', status: null, result: `# ${id}` }])),
    [titled]: { state: 'SUCCESS', status: null, result: '# Quarterly digest' },
    [live]: progressOf(2),
  }));

  before(async () => {
    const { canned, stage } = scene;
    await trackInNewDeployment(stage.window, { id: runs[0]!, url: canned.url, token: 'tok-canned', label: 'Canned' });
    for (const id of [...runs.slice(1), live]) await trackAt(stage.window, id);
    for (const id of [...runs, live]) await until(id, async () => /failed|succeeded|running/.test((await rowOf(id))?.ariaLabel ?? ''));
  });

  beforeEach(async () => {
    const { window } = scene.stage;
    await window.dismissNotifications();
    await window.closeEditors();
    await window.focusRow(/^Canned/);
  });

  async function rowOf(label: string) {
    return (await scene.stage.window.rows()).find((row) => row.label === label);
  }

  /** Waits until one row is both focused and selected, no other row is either, and the side bar has the keyboard. */
  async function expectHighlighted(label: string): Promise<void> {
    await until(`only ${label} to be highlighted`, async () => {
      const rows = (await scene.stage.window.rows()).filter(({ focused, selected }) => focused || selected);
      const found = rows.map((row) => `${row.label}${row.focused ? ' focused' : ''}${row.selected ? ' selected' : ''}`).join(', ');
      if (found !== `${label} focused selected`) throw new Error(found);
      return (await scene.stage.window.focusedPart()) === 'side bar';
    });
  }

  async function select(first: string, second: string, how: 'mouse' | 'keyboard' = 'mouse'): Promise<void> {
    const { window } = scene.stage;
    const rows = [first, second].map((label) => new RegExp(`^${label}`)) as [RegExp, RegExp];
    if (how === 'mouse') {
      await window.row(rows[0]).click();
      await window.row(rows[1]).click({ modifiers: ['ControlOrMeta'] });
    } else {
      await window.page.keyboard.press('Escape');
      for (const row of rows) await window.pressInRow(row, 'Control+Shift+Enter');
    }
    await until('both rows to be selected', async () => (await selected()).length === 2);
  }

  async function selected(): Promise<readonly string[]> {
    return (await scene.stage.window.rows()).filter((row) => row.selected).map(({ label }) => label);
  }

  it('Delete after Track Kickoff removes the new run instead of the previously selected row', async () => {
    const { window } = scene.stage;
    await window.row(/^Canned/).click();
    await trackAt(window, late);
    await expectHighlighted(late);
    await window.page.keyboard.press('Delete');
    await waitUntilRemoved(window, late);
    await window.takeNotification(/^run-5 removed\.$/);
    assert.ok(await rowOf('Canned'));
  });

  it('F2 after Track Kickoff with the kickoff ID of a tracked run opens the label box of that run', async () => {
    const { window } = scene.stage;
    await window.row(/^run-3/).click();
    await window.clickInSideBar('Track Kickoff');
    await window.box.fill(/kickoff ID/, 'run-2');
    await window.box.closed();
    await expectHighlighted('run-2');
    await window.page.keyboard.press('F2');
    assert.match(await window.box.cancel(/label/), /run-2/);
  });

  it('Delete after Track Kickoff removes the new run even if an editor had the focus', async () => {
    const { window } = scene.stage;
    await window.row(/^run-1/).dblclick();
    await until('the focus in the report', async () => (await window.focusedPart()) === 'editor');
    await trackAt(window, late);
    await expectHighlighted(late);
    await window.page.keyboard.press('Delete');
    await waitUntilRemoved(window, late);
    await window.takeNotification(/^run-5 removed\.$/);
  });

  it('the removal of a run highlights a neighboring row', async () => {
    const { window } = scene.stage;
    await window.row(/^run-2/).click();
    await window.rightClick(/^run-2/, 'Remove Run');
    await waitUntilRemoved(window, 'run-2');
    await expectHighlighted('run-1');
    await window.rightClick(/^run-1/, 'Remove Run');
    await waitUntilRemoved(window, 'run-1');
    await expectHighlighted('run-3');
    await window.page.keyboard.press('Delete');
    await waitUntilRemoved(window, 'run-3');
    await expectHighlighted('run-4');
  });

  it('each Ctrl+Z restores the run that was removed last and highlights its row', async () => {
    const { window } = scene.stage;
    for (const label of ['run-3', 'run-1', 'run-2']) {
      await window.page.keyboard.press('Control+Z');
      await expectHighlighted(label);
    }
  });

  it('Undo in the notification of a removal highlights the restored row', async () => {
    const { window } = scene.stage;
    // A click would open the report, which could take the focus after Undo.
    await window.pressInRow(/^run-3/, 'Delete');
    await window.clickNotification(/^run-3 removed\.$/, 'Undo');
    await expectHighlighted('run-3');
    await window.rightClick(/^Canned/, 'Remove Deployment');
    await waitUntilRemoved(window, 'Canned');
    await window.clickNotification(/Canned/, 'Undo');
    await expectHighlighted('Canned');
  });

  for (const [what, progressing, first, second, how] of [
    ['two finished runs', 'another run', 'run-1', 'run-3', 'mouse'],
    ['an active and a finished run', 'the active run', live, 'run-2', 'mouse'],
    ['an active and a finished run', 'the active run', live, 'run-2', 'keyboard'],
  ] as const)
    it(`${what}, selected by ${how}, stay selected while ${progressing} makes progress`, async () => {
      const { window } = scene.stage;
      const { canned } = scene;
      await window.collapse(/^live-run/);
      await select(first, second, how);
      for (const completed of [1, 3]) {
        canned.setStatus(live, progressOf(completed));
        await rowThatSays(window, new RegExp(`^live-run ${completed}/6`));
        await window.page.waitForTimeout(1_000);
        assert.deepEqual((await selected()).toSorted(), [first, second].toSorted());
      }
    });

  it('two selected runs can be removed with Delete after the upper, expanded one makes progress', async () => {
    const { window } = scene.stage;
    const { canned } = scene;
    await window.expand(/^live-run/);
    await select(live, 'run-2');
    canned.setStatus(live, progressOf(4));
    await rowThatSays(window, /^live-run 4\/6/);
    await until('both rows to be highlighted again', async () => {
      await window.page.waitForTimeout(1_000);
      return (await selected()).length === 2;
    });
    await window.page.keyboard.press('Delete');
    await window.takeNotification(/^Runs removed: 2\.$/);
  });

  it('F2 opens the label box of the focused run, selected or not, without changing the selection', async () => {
    const { window } = scene.stage;
    await select('run-3', 'run-1');
    for (const focused of ['run-1', 'run-4']) {
      await window.pressInRow(new RegExp(`^${focused}`), 'F2');
      assert.match(await window.box.cancel(/label/), new RegExp(focused));
      await window.box.closed();
      assert.deepEqual((await selected()).toSorted(), ['run-1', 'run-3']);
    }
  });

  it('typing in the tree view moves the focus to the run whose output has the typed title', async () => {
    const { window } = scene.stage;
    await trackAt(window, titled);
    await rowThatSays(window, /^Quarterly digest/);
    await window.focusRow(/^Canned/);
    await window.page.keyboard.type('quarterly');
    await until('the row with that title to have the focus', async () => (await rowOf('Quarterly digest'))?.focused);
  });

  it('Find hides the runs whose output has another title, and a click on a found run opens its report', async () => {
    const { window } = scene.stage;
    await window.focusRow(/^Canned/);
    await window.page.keyboard.press('Control+Alt+F');
    const find = window.page.locator('.part.sidebar .monaco-tree-type-filter');
    await find.locator('input').first().fill('digest');
    await find.locator('.codicon-list-filter').click();
    await until('the other rows to be hidden', async () => (await rowOf('run-1')) === undefined);
    assert.ok(await rowOf('Quarterly digest'));
    await window.row(/^Quarterly digest/).click();
    await window.waitForPreview(/Quarterly digest/);
    await find.locator('.codicon-close, .codicon-widget-close').click();
    await rowThatSays(window, /^run-1/);
  });

  it('Compare Selected Runs in the menu of a third row compares the two selected runs', async () => {
    const { window } = scene.stage;
    await select('run-1', 'run-3');
    await window.rightClick(/^run-4/, 'Compare Selected Runs');
    await window.waitForTab(/run-1 ↔ run-3/);
  });
});
