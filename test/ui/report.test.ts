import assert from 'node:assert/strict';
import path from 'node:path';
import { leastContrast, mark, placeOf, scrollTo, unfold } from '../support/host/rendered.mjs';
import { useToldScene } from './scene';
import { rowThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';
import { chineseRun, doneRun, failedRun, hostileRun, progressOf } from './toldRuns';

const gallery = path.resolve('dist/gallery');
const themes = { dark: 'Default Dark Modern', light: 'Default Light Modern', contrast: 'Default High Contrast' };
const runs = { hostile: 'hostile-run', chinese: 'chinese-run', failed: 'failed-run' };

describe(`The report, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useToldScene((sink) => ({ [runs.hostile]: hostileRun(sink), [runs.chinese]: chineseRun, [runs.failed]: failedRun }));

  before(async () => {
    const { canned, stage } = scene;
    await trackInNewDeployment(stage.window, { id: runs.hostile, url: canned.url, token: 'tok-canned', label: 'Canned' });
    for (const id of [runs.chinese, runs.failed]) await trackAt(stage.window, id, /Canned/);
    for (const id of Object.values(runs)) await rowThatSays(stage.window, new RegExp(`^${id} (succeeded|failed|new)`));
  });

  for (const [theme, title] of Object.entries(themes))
    it(`has no text with too little contrast in ${title}`, async () => {
      const { window } = scene.stage;
      await window.command('Preferences: Color Theme');
      await window.box.pickRow(new RegExp(title.replace('Default ', '').replace('Dark High', 'High')));
      for (const [which, id] of Object.entries(runs)) {
        await window.openRow(new RegExp(`^${id}`));
        const body = window.preview().locator('body');
        await until('the top of the report', async () => {
          if (!(await window.previewText()).includes(id)) return false;
          await scrollTo(body.locator('h1').first());
          return true;
        });
        await window.screenshot(path.join(gallery, `report-${theme}-${which}.png`));
        await unfold(body.locator('details').first());
        await scrollTo(body.locator('h2', { hasText: 'Tasks' }));
        await window.screenshot(path.join(gallery, `report-${theme}-${which}-tasks.png`));
        const { contrast, text, texts } = await leastContrast(body);
        assert.ok(texts > 5 && contrast >= 4.5, `${contrast.toFixed(1)} in "${text}", one of ${texts} texts`);
      }
    });

  it('shows a table, code, JSON and Chinese as they were meant', async () => {
    const { window } = scene.stage;
    await window.openRow(/^chinese-run/);
    await until('the report', async () => (await window.previewText()).includes('chinese-run'));
    const body = window.preview().locator('body');
    assert.deepEqual(await body.locator('h3:visible').allInnerTexts(), ['为期 7 天的日本科技文化之旅']);
    assert.deepEqual(await body.locator('table').first().locator('th').allInnerTexts(), ['天数', '地点', '亮点']);
    assert.match((await body.locator('pre code.language-python').innerText()).trim(), /^print\("你好，世界"\)/);
    assert.match(
      (await body.locator('details pre code').textContent()) ?? '',
      /^\{\n {2}"天数": 7,[\s\S]*"预算": 12345678901234567890\n\}/,
    );
  });

  it('says first why a run failed, and what can be done', async () => {
    const { window } = scene.stage;
    await window.openRow(/^failed-run/);
    const text = await until('the report', async () => {
      const shown = await window.previewText();
      return shown.includes('failed-run') ? shown : undefined;
    });
    assert.match(
      text,
      /^failed-run\s+failed[^\n]*\n[^\n]*Kickoff ID: failed-run\s+Why it failed\s+ValueError: SERPER_API_KEY is not set\s+A key or a variable/,
    );
  });

  it('moves on while the run does, and keeps its place, its elements and what is unfolded', async () => {
    const { window } = scene.stage;
    scene.canned.says('live-run', progressOf(1));
    await trackAt(scene.stage.window, 'live-run', /Canned/);
    await rowThatSays(window, /^live-run 1\/6/);
    scene.canned.says('live-run', progressOf(2));
    await rowThatSays(window, /^live-run 2\/6/);
    await window.openRow(/^live-run/);
    await until('the report', async () => (await window.previewText()).includes('2. task_2'));
    const tasks = window.preview().locator('details');
    const second = tasks.nth(1);
    await unfold(second);
    await mark(second);
    await scrollTo(second.locator('p').nth(9));
    const before = await placeOf(second);
    assert.ok(before.top < 0, 'scrolled into it');
    for (const completed of [3, 4, 5]) {
      scene.canned.says('live-run', progressOf(completed));
      await until('the next task', async () => (await tasks.count()) === completed);
      assert.deepEqual(await placeOf(second), before);
    }
    scene.canned.says('live-run', doneRun);
    await until('the end', async () => (await window.preview().locator('h2').allInnerTexts()).includes('Output'));
    assert.deepEqual(await placeOf(second), before);
    const output = window.preview().locator('h2:has-text("Output") + pre code');
    assert.match((await output.textContent()) ?? '', /^\{\n {2}"verdict": "good",/);
  });
});
