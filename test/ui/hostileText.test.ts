import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openPreview, visibleParts, waitForSchemaFetch } from './control';
import { hostileTargets, hostileText, tracker } from './payloads';
import { useCannedScene } from './scene';
import { rowSpokenAs, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

/** Settings that a user may have, with which VS Code would open `*.md`, `*.json`, and all unknown files as something else. */
const associations = {
  'workbench.editorAssociations': { '*.md': 'vscode.markdown.editor' },
  'files.associations': { '*.json': 'jsonc', '*.txt': 'markdown', '*.md': 'markdown', '*.output': 'markdown' },
};

/** A run whose output and only task, which has the name of a report, contain links and pictures. */
function linksRun(name: string): object {
  return {
    status: 'completed',
    result: { output: hostileText(name), tasks: [{ task_id: 'Summary.report', agent: 'a', execution_time: 1, output: hostileText(name) }] },
  };
}

describe(`Hostile documents, ${versionAsked()}:`, function () {
  this.timeout(400_000);
  const scene = useCannedScene(
    (sink) => ({
      'first-links': linksRun('first'),
      'links-run': linksRun('second'),
      'json-run': {
        status: 'completed',
        result: `{"$schema":"${sink}/schema.json","link":"${hostileTargets[0]}"}`,
        $schema: `${sink}/raw.json`,
      },
    }),
    { settings: { 'diffEditor.useInlineViewWhenSpaceIsLimited': false, 'diffEditor.wordWrap': 'off' } },
  );
  const requests: string[] = [];

  before(async () => {
    const { canned, stage } = scene;
    const { window } = stage;
    window.page.context().on('request', (request) => request.url().startsWith(tracker) && requests.push(request.url()));
    await trackInNewDeployment(window, { id: 'first-links', url: canned.url, token: 'tok-canned', label: 'Canned' });
    for (const id of ['links-run', 'json-run']) await trackAt(window, id);
    for (const id of ['first-links', 'links-run', 'json-run']) await rowSpokenAs(window, new RegExp(`succeeded.*${id}`));
    await expectAttacksToWork();
  });

  /** Checks that the attacks work in a Markdown file of the user. Otherwise, the tests would test nothing. */
  async function expectAttacksToWork(): Promise<void> {
    const { window, folder } = scene.stage;
    const file = path.join(folder, 'control.md');
    await writeFile(file, hostileText('control'));
    await openPreview(window, file);
    await window.waitForPreview(/Harmless title/);
    await window.command('View: Close Editor');
    await until('the picture of a user’s file to be fetched', async () => {
      await hoverOver('/control/inline.png');
      return requests.length > 0;
    });
    await ctrlClick(hostileTargets[0]);
    await until('the command of a user’s file to run', async () => !(await visibleParts(scene.stage.window)).activityBar);
    await window.command('View: Toggle Zen Mode');
    await until('the activity bar', async () => (await visibleParts(scene.stage.window)).activityBar);
    await window.closeEditors();
    requests.length = 0;
  }

  async function hoverOver(text: string, side?: number): Promise<void> {
    const { window } = scene.stage;
    await window.pointAt(text, side);
    await window.page.waitForTimeout(1_000);
  }

  async function ctrlClick(text: string, side?: number): Promise<void> {
    const { page } = scene.stage.window;
    await page.keyboard.down('Control');
    await scene.stage.window.pointAt(text, side);
    await page.waitForTimeout(600);
    await page.mouse.down();
    await page.mouse.up();
    await page.keyboard.up('Control');
    await page.waitForTimeout(200);
  }

  /** Checks that no attack had an effect. */
  async function expectNoEffect(what: string): Promise<void> {
    const { page } = scene.stage.window;
    assert.deepEqual(await visibleParts(scene.stage.window), { panel: false, sideBar: true, activityBar: true }, what);
    assert.equal(await page.locator('.monaco-dialog-box').count(), 0, what);
    assert.deepEqual(requests, [], what);
  }

  async function expectPicturesNotFetched(name: string, side?: number): Promise<void> {
    for (const picture of ['inline', 'reference', 'html']) await hoverOver(`/${name}/${picture}.png`, side);
    await expectNoEffect('pictures under the pointer');
  }

  async function expectLinksToDoNothing(targets: readonly string[] = hostileTargets, side?: number): Promise<void> {
    const labels = async () => (await scene.stage.window.tabs()).map(({ label }) => label);
    const before = await labels();
    for (const target of targets) {
      await ctrlClick(target, side);
      await expectNoEffect(target);
    }
    assert.deepEqual(await labels(), before);
  }

  /** Opens the active document in every Markdown editor that VS Code offers for it. */
  async function expectOtherEditorsToDoNothing(): Promise<void> {
    const { window } = scene.stage;
    const reopen = async () => {
      await window.command('View: Reopen Editor With...');
      return until('the editors', async () => ((await window.box.rows()).length > 0 ? window.box.rows() : undefined));
    };
    const offered = (await reopen()).map(({ label }) => label).filter((label) => /Markdown/.test(label));
    await window.box.escape();
    for (const editor of offered) {
      await reopen();
      await window.box.pickRow(new RegExp(`^${editor}`));
      await window.page.waitForTimeout(4_000);
      await expectNoEffect(editor);
    }
  }

  async function openText(row: RegExp, title: string, text: string): Promise<void> {
    const { window } = scene.stage;
    await window.rowAction(row, title);
    await until(`the text of ${title}`, async () => {
      // Before the text, to notice another editor that opens by default.
      await expectNoEffect('opening');
      return (await window.editorText()).includes(text);
    });
  }

  for (const [what, settings] of Object.entries({ 'default settings': {}, "the user's editor associations": associations }))
    describe(`with ${what},`, () => {
      before(() => scene.stage.window.changeSettings(settings));
      // Undoes the effects of a failed test, so that the other tests can fail for their own reasons.
      afterEach(async () => {
        const { window } = scene.stage;
        await window.closeEditors();
        const { panel, activityBar } = await visibleParts(scene.stage.window);
        if (!activityBar) await window.command('View: Toggle Zen Mode');
        if (panel) await window.command('View: Toggle Panel Visibility');
        requests.length = 0;
      });

      it('an output fetches no picture, even when the pointer is over the picture', async () => {
        await openText(/links-run/, 'Open Output', 'title of second');
        await expectPicturesNotFetched('second');
      });

      it('a Ctrl+click on a link in an output opens nothing and runs no command', async () => {
        await openText(/links-run/, 'Open Output', 'title of second');
        await expectLinksToDoNothing();
      });

      it('an output fetches no picture and runs no command in any Markdown editor that VS Code offers', async () => {
        await openText(/links-run/, 'Open Output', 'title of second');
        await expectOtherEditorsToDoNothing();
      });

      it('a report fetches no picture and runs no command in any Markdown editor that VS Code offers', async () => {
        const { window } = scene.stage;
        await window.openRow(/links-run/);
        await window.waitForPreview(/title of second/);
        await expectOtherEditorsToDoNothing();
      });

      it('the output of a task named like a report opens as text with inactive pictures and links', async () => {
        const { window } = scene.stage;
        await window.expand(/links-run/);
        await window.row(/Summary/).click();
        await until('the text of the task', async () => (await window.editorText()).includes('title of second'));
        assert.deepEqual(await window.previewTexts(), []);
        await expectPicturesNotFetched('second');
        await expectLinksToDoNothing(hostileTargets.slice(0, 2));
        await window.collapse(/links-run/);
      });

      it('a comparison fetches no picture, and a Ctrl+click on a link opens nothing', async () => {
        await openText(/links-run/, 'Compare with Previous Run', 'title of');
        for (const [side, name] of ['first', 'second'].entries()) {
          await expectPicturesNotFetched(name, side);
          await expectLinksToDoNothing(hostileTargets.slice(0, 2), side);
        }
      });

      it('a comparison fetches no picture and runs no command in any Markdown editor that VS Code offers', async () => {
        await openText(/links-run/, 'Compare with Previous Run', 'title of');
        await expectOtherEditorsToDoNothing();
      });

      it('JSON outputs and raw responses fetch no schema, and a Ctrl+click on a link opens nothing', async () => {
        const { stage, sink } = scene;
        const before = sink.requests.length;
        for (const title of ['Open Output', 'Open Raw Response']) {
          await openText(/json-run/, title, '$schema');
          await stage.window.waitForTab(title === 'Open Output' ? /^json-run\.(?!status)/ : /^json-run\.status/);
          await expectLinksToDoNothing(hostileTargets.slice(0, 1));
        }
        await waitForSchemaFetch(stage, sink);
        assert.deepEqual(
          sink.requests.slice(before).filter((request) => !request.startsWith('/last-')),
          [],
        );
      });
    });
});
