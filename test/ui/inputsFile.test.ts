import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DeploymentScript } from '#test/simulator/deployment';
import { liveCrew, liveFlow } from '#test/simulator/scripts';
import { inputsSent, projectFolder, refuse, startsOf, useStarts } from './starts';
import { openFile, rowThatSays, until, versionAsked } from './stage';

const names = ['topic', 'a "quoted" name', 'colon: name', '主题', 'count', 'tags', 'options', 'isDraft', 'empty', 'x1', 'x2', 'x3'];
const values = {
  topic: 'cats',
  'a "quoted" name': 'q',
  'colon: name': 'c',
  主题: '值',
  count: 3,
  tags: ['a', 'b'],
  options: { deep: { list: [1.5, null] } },
  isDraft: true,
  empty: '',
  x1: '',
  x2: '',
  x3: '',
};
const wide: DeploymentScript = { ...liveFlow, name: 'wide', inputs: [...names, 'id'], kickoff: { endsWith: 'never', endsAfter: 2 } };
const narrow: DeploymentScript = { ...wide, name: 'narrow', inputs: ['tags', 'id'] };

describe(`A file with inputs, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useStarts([wide, narrow, { ...liveCrew, name: 'crew' }]);
  const deployment = (name = 'wide') => scene.simulator.deployment(name);
  const playButton = () => scene.stage.window.page.locator('.part.editor').getByRole('button', { name: 'Start Run…' });

  async function replaceText(text: string): Promise<void> {
    const { window } = scene.stage;
    await window.copy(text);
    await until('the text in the editor', async () => {
      await window.page.locator('.editor-group-container.active .editor-instance .view-lines').click();
      await window.page.keyboard.press('Control+A');
      await window.page.keyboard.press('Control+V');
      return until('the text', async () => (await window.editorText()).startsWith(text.split('\n')[0] ?? ''), 3_000);
    });
  }

  const fileOf = (inputs: object, url = deployment().url, more: object = {}): string =>
    `// Inputs\n${JSON.stringify({ deployment: url, ...more, inputs }, undefined, 1)}\n`;

  it('opens after Start Run with all inputs except id if the deployment has more than three inputs', async () => {
    const { window } = scene.stage;
    await window.rowAction(/^wide/, 'Start Run…');
    await window.waitForTab(/^wide\.inputs\.jsonc$/);
    await until('the names', async () => (await window.editorText()).includes('"x3": ""'));
    const text = await window.editorText();
    for (const name of names) assert.ok(text.includes(`${JSON.stringify(name)}: `), text);
    assert.ok(!text.includes('"id"'));
  });

  it('opens with the first value selected', async () => {
    const { window } = scene.stage;
    await window.page.keyboard.type('dogs');
    await until('the typed value', async () => (await window.editorText()).includes('"topic": "dogs"'));
  });

  it('starts no run if the user declines the confirmation', async () => {
    const { window } = scene.stage;
    await playButton().click();
    await refuse(window, /Start a run in wide\?.*topic: dogs.*a "quoted" name:.*More inputs: 2/s);
    assert.equal(deployment().starts.length, 0);
  });

  for (const [what, text, says] of [
    [
      'invalid JSON',
      () => '// Inputs\n{ "deployment": "wide",\n "inputs": { "topic" } }',
      /^No run started\. Line 3: This isn't valid JSON\.$/,
    ],
    [
      'a misspelled input',
      () => fileOf({ ...values, count: undefined, cuont: 3 }),
      /^No run started\. Line 4: The input count is missing\. Line \d+: The deployment has no input cuont/,
    ],
    [
      'an unknown deployment',
      () => fileOf(values, 'https://other.example'),
      /^No run started\. Line 3: This deployment isn't in your list\. To add it, run Add Deployment\.$/,
    ],
  ] as const)
    it(`that contains ${what} starts no run, and the error is shown in a notification and the editor`, async () => {
      const { window } = scene.stage;
      await replaceText(text());
      await window.command('CrewAI: Start Run…');
      const { text: said } = await window.waitForNotification(/No run started/);
      assert.match(said, says);
      await window.dismissNotifications();
      await until('the editor to have the focus', async () => (await window.focusedPart()) === 'editor');
      await window.page.locator('.part.editor .squiggly-error, .part.editor .squiggly-warning').first().waitFor();
      assert.equal(deployment().starts.length, 0);
    });

  it('starts a run whose inputs have the JSON types in the file, even after the user reopens the file', async () => {
    const { window } = scene.stage;
    await replaceText(fileOf(values, 'wide'));
    const file = path.join(projectFolder(scene.stage), 'wide.inputs.jsonc');
    await until('the saved file', async () => {
      await window.page.keyboard.press('Control+S');
      if (await window.box.isOpen()) await window.box.enter(file);
      return until('the file', async () => JSON.parse((await readFile(file, 'utf8')).replace(/^\/\/.*/, '')) as object, 4_000);
    });
    await window.command('CrewAI: Start Run…');
    await window.acceptDialog(/Start a run in wide\?/);
    await startsOf(deployment(), 1);
    await rowThatSays(window, /^cats/);
    await window.closeEditors();
    await openFile(window, file);
    await playButton().click();
    await window.acceptDialog(/Start a run in wide\?.*options: \{"deep"/s);
    await startsOf(deployment(), 2);
    assert.deepEqual(inputsSent(deployment()), [values, values]);
    await until('both runs', async () => (await window.rows()).filter(({ label }) => label === 'cats').length === 2);
  });

  it("that starts a run leaves no row highlighted that doesn't have the focus", async () => {
    const misleading = (await scene.stage.window.rows()).filter(({ focused, selected }) => selected && !focused);
    assert.deepEqual(misleading, [], 'a new row is not highlighted, because keys act on the focused row');
  });

  it('with restoreFromStateId continues a run only after the user confirms that AMP may start over', async () => {
    const { window } = scene.stage;
    const state = 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01';
    await replaceText(fileOf({ tags: ['a'], id: 'own' }, deployment('narrow').url, { restoreFromStateId: state }));
    await window.command('CrewAI: Start Run…');
    await window.readDialog(/Start a run in narrow/);
    assert.deepEqual(deployment('narrow').starts, []);
    await window.acceptDialog(/Start a run in narrow that continues c0ffee01.*silently starts from the beginning.*id: own\ntags: \["a"\]/s);
    await startsOf(deployment('narrow'), 1);
    assert.deepEqual(inputsSent(deployment('narrow')), [{ tags: ['a'], id: 'own' }]);
    assert.equal(deployment('narrow').starts[0]?.body['restoreFromStateId'], state);
    await window.command('View: Revert and Close Editor');
  });

  /** Returns the completions at the end of the text, as VS Code offers them. */
  async function completionsAfter(text: string): Promise<readonly string[]> {
    const { window } = scene.stage;
    await replaceText(text);
    const rows = window.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
    await until('completions', async () => {
      await window.page.keyboard.press('Escape');
      await window.page.keyboard.press('Control+Space');
      return until('rows', async () => (await rows.count()) > 0, 3_000);
    });
    const labels = await rows.allTextContents();
    await window.page.keyboard.press('Escape');
    return labels.map((label) => label.replaceAll('"', '')).toSorted();
  }

  it('offers the labels and URLs of the deployments, and exactly the inputs of its own deployment, without a request', async () => {
    const { window } = scene.stage;
    await window.command('File: New Untitled Text File');
    await openFile(window, path.join(projectFolder(scene.stage), 'wide.inputs.jsonc'));
    const { length } = scene.simulator.requests;
    const otherNames = names.filter((name) => name !== 'count').map((name) => name.replaceAll('"', ''));
    const known = ['wide', 'narrow', 'crew'].flatMap((name) => [name, deployment(name).url]);
    assert.deepEqual(await completionsAfter('{ "inputs": {}, "deployment": '), known.toSorted());
    assert.deepEqual(await completionsAfter('{ "deployment": "narrow", "inputs": { '), ['tags']);
    assert.deepEqual(await completionsAfter('{ "deployment": "wide", "inputs": { "count": 1, '), otherNames.toSorted());
    const asked = scene.simulator.requests.slice(length).filter(({ path: route }) => route.startsWith('/inputs'));
    assert.deepEqual(asked, []);
  });

  it('underlines an unknown input, a missing input, and an unknown deployment while the user types', async () => {
    const { window } = scene.stage;
    const underlined = window.page.locator('.part.editor .squiggly-warning');
    for (const [wrong, right] of [
      ['{ "deployment": "narrow", "inputs": { "tags": 1, "tag": 2 } }', '{ "deployment": "narrow", "inputs": { "tags": 1, "id": 2 } }'],
      ['{ "deployment": "narrow", "inputs": { } }', '{ "deployment": "crew", "inputs": {} }'],
      ['{ "deployment": "narow", "inputs": {} }', `{ "deployment": "${deployment('crew').url.toUpperCase()}/", "inputs": {} }`],
    ] as const) {
      await replaceText(wrong);
      await underlined.first().waitFor();
      await replaceText(right);
      await underlined.first().waitFor({ state: 'hidden' });
    }
    await window.command('View: Revert and Close Editor');
  });

  it("opens after Start Run with the inputs of the deployment's last run in their JSON types", async () => {
    const { window } = scene.stage;
    await window.rowAction(/^narrow/, 'Start Run…');
    await until('the inputs', async () => /"tags": \[\s+"a"/.test(await window.editorText()));
    await window.command('View: Revert and Close Editor');
  });
});
