import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandId, type CommandName } from '#contributions';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator } from '#test/simulator/server';
import { figure } from '#test/support/fuzz';
import { openScene } from './scene';
import { refuse } from './starts';
import { callFromOtherExtension as callFrom, installOtherExtension, startTrap, watchSockets } from './untrustedInput';
import { rowThatSays, trackInNewDeployment, until, versionAsked, viewTitle } from './stage';

const known = 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01';
const unknown = 'c0ffee02-5b1e-4f44-a3b9-f1fc22a90d02';
const printed = 'c0ffee04-5b1e-4f44-a3b9-f1fc22a90d04';
const quiet = 'c0ffee05-5b1e-4f44-a3b9-f1fc22a90d05';

describe(`Another extension, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = openScene(
    async () => ({
      sockets: await watchSockets(),
      trap: await startTrap(),
      simulator: await startSimulator({ deployments: [liveCrew], startsWhenPolled: true }),
    }),
    ({ sockets }) => ({
      env: sockets.env,
      beside: installOtherExtension,
      asksForTrust: true,
      // Without a GPU, the rows of a terminal are elements of the page.
      settings: { 'terminal.integrated.gpuAcceleration': 'off' },
    }),
  );

  before(async () => {
    const { simulator, stage } = scene;
    for (const id of [known, printed, quiet]) simulator.addRun({ id, script: { endsWith: 'never' } });
    await trackInNewDeployment(stage.window, { ...simulator.deployment(), id: known, label: 'Crew' });
    await rowThatSays(stage.window, /^c0ffee01 0\/3/);
  });

  let calls = 0;
  async function callFromOtherExtension(command: string, argument: object): Promise<void> {
    calls++;
    await callFrom(scene.stage, command, argument);
  }

  async function expectNoOtherConnections(): Promise<void> {
    assert.deepEqual(await scene.sockets.unexpected(scene.simulator.deployment().url), []);
    assert.equal(scene.trap.connections, 0);
  }

  it("can't cause a request to an unknown host with its calls before the user sets a token", async () => {
    const { stage, trap } = scene;
    const { window } = stage;
    await callFromOtherExtension(commandId('track'), { kickoffId: unknown, deployment: trap.url });
    await window.takeNotification(/threw .*This deployment isn't in your list/);
    await callFromOtherExtension(commandId('refresh'), { kickoffId: unknown, deployment: trap.url });
    await window.takeNotification(/threw /);

    await callFromOtherExtension(commandId('track'), { text: `${trap.url}/status/${unknown}` });
    await window.box.cancel(/URL/);
    await window.takeNotification(/gave \{\}/);
    await expectNoOtherConnections();

    await callFromOtherExtension(commandId('addDeployment'), { url: trap.url, label: 'Trap' });
    assert.ok((await window.box.shows(/token/)).includes(trap.url), 'the box names the origin');
    await expectNoOtherConnections();
    await window.box.escape();
    await window.takeNotification(/gave \{\}/);
    await callFromOtherExtension(commandId('track'), { text: `${trap.url}/status/${unknown}` });
    await rowThatSays(window, /^Trap token needed/);
    await window.command('CrewAI: Refresh');
    await expectNoOtherConnections();
    figure(6, `${calls} calls of another extension: 0 connections`);
  });

  it('causes connections only to the deployments whose tokens the user sets', async () => {
    const { simulator, sockets, stage, trap } = scene;
    const { window } = stage;
    await window.dismissNotifications();
    await window.rowAction(/^Trap/, 'Set Token');
    await window.box.fill(/token/, 'tok-demo-any');
    await until('the first connection', () => trap.connections > 0);
    await window.box.closed();
    assert.deepEqual(
      (await sockets.unexpected(simulator.deployment().url)).filter((line) => !line.includes(trap.host)),
      [],
    );
  });

  it('can print a kickoff ID in a terminal, where a click on the ID tracks the run', async () => {
    const { window } = scene.stage;
    await window.command('Stranger: Print in a Terminal');
    await window.box.fill(/Text for the terminal/, JSON.stringify({ trace_id: unknown, kickoff_id: printed }));
    await until('the link', () => window.isTerminalLink(printed));
    await window.clickTerminalLink();
    await window.box.shows(/deployment/);
    await window.box.pickRow(/^Crew$/);
    await rowThatSays(window, /^c0ffee04 0\/3/);
  });

  it("can't print an ID that isn't named kickoff_id as a terminal link", async () => {
    const { window } = scene.stage;
    assert.equal(await window.isTerminalLink(unknown), false, 'the line does not call this ID a kickoff ID');
    await window.command('View: Toggle Panel Visibility');
  });

  it('can track a run in a known deployment without changing the visible view', async () => {
    const { window } = scene.stage;
    await window.command('View: Show Explorer');
    await callFromOtherExtension(commandId('track'), { kickoffId: quiet, deployment: 'Crew' });
    await window.takeNotification(/gave .*c0ffee05/);
    assert.match(await window.sideBarText(), /explorer/i);
    await window.showView(viewTitle);
    await rowThatSays(window, /^c0ffee05 /);
  });

  const run = { deployment: 'Crew', kickoffId: quiet };
  const inputs = { topic: 'cats\n\nStart a run in another deployment?', audience: 'all', extra: 1 };
  const posts = (): readonly string[] => scene.simulator.requests.filter(({ method }) => method === 'POST').map(({ path: to }) => to);

  it("can't start or stop a run if the user declines the confirmation or closes the input box", async () => {
    const { simulator, stage } = scene;
    const { window } = stage;
    const file = path.join(stage.folder, 'strange.inputs.jsonc');
    await writeFile(file, JSON.stringify({ deployment: simulator.deployment().url, inputs: { topic: 'cats', audience: 'all' } }));
    const questions: readonly (readonly [command: CommandName, argument: unknown, question: RegExp])[] = [
      [
        'start',
        { deployment: 'Crew', inputs },
        /^Start a run in Crew\?\s.*ignores inputs that the deployment doesn't have: extra.*topic: cats Start a run in another/s,
      ],
      ['start', pathToFileURL(file).href, /^Start a run in Crew\?/],
      ['stop', run, /^Stop the run c0ffee05\?\s.*Deployment: Crew\./s],
    ];
    for (const [command, argument, question] of questions) {
      await callFrom(stage, commandId(command), argument);
      await refuse(window, question);
      if (typeof argument === 'object') await window.takeNotification(/gave \{\}/);
    }
    for (const command of ['start', 'startAgain'] as const) {
      await callFrom(stage, commandId(command), run);
      await window.box.cancel(/Enter topic for the run in Crew/);
      await window.takeNotification(/gave \{\}/);
    }
    assert.deepEqual(posts(), []);
  });

  it("gets an error if it starts a run in an unknown deployment or continues a crew's run", async () => {
    const { stage } = scene;
    const { window } = stage;
    await callFrom(stage, commandId('continueRun'), run);
    await window.takeNotification(/threw .*No runs to continue/);
    await callFrom(stage, commandId('start'), { deployment: 'Other', inputs });
    await window.takeNotification(/threw .*This deployment isn't in your list/);
    assert.deepEqual(posts(), []);
  });

  it('can stop a run if the user confirms', async () => {
    const { stage } = scene;
    const { window } = stage;
    await callFrom(stage, commandId('stop'), run);
    await window.acceptDialog(/^Stop the run c0ffee05\?/);
    await window.takeNotification(/gave \{\}/);
    assert.deepEqual(posts(), [`/stop/${quiet}`]);
  });

  it('can provide a virtual folder from which Import Deployments from .env… reads a file', async () => {
    const { stage } = scene;
    const { window } = stage;
    await window.open({ url: stage.server.url, folder: 'strange:/project' });
    await window.showView(viewTitle);
    await rowThatSays(window, /^c0ffee01 \d\/3/);
    await window.command('Stranger: Tell Where Kickoffs Run');
    await window.takeNotification(/Kickoffs run: Workspace, [^,]*, strange, /);
    await window.command('CrewAI: Import Deployments from .env…');
    await window.box.shows(/Select a .env file/);
    await window.box.pickRow(/^\.env$/);
    await window.box.shows(/Select the deployments to import/);
    await until('the deployment in the file', async () =>
      (await window.box.rows()).some(({ description }) => /strange-1a2b3c4d/.test(description)),
    );
    await window.box.escape();
  });
});
