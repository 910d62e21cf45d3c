import assert from 'node:assert/strict';
import { useCannedScene } from './scene';
import { rename, rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';
import { progressOf } from './statusResponses';
import { callFromOtherExtension, installOtherExtension } from './untrustedInput';

const line = '{"verdict":"good","big":12345678901234567890,"items":[{"id":1}]}';
const indented = '{\n  "verdict": "good",\n  "big": 12345678901234567890,\n  "items": [\n    {\n      "id": 1\n    }\n  ]\n}';
const doneRun = {
  status: 'completed',
  result: { output: '# Summary\n\nDone.', tasks: [{ task_id: 'collect', agent: 'a', execution_time: 1, output: line }] },
};

describe(`Documents of runs, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useCannedScene(() => ({ 'done-run': doneRun, 'json-run': { status: 'completed', result: line }, live: progressOf(1) }), {
    beside: installOtherExtension,
  });

  before(async () => {
    const { canned, stage } = scene;
    await trackInNewDeployment(stage.window, { id: 'done-run', url: canned.url, token: 'tok-canned', label: 'Canned' });
    for (const id of ['json-run', 'live']) await trackAt(stage.window, id);
    for (const id of ['done-run', 'json-run']) await rowSpokenAs(stage.window, new RegExp(`succeeded.*${id}`));
    await rowThatSays(stage.window, /^live 1\/6/);
    await stage.window.dismissNotifications();
  });
  afterEach(() => scene.stage.window.command('View: Close All Editors'));

  const waitForText = (text: string) => until(`the text ${text}`, async () => (await scene.stage.window.editorText()) === text);

  async function titleButtons(): Promise<readonly string[]> {
    const title = scene.stage.window.page.locator('.editor-group-container.active .title .editor-actions');
    const ours = ['Open Report', 'Open Output'];
    const counts = await Promise.all(ours.map((label) => title.locator(`.action-label[aria-label^="${label}"]`).count()));
    return ours.filter((_, index) => counts[index] !== 0);
  }

  async function clickInTitle(label: string): Promise<void> {
    await scene.stage.window.page.locator(`.editor-group-container.active .title .action-label[aria-label^="${label}"]`).click();
  }

  it('a JSON output that came as one line opens indented, with numbers as written and an outline', async () => {
    const { window } = scene.stage;
    await window.rowAction(/json-run/, 'Open Output');
    await window.waitForTab(/^json-run\.json\.output$/);
    await waitForText(indented);
    await window.command('Go to Symbol in Editor...');
    await until('the symbols', async () => {
      const labels = (await window.box.rows()).map(({ label }) => label);
      return labels.join() === 'verdict,big,items,0,id';
    });
    await window.box.escape();
    await window.box.closed();
  });

  it('in the title of an output or response, Open Report opens the report, where Open Output opens the output', async () => {
    const { window } = scene.stage;
    for (const title of ['Open Raw Response', 'Open Output']) {
      await window.rowAction(/done-run/, title);
      await window.waitForTab(/^done-run\..*output$/);
      await until('the button', async () => (await titleButtons()).join() === 'Open Report');
      await clickInTitle('Open Report');
      await window.waitForPreview(/^done-run/);
      await until('the button', async () => (await titleButtons()).join() === 'Open Output');
      await clickInTitle('Open Output');
      await window.waitForTab(/^done-run\.md\.output$/);
    }
  });

  it('the report of a run without an output has no button Open Output', async () => {
    const { window } = scene.stage;
    await window.openRow(/^live/);
    await window.waitForPreview(/^live/);
    assert.deepEqual(await titleButtons(), []);
  });

  it('commands in the Command Palette apply to the task or run of the active document, without a question', async () => {
    const { window } = scene.stage;
    await window.expand(/done-run/);
    await window.row(/^.*collect/).click();
    await window.waitForTab(/^01-collect\.json\.output$/);
    await waitForText(indented);
    await window.command('CrewAI: Copy Output');
    await until('the exact task output', async () => (await window.clipboard()) === line);
    await window.command('CrewAI: Open Report');
    await window.waitForPreview(/^done-run/);
    await window.command('CrewAI: Copy Output');
    await until('the exact output', async () => (await window.clipboard()) === doneRun.result.output);
    await window.command('CrewAI: Open Raw Response');
    await window.waitForTab(/^done-run\.status\.output$/);
    await window.collapse(/done-run/);
  });

  it('an output with the path of an earlier version is reopened under its current path', async () => {
    const { window } = scene.stage;
    for (const folder of ['', '/crewai-kickoff']) {
      await callFromOtherExtension(scene.stage, 'vscode.open', `crewai-kickoff:${folder}/1/done-run/done-run.output.md`);
      await until('the tab', async () => {
        const labels = (await window.tabs()).map(({ label }) => label).join();
        if (labels !== 'done-run.md.output') throw new Error(labels);
        return true;
      });
      await until('the text', async () => (await window.editorText()).startsWith('# Summary'));
      await window.command('View: Close All Editors');
    }
    await window.dismissNotifications();
  });

  it('a report has the new label of its deployment after a rename', async () => {
    const { window } = scene.stage;
    await window.openRow(/done-run/);
    await window.waitForPreview(/Deployment: Canned/);
    await window.focusRow(/^Canned/);
    await rename(window, 'Renamed');
    await window.waitForPreview(/Deployment: Renamed/);
    await window.command('View: Close All Editors');
  });

  it('a pinned tab gets the new label of its run and stays pinned', async () => {
    const { window } = scene.stage;
    await window.rowAction(/done-run/, 'Open Output');
    await window.waitForTab(/^done-run/);
    await window.command('View: Pin Editor');
    await window.focusRow(/done-run/);
    await rename(window, 'Weekly v1.2');
    await until('the new title', async () => (await window.tabs()).map(({ label }) => label).join() === 'Weekly v1 2.md.output');
    await until('the pin', async () => (await window.page.locator('.part.editor .tab.sticky').count()) === 1);
    await window.command('View: Unpin Editor');
  });
});
