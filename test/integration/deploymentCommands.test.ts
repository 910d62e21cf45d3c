import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mock } from 'node:test';
import vscode = require('vscode');
import { id } from '#test/support/builders';
import { KickoffNode, type DeploymentNode } from '#present/outline/nodes';
import { rigWithTwoDeployments, type CommandRig } from './commandRig';

const page = 'https://app.crewai.com/crewai_plus/deployments/7';
const withOutput = { output: 'markdown', checkedAt: 1 } as const;

describe('With two deployments,', () => {
  let rig: CommandRig;
  let crew: DeploymentNode;
  let other: DeploymentNode;
  beforeEach(async () => {
    [rig, crew, other] = await rigWithTwoDeployments();
  });
  afterEach(() => rig.close());

  it('Delete Token deletes a token only after a confirmation', async () => {
    await rig.kickoff(crew, 'failed', { phase: { kind: 'failed' } });
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    const question = 'warning: Delete the token for Crew? [Delete Token]';
    await rig.run('deleteToken', crew);
    assert.deepEqual([rig.said(), rig.secrets.size], [[question], 1]);
    rig.button = 'Delete Token';
    await rig.run('deleteToken', crew);
    assert.deepEqual([rig.said(), rig.secrets.size, rig.runs().length], [[question, 'status: Token for Crew deleted.'], 0, 1]);
  });

  it('Delete Token deletes the only saved token, even if the active document belongs to another deployment', async () => {
    rig.show(await rig.kickoff(other, 'done', withOutput), 'report');
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    rig.button = 'Delete Token';
    await rig.run('deleteToken');
    assert.deepEqual([rig.secrets.size, rig.boxes, rig.said().at(-1)], [0, [], 'status: Token for Crew deleted.']);
  });

  it('Set Token applies to the deployment of the active document', async () => {
    rig.show(await rig.kickoff(other, 'done', withOutput), 'report');
    rig.answers = ['tok-good'];
    await rig.run('setToken');
    assert.deepEqual(rig.boxes, ['Set Token: Bearer token | ']);
    assert.deepEqual([...rig.secrets.keys()], ['token:https://other.example.com']);
  });

  it("Set Token saves a token even if the extension can't check it", async () => {
    rig.amp.checkToken = () => Promise.reject(new Error('not loaded'));
    rig.answers = ['tok-good'];
    await rig.run('setToken', { deployment: 'Other' });
    assert.deepEqual([...rig.secrets], [['token:https://other.example.com', 'tok-good']]);
    assert.match(rig.said().join(), /^status: Token saved, but /);
  });

  it("Remove Deployment asks for a deployment even if the active document is a run's report, and removes it only after a question", async () => {
    rig.show(await rig.kickoff(other, 'done', withOutput), 'report');
    for (const [button, left] of [
      [undefined, ['Crew', 'Other']],
      ['Remove Deployment', ['Crew']],
    ] as const) {
      [rig.answers, rig.button] = [[true], button];
      await rig.run('removeDeployment');
      assert.deepEqual([rig.boxes.splice(0), rig.labels()], [['Remove Deployment: Select a deployment | Other,Crew'], left]);
    }
  });

  it('a command shows a warning and changes nothing if another window deletes the deployment while a box is open', async () => {
    const deleteThen = (answer: string) => async () => {
      await rig.store.deleteAll([]);
      return answer;
    };
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    for (const [name, ...answers] of [
      ['editDeployment', 'https://crew.example.com/v2', deleteThen('Edited')],
      ['editDeployment', 'https://moved.example.com', deleteThen('Edited'), 'tok-good'],
      ['rename', deleteThen('Edited')],
      ['openInBrowser', deleteThen(page)],
    ] as const) {
      rig.answers = [...answers];
      await rig.run(name, await rig.deployment('Crew'));
      assert.deepEqual(rig.said(), ["warning: This deployment isn't in your list. To add it, run Add Deployment."], name);
      assert.deepEqual([[...rig.secrets], rig.calls], [[['token:https://crew.example.com', 'tok-good']], []]);
    }
  });

  const pageBox = 'Open in Browser: https://app.crewai.com/crewai_plus/deployments/12345 | ';

  it("Open in Browser asks for the URL of a deployment's page in AMP only once", async () => {
    const row = await rig.kickoff(other, 'one');
    rig.answers = ['https://amp.example.com/7'];
    for (const target of [row, other]) await rig.run('openInBrowser', target);
    assert.equal(rig.board.deployment(other.key)?.page, 'https://amp.example.com/7');
    assert.deepEqual(rig.boxes, [pageBox]);
    assert.deepEqual(rig.calls, Array(2).fill('vscode.open https://amp.example.com/7'));
  });

  it("Open in Browser rejects an invalid URL for the deployment's page in AMP", async () => {
    rig.answers = ['no page'];
    await rig.run('openInBrowser', other);
    assert.deepEqual([rig.boxes, rig.calls], [[pageBox, `${pageBox}no page`], []]);
    assert.equal(rig.board.deployment(other.key)?.page, undefined);
  });

  it('Edit Deployment keeps the token if the origin stays the same', async () => {
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    rig.answers = ['https://crew.example.com/v2', true];
    await rig.run('editDeployment', crew);
    assert.deepEqual([rig.board.deployment(crew.key)?.url, rig.boxes.length], ['https://crew.example.com/v2', 2]);
    assert.deepEqual([...rig.secrets], [['token:https://crew.example.com/v2', 'tok-good']]);
  });

  it("Edit Deployment saves the URL of the page in AMP if the user enters that URL before the deployment's new URL", async () => {
    rig.answers = [page, 'https://crew.example.com/v2', 'Edited'];
    await rig.run('editDeployment', crew);
    const edited = rig.board.deployment(crew.key);
    assert.deepEqual([edited?.url, edited?.label, edited?.page], ['https://crew.example.com/v2', 'Edited', page]);
    await rig.run('openInBrowser', crew);
    assert.deepEqual(rig.calls, [`vscode.open ${page}`]);
  });

  it('Edit Deployment deletes the token and asks for another one if the origin changes', async () => {
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    rig.answers = ['https://moved.example.com', true];
    await rig.run('editDeployment', crew);
    assert.match(rig.boxes.at(-1) ?? '', /^Edit Deployment: Bearer token/);
    assert.deepEqual([rig.board.deployment(crew.key)?.url, rig.secrets.size, rig.said()], ['https://moved.example.com', 0, []]);
    rig.answers = ['https://again.example.com', true, 'tok-good'];
    await rig.run('editDeployment', crew);
    assert.deepEqual([...rig.secrets], [['token:https://again.example.com', 'tok-good']]);
  });

  it('Move to Deployment moves the run to a new deployment after the user adds the deployment and a token', async () => {
    const row = await rig.kickoff(crew, 'lost', { phase: { kind: 'missing' }, label: 'Lost' });
    rig.answers = [['Add Deployment…'], 'https://new.example.com', 'New', 'tok-good'];
    await rig.run('moveToDeployment', row);
    assert.deepEqual(rig.boxes, [
      'Move to Deployment: lost: Select the deployment to move this run to | Other,Add Deployment…',
      'Move to Deployment: lost: https://my-crew-1a2b3c4d.crewai.com | ',
      'Move to Deployment: lost: For example, Research Crew | new',
      'Move to Deployment: Bearer token | ',
    ]);
    assert.deepEqual([...rig.secrets], [['token:https://new.example.com', 'tok-good']]);
    assert.deepEqual([rig.runs(), rig.said()], [['New/lost'], ['info: Lost moved to New. [Undo]']]);
  });

  it('Undo of a move moves the run back, and highlights the run', async () => {
    const row = await rig.kickoff(crew, 'lost', { phase: { kind: 'missing' } });
    rig.answers = [['Other']];
    await rig.run('moveToDeployment', row);
    await rig.press('Undo');
    assert.deepEqual([rig.runs(), rig.highlighted], [['Crew/lost'], ['Other/lost', 'Crew/lost']]);
  });

  it('Move to Deployment leaves a run in its deployment if the user enters the URL of that deployment', async () => {
    const row = await rig.kickoff(crew, 'lost', { phase: { kind: 'missing' } });
    rig.answers = [['Add Deployment…'], 'https://crew.example.com'];
    await rig.run('moveToDeployment', row);
    assert.deepEqual([rig.runs(), rig.highlighted.length, rig.said()], [['Crew/lost'], 1, []]);
  });

  it('Move to Deployment moves the run even if the user cancels the token box', async () => {
    const row = await rig.kickoff(crew, 'lost', { phase: { kind: 'missing' } });
    rig.answers = [['Add Deployment…'], 'https://late.example.com', 'Late', undefined];
    await rig.run('moveToDeployment', row);
    assert.deepEqual([rig.runs(), rig.highlighted.at(-1)], [['Late/lost'], 'Late/lost']);
  });

  it('Undo of a move restores the run in both deployments if both contained the run before the move', async () => {
    const row = await rig.kickoff(crew, 'both', { phase: { kind: 'missing' }, label: 'Both' });
    await rig.kickoff(other, 'both');
    rig.answers = [['Other']];
    await rig.run('moveToDeployment', row);
    assert.deepEqual([rig.runs(), rig.boxes.length, rig.said()], [['Other/both'], 1, ['info: both moved to Other. [Undo]']]);
    await rig.press('Undo');
    assert.deepEqual([rig.runs(), rig.highlighted.at(-1)], [['Crew/both', 'Other/both'], 'Crew/both']);
  });

  it("Undo works only in the notification of a run's latest move", async () => {
    const row = await rig.kickoff(crew, 'lost', { phase: { kind: 'missing' } });
    rig.answers = [['Other'], ['Add Deployment…'], 'https://late.example.com', 'Late', undefined];
    await rig.run('moveToDeployment', row);
    await rig.run('moveToDeployment', new KickoffNode({ deployment: other.key, id: id('lost') }));
    rig.said();
    await rig.press('Undo', 'Other');
    assert.deepEqual([rig.runs(), rig.said()], [['Late/lost'], ['status: Nothing to undo.']]);
    await rig.press('Undo', 'Late');
    assert.deepEqual(rig.runs(), ['Other/lost']);
  });

  it('Import Deployments from .env shows a warning for an unreadable file, but not if the user selects no file', async () => {
    await rig.run('importEnv');
    assert.deepEqual(rig.said(), [], 'after Escape in the dialog');
    rig.file = vscode.Uri.file(path.join(rig.folder, '.env'));
    await rig.run('importEnv');
    assert.deepEqual(rig.said(), ["warning: Couldn't read this file. Select another file."]);
  });

  /** Writes a `.env` file with these tokens by host name, and opens its folder. Returns the path of the file. */
  function writeEnv(tokens: Readonly<Record<string, string>>): string {
    const lines = Object.entries(tokens).map(([name, token]) => {
      const url = `${name === 'plain' ? 'http' : 'https'}://${name}.example.com`;
      return `${name.toUpperCase()}_CREW_URL=${url}\n${name.toUpperCase()}_CREW_TOKEN=tok-${token}\n`;
    });
    const file = path.join(rig.folder, '.env');
    writeFileSync(file, lines.join(''));
    mock.getter(vscode.workspace, 'workspaceFolders', () => [{ uri: vscode.Uri.file(rig.folder) }]);
    return file;
  }

  it('Import Deployments from .env offers the .env file in the workspace folder, but not a subfolder named .env.d', async () => {
    const file = writeEnv({ new: 'good' });
    mkdirSync(path.join(rig.folder, '.env.d'));
    await rig.run('importEnv');
    assert.deepEqual(rig.boxes, [`Import Deployments from .env: Select a .env file | ${file},Select Another File…`]);
  });

  it('Import Deployments from .env offers the .env files of all workspace folders', async () => {
    const folders = ['one', 'two'].map((name) => path.join(rig.folder, name));
    const files = folders.map((folder) => path.join(folder, '.env'));
    for (const folder of folders) mkdirSync(folder);
    for (const file of files) writeFileSync(file, '');
    mock.getter(vscode.workspace, 'workspaceFolders', () => folders.map((folder) => ({ uri: vscode.Uri.file(folder) })));
    await rig.run('importEnv');
    assert.deepEqual(rig.boxes, [`Import Deployments from .env: Select a .env file | ${files.join()},Select Another File…`]);
  });

  it('Import Deployments from .env imports the selected deployments, but saves no token that a deployment rejects', async () => {
    rig.file = vscode.Uri.file(writeEnv({ new: 'good', bad: 'refused', crew: 'good' }));
    rig.answers = [['Select Another File…'], true];
    await rig.run('importEnv');
    assert.deepEqual(rig.boxes.slice(1), ['Import Deployments from .env: Select the deployments to import | new,bad,Crew']);
    assert.deepEqual(rig.labels().toSorted(), ['Crew', 'Other', 'bad', 'new']);
    assert.deepEqual(
      [...rig.secrets.keys()].toSorted(),
      ['crew', 'new'].map((name) => `token:https://${name}.example.com`),
    );
    assert.deepEqual(rig.said(), [
      'status: Deployments imported or updated: 3.',
      'warning: Tokens rejected and not saved for these deployments: bad. To enter new tokens, run Set Token.',
    ]);
  });

  it("Import Deployments from .env saves a token that the extension couldn't verify, and shows a message", async () => {
    writeEnv({ slow: 'notChecked' });
    rig.answers = [true, true];
    await rig.run('importEnv');
    assert.deepEqual([...rig.secrets.keys()], ['token:https://slow.example.com']);
    assert.deepEqual(rig.said(), [
      "status: Token saved, but the extension couldn't verify it with the deployment.",
      'status: Deployment imported or updated.',
    ]);
  });

  it('Import Deployments from .env shows no message if the user imports the same deployment and token again', async () => {
    writeEnv({ new: 'good' });
    rig.answers = [true, true];
    await rig.run('importEnv');
    assert.deepEqual(rig.said(), ['status: Deployment imported or updated.']);
    rig.answers = [true, ['new']];
    await rig.run('importEnv');
    assert.deepEqual(rig.said(), []);
  });

  it('Import Deployments from .env imports a deployment without HTTPS only after a confirmation', async () => {
    writeEnv({ plain: 'good', new: 'good' });
    const question = 'warning: Send the token unencrypted? [Send Unencrypted]';
    const one = 'status: Deployment imported or updated.';
    rig.answers = [true, ['plain', 'new']];
    await rig.run('importEnv');
    assert.deepEqual([rig.labels().includes('plain'), rig.labels().includes('new'), rig.said()], [false, true, [question, one]]);
    rig.button = 'Send Unencrypted';
    rig.answers = [true, ['plain', 'new']];
    await rig.run('importEnv');
    assert.equal(rig.secrets.get('token:http://plain.example.com'), 'tok-good');
    assert.deepEqual(rig.said(), [question, one]);
  });

  it("Import Deployments from .env doesn't read a device, because reading a device may never end", async () => {
    const device = { type: vscode.FileType.Unknown, size: 0, ctime: 0, mtime: 0 };
    rig.fileSystem = { stat: () => Promise.resolve(device) };
    rig.file = vscode.Uri.file(path.join(rig.folder, '.env'));
    writeFileSync(rig.file.fsPath, '');
    await rig.run('importEnv');
    assert.deepEqual(rig.said(), ["warning: Couldn't read this file. Select another file."]);
  });

  for (const [what, selected, messages] of [
    [
      'keeps the saved token if the new one has no access to the deployment',
      ['Crew'],
      ['warning: Tokens rejected and not saved for these deployments: Crew. To enter new tokens, run Set Token.'],
    ],
    ["doesn't preselect a deployment that has another saved token", true, []],
  ] as const)
    it(`Import Deployments from .env ${what}`, async () => {
      rig.secrets.set('token:https://crew.example.com', 'tok-good');
      writeEnv({ crew: 'notAllowed' });
      rig.answers = [true, selected];
      await rig.run('importEnv');
      assert.deepEqual([...rig.secrets.values()], ['tok-good']);
      assert.deepEqual(rig.said(), messages, 'nothing was imported');
    });
});
