import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator } from '#test/simulator/server';
import { modernNode } from '../support/host/install.mjs';
import { openScene } from './scene';
import { historyFolder, trackInNewDeployment, until, versionAsked } from './stage';
import { aTime, expectRecovery, expectProblem, shortOf, type AffectedRun } from './problems';
import { expectButtonWorks } from './problemButtons';
import { simulateNetwork } from './untrustedInput';

/** A script that locks the database for writing until its standard input ends. */
const lockScript = `
const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(process.argv[1]);
database.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
console.log('locked');
process.stdin.on('end', () => database.exec('ROLLBACK')).resume();
`;

const remote = 'crew.test';
const hosts = { [remote]: '127.0.0.1' };

describe(`Problems on this machine, ${versionAsked()}:`, function () {
  this.timeout(240_000);
  let remoteRun: Pick<AffectedRun, 'id' | 'label'>;
  let localRun: Pick<AffectedRun, 'id' | 'label'>;

  const scene = openScene(
    async () => ({
      network: await simulateNetwork({ hosts }),
      simulator: await startSimulator({ deployments: ['far', 'near'].map((name) => ({ ...liveCrew, name })), startsWhenPolled: true }),
    }),
    ({ network }) => ({ env: network.env }),
  );
  const setNetwork = (isDown: boolean): Promise<void> => scene.network.change({ isDown, hosts });

  before(async () => {
    const add = async (name: string, host: string, label: string): Promise<Pick<AffectedRun, 'id' | 'label'>> => {
      const deployment = scene.simulator.deployment(name);
      const id = deployment.addRun({ script: { endsWith: 'never' } });
      await trackInNewDeployment(scene.stage.window, { ...deployment, id, url: deployment.url.replace('127.0.0.1', host), label });
      return { id, label };
    };
    remoteRun = await add('far', remote, 'Market Research');
    localRun = await add('near', '127.0.0.1', 'On My Machine');
    await expectRecovery(scene.stage, remoteRun);
  });

  it('“offline” is shown for a remote deployment and above the list while the network is down', async () => {
    const { stage } = scene;
    await setNetwork(true);
    const says = `offline since ${aTime}`;
    await expectProblem(stage, { ...remoteRun, kind: 'offline', says, button: 'Refresh' });
    await until('a line above the list', async () => new RegExp(`^CrewAI Kickoffs\\s+${says}`, 'i').test(await stage.window.sideBarText()));
  });

  it('a deployment on this machine is polled even while “offline” is shown', async () => {
    const { simulator, stage } = scene;
    await expectRecovery(stage, localRun);
    const polls = simulator.requests.length;
    await until('another poll of the local deployment', () => simulator.requests.length > polls);
  });

  it('“offline” disappears automatically when the network is back', async () => {
    const { stage } = scene;
    await setNetwork(false);
    await expectRecovery(stage, remoteRun);
  });

  it("“can't save history” is shown with the button Show Log while another program has locked the history", async () => {
    const { stage } = scene;
    stage.expectError(/another program has locked the file/);
    const holder = await lock(path.join(historyFolder(stage), 'kickoffs.db'));
    try {
      const says = "can't save history: file is locked";
      await expectProblem(stage, { ...localRun, kind: 'notSaved', says, button: 'Show Log' });
      await expectButtonWorks(stage, { row: new RegExp(shortOf(localRun)), button: 'Show Log' });
    } finally {
      await unlock(holder);
    }
    for (const one of [localRun, remoteRun]) await expectRecovery(stage, one);
  });
});

async function lock(database: string): Promise<ChildProcess> {
  const child = spawn(await modernNode(), ['--no-warnings', '-e', lockScript, database], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

async function unlock(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.stdin?.end();
  await ended;
}
