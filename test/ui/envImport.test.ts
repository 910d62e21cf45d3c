import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { documentedCrew, liveCrew } from '#test/simulator/scripts';
import { startSimulator } from '#test/simulator/server';
import { openScene } from './scene';
import { rowThatSays, trackAt, until, versionAsked } from './stage';

const id = 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01';

describe(`Import Deployments from .env, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = openScene(
    async () => ({ simulator: await startSimulator({ deployments: [liveCrew, documentedCrew], startsWhenPolled: true }) }),
    ({ simulator: { deployments } }) => ({
      project: (stageFolder) =>
        project(
          stageFolder,
          deployments.map(({ url }) => url),
        ),
    }),
  );

  before(() => scene.simulator.addRun({ deployment: liveCrew.name, id, script: { endsWith: 'never' } }));

  async function project(stageFolder: string, [live, documented]: readonly string[]): Promise<string> {
    const folder = path.join(stageFolder, 'project');
    await mkdir(folder);
    const files = {
      '.env': `CREWAI_DEPLOYMENT_URL=${live}/kickoff\nCREWAI_DEPLOYMENT_TOKEN=${liveCrew.token}\nPAGES_CREW_URL="${documented}"\n`,
      '.env.second': `CREW_URL=${live}\nCREW_TOKEN=tok-demo-second\n`,
      '.env.wrong': `CREW_URL=${documented}\nCREW_TOKEN=tok-demo-wrong\n`,
      '.env.empty': 'OPENAI_API_KEY=demo\n',
      '.env.large': 'A=b\n'.repeat(300_000),
      '.env.bin': '\u0000\u0001\u0002',
    };
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
    await symlink(path.join(folder, '.env.second'), path.join(folder, '.env.linked'));
    return folder;
  }

  async function choose(file: RegExp): Promise<void> {
    const { box } = scene.stage.window;
    await scene.stage.window.command('CrewAI: Import Deployments from .env…');
    await box.shows(/Select a .env file/);
    await box.pickRow(file);
  }

  async function chooseDeploymentsIn(file: RegExp): Promise<void> {
    await choose(file);
    await scene.stage.window.box.shows(/Select the deployments to import/);
  }

  it('offers all files in the open folder whose names begin with .env', async () => {
    const { window } = scene.stage;
    await window.command('CrewAI: Import Deployments from .env…');
    await window.box.shows(/Select a .env file/);
    await window.box.offers([
      '.env',
      '.env.bin',
      '.env.empty',
      '.env.large',
      '.env.linked',
      '.env.second',
      '.env.wrong',
      'Select Another File…',
    ]);
    await window.box.cancel(/Select a .env file/);
  });

  async function chooseMainFile(): Promise<void> {
    await chooseDeploymentsIn(/^\.env$/);
    await until('two deployments', async () => (await scene.stage.window.box.rows()).length === 2);
  }

  it('shows for each deployment whether the selected file contains a token, without showing the token', async () => {
    const { simulator, stage } = scene;
    const { window } = stage;
    await chooseMainFile();
    assert.deepEqual(
      (await window.box.rows()).map(({ description, detail }) => [description, detail]),
      [
        [simulator.deployment(liveCrew.name).url, 'New, with token'],
        [simulator.deployment(documentedCrew.name).url, 'New, without token'],
      ],
    );
    assert.ok(!(await window.page.content()).includes(liveCrew.token));
    await window.box.cancel(/Select the deployments to import/);
  });

  it('adds the deployments in a file only after the user presses Enter', async () => {
    const { simulator, stage } = scene;
    const { window } = stage;
    await chooseMainFile();
    assert.equal((await window.rows()).length, 0, 'no deployment is added before Enter');
    assert.deepEqual(simulator.requests, [], 'no request is sent before Enter');
    await window.box.enter();
    await until('two rows in the tree', async () => (await window.rows()).length === 2);
  });

  it('sends only one request, to check the imported token', async () => {
    const { simulator } = scene;
    await until('the token to be checked', () => simulator.requests.length > 0);
    assert.deepEqual(
      simulator.requests.map(({ deployment, path: requested }) => [deployment, requested]),
      [[liveCrew.name, '/inputs']],
    );
  });

  it('saves the token of an imported deployment', async () => {
    const { simulator, stage } = scene;
    const { window } = stage;
    await trackAt(window, `${simulator.deployment(liveCrew.name).url}/status/${id}`);
    await rowThatSays(window, /^c0ffee01 (queued|0\/3)/);
  });

  it('replaces the token of a known deployment only if the user selects the deployment', async () => {
    const { simulator, stage } = scene;
    const { window } = stage;
    simulator.deployment(liveCrew.name).setToken('tok-demo-second');
    await rowThatSays(window, / token rejected$/);
    await window.dismissNotifications();
    const deploymentRow = () => until('the row', async () => (await window.box.rows()).find(({ detail }) => detail !== ''));
    await chooseDeploymentsIn(/second/);
    assert.match((await deploymentRow()).detail, /^Already added; select to replace/);
    await window.box.enter();
    await window.box.closed();
    await rowThatSays(window, / token rejected$/);

    await chooseDeploymentsIn(/second/);
    await deploymentRow();
    await window.box.input.press('ArrowDown');
    await window.page.keyboard.press('Space');
    await window.box.enter();
    await rowThatSays(window, /^c0ffee01 \d\/3/);
  });

  it('reads a file through a symbolic link', async () => {
    const { window } = scene.stage;
    await chooseDeploymentsIn(/linked/);
    await until('the deployment in the file', async () => (await window.box.rows()).length === 1);
    await window.box.escape();
    await window.box.closed();
  });

  it("doesn't save a token that the deployment rejects", async () => {
    const { window } = scene.stage;
    for (const _ of ['first', 'again']) {
      await chooseDeploymentsIn(/wrong/);
      await until('the deployment with the missing token', async () =>
        (await window.box.rows()).some(({ detail }) => detail === 'Already added; this file has the missing token'),
      );
      await window.box.enter();
      await window.takeNotification(/^Tokens rejected and not saved for these deployments: /);
    }
  });

  for (const [name, what, says] of [
    ['empty', 'a file without deployments', /No deployments found in this file/],
    ['large', 'a file over 1 MB', /over 1 MB/],
    ['bin', 'a binary file', /isn't a text file/],
  ] as const) {
    it(`rejects ${what} with the reason in a notification`, async () => {
      const { window } = scene.stage;
      await window.dismissNotifications();
      await choose(new RegExp(name));
      await window.waitForNotification(says);
    });
  }
});
