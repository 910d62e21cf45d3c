import assert from 'node:assert/strict';
import { coveredIn, markElement, positionOf, scrollTo, unfold } from '../support/host/rendered.mjs';
import { checkReport } from './axe';
import { useCannedScene } from './scene';
import { rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';
import { chineseRun, crewOutputRun, doneRun, failedRun, hostileRun, progressOf } from './statusResponses';

/** The class of a preview's body by the title of the theme. */
const themes = {
  'Dark Modern': 'vscode-dark',
  'Light Modern': 'vscode-light',
  'Dark High Contrast': 'vscode-high-contrast',
  'Light High Contrast': 'vscode-high-contrast-light',
};
const runs = { hostile: 'hostile-run', chinese: 'chinese-run', failed: 'failed-run' };

describe(`The report, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useCannedScene((sink) => ({ [runs.hostile]: hostileRun(sink), [runs.chinese]: chineseRun, [runs.failed]: failedRun }));

  before(async () => {
    const { canned, stage } = scene;
    await trackInNewDeployment(stage.window, { id: runs.hostile, url: canned.url, token: 'tok-canned', label: 'Canned' });
    for (const id of [runs.chinese, runs.failed]) await trackAt(stage.window, id);
    for (const id of Object.values(runs)) await rowSpokenAs(stage.window, new RegExp(`(succeeded|failed).*${id}`));
  });

  for (const [title, bodyClass] of Object.entries(themes))
    it(`has no serious accessibility problem, such as low contrast, in the theme ${title}`, async () => {
      const { window } = scene.stage;
      await window.command('Preferences: Color Theme');
      await window.box.pickRow(new RegExp(title));
      // The colors don't depend on the text, and the longest report takes most of the time.
      for (const id of bodyClass === 'vscode-dark' ? Object.values(runs) : [runs.chinese, runs.failed]) {
        await window.openRow(new RegExp(id));
        const body = window.preview().locator(`body.${bodyClass}`);
        await window.waitForPreview(new RegExp(id));
        await body.waitFor();
        await unfold(body.locator('details').first());
        await checkReport(window);
      }
    });

  it('renders tables, code, JSON, and Chinese text', async () => {
    const { window } = scene.stage;
    await window.openRow(/chinese-run/);
    await window.waitForPreview(/chinese-run/);
    const body = window.preview().locator('body');
    assert.deepEqual(await body.locator('h3:visible').allInnerTexts(), ['为期 7 天的日本科技文化之旅']);
    assert.deepEqual(await body.locator('table').first().locator('th').allInnerTexts(), ['天数', '地点', '亮点']);
    assert.match((await body.locator('pre code.language-python').innerText()).trim(), /^print\("你好，世界"\)/);
    assert.match(
      (await body.locator('details pre code').textContent()) ?? '',
      /^\{\n {2}"天数": 7,[\s\S]*"预算": 12345678901234567890\n\}/,
    );
  });

  it("isn't covered by a formula in an output", async () => {
    const { window } = scene.stage;
    const bars = ['[2em]{30em}{40em}', '[-44em]{30em}{40em}'].map((bar) => `$\\smash{\\rule${bar}}x^2$`).join('\n\n');
    const tasks = [{ name: 'Write', raw: `# Task\n\n${bars}` }];
    scene.canned.setStatus('bars-run', { ...crewOutputRun, result: { raw: `# Output\n\n${bars}`, tasks_output: tasks } });
    await trackAt(window, 'bars-run');
    await rowSpokenAs(window, /succeeded.*bars-run/);
    await window.openRow(/bars-run/);
    await window.waitForPreview(/bars-run/);
    const body = window.preview().locator('body');
    await until('the formulas', async () => (await body.locator('.katex .rule').count()) >= 2);
    await unfold(body.locator('details').first());
    assert.deepEqual(await coveredIn(body), []);
  });

  it('keeps its scroll position and an expanded task when the run makes progress or finishes', async () => {
    const { window } = scene.stage;
    scene.canned.setStatus('live-run', progressOf(1));
    await trackAt(scene.stage.window, 'live-run');
    await rowThatSays(window, /^live-run 1\/6/);
    scene.canned.setStatus('live-run', progressOf(2));
    await rowThatSays(window, /^live-run 2\/6/);
    await window.openRow(/live-run/);
    await window.waitForPreview(/2\. task_2/);
    const tasks = window.preview().locator('details');
    const second = tasks.nth(1);
    await unfold(second);
    await markElement(second);
    await scrollTo(second.locator('p').nth(9));
    const before = await positionOf(second);
    assert.ok(before.top < 0, 'the report is scrolled');
    const expectSamePosition = async (): Promise<void> => {
      const { top, ...state } = await positionOf(second);
      assert.deepEqual(state, { isOpen: before.isOpen, isMarked: before.isMarked });
      assert.ok(Math.abs(top - before.top) < 6, `${before.top} became ${top}`);
    };
    for (const completed of [3, 4, 5]) {
      scene.canned.setStatus('live-run', progressOf(completed));
      await until('the next task', async () => (await tasks.count()) === completed);
      await expectSamePosition();
    }
    scene.canned.setStatus('live-run', doneRun);
    await until('the report of the finished run', async () => (await window.preview().locator('h2').allInnerTexts()).includes('Output'));
    await expectSamePosition();
  });

  it('shows an output in JSON as indented code', async () => {
    const { window } = scene.stage;
    const output = window.preview().locator('h2:has-text("Output") + pre code');
    assert.match((await output.textContent()) ?? '', /^\{\n {2}"verdict": "good",/);
  });
});
