import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { liveCrew } from '../simulator/scripts';
import { startSimulator, type SimulatedDeployment, type Simulator } from '../simulator/server';
import { SteppedTime } from '../support/steppedTime';
import { openStage, rowThatSays, trackInNewDeployment, until, versionAsked, type Stage } from './stage';

/** What a user sees of a run's tasks. */
const tasksSeen = ['research_task', 'analysis_task', 'reporting_task'];

describe(`What survives, ${versionAsked()}`, function () {
  this.timeout(240_000);
  let stage: Stage;
  let simulator: Simulator;
  let deployment: SimulatedDeployment;
  const time = new SteppedTime();

  before(async () => {
    simulator = await startSimulator({ deployments: [liveCrew], startsWhenAsked: true, now: time.now });
    deployment = simulator.deployment();
    stage = await openStage(versionAsked());
  });
  after(async () => {
    await simulator.stop();
    await stage.close();
  });

  it('a kill -9 of the extension host and a reload in mid-run lose neither run, task output nor tab', async () => {
    const { window, server } = stage;
    const id = simulator.addRun();
    const short = new RegExp(id.slice(0, 8));
    await trackInNewDeployment(window, { id, url: deployment.url, token: liveCrew.token, label: 'Research' });
    await rowThatSays(window, /0\/3 · research_task/);
    time.pass(13);
    await rowThatSays(window, /1\/3 · analysis_task/);
    await window.expand(short);
    await window.openRow(/research_task Senior Researcher|^research_task/);
    await until('the first task output', async () => (await window.editorText()).length > 20);
    const seen = await window.editorText();

    await window.watchWelcome();
    const before = server.extensionHostPids();
    assert.equal(before.length, 1);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await until('VS Code to start another', () => server.extensionHostPids().some((pid) => !before.includes(pid)));
    const killed = simulator.requests.length;
    await until('the next extension host to ask on', () => simulator.requests.length > killed);
    await rowThatSays(window, new RegExp(`^${id.slice(0, 8)} 1/3 · analysis_task`));
    assert.ok(!(await window.wasWelcomed()), 'the welcome text was shown while the extension host was dead');
    await window.remembers('01-research_task');
    await window.reload();
    await until('the tab of the task', async () => (await window.tabs()).some(({ label }) => label.includes('01-research_task')));
    await until('its text', async () => (await window.editorText()) === seen);

    time.pass(7);
    await rowThatSays(window, /2\/3 · reporting_task/);
    time.pass(6);
    await rowThatSays(window, /succeeded · .* · just now/);
    await until('one notice', async () => (await window.notices()).length === 1);
    await window.expand(short);
    for (const task of tasksSeen) await rowThatSays(window, new RegExp(`^${task}`));
  });

  it('with nothing running no request is made in 60 s, and no task output is gone', async () => {
    const before = simulator.requests.length;
    await sleep(60_000);
    assert.equal(simulator.requests.length, before);
  });

  it('the token is in no log, no database and no setting', async () => {
    const files = await filesBelow(path.join(stage.folder, 'data'));
    assert.ok(files.some((file) => file.endsWith('kickoffs.db')));
    const holding = [];
    for (const file of files) if (contains(await readFile(file), liveCrew.token)) holding.push(file);
    assert.deepEqual(holding, []);
  });
});

/** In each form in which a token might have been written. */
function contains(bytes: Buffer, token: string): boolean {
  const raw = Buffer.from(token);
  const forms = [
    raw,
    Buffer.from(raw).reverse(),
    ...[raw.toString('base64'), raw.toString('hex'), encodeURIComponent(token)].map((form) => Buffer.from(form)),
  ];
  return forms.some((form) => bytes.includes(form));
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  const files = [];
  for (const name of names) {
    const file = path.join(folder, name);
    if ((await stat(file).catch(() => undefined))?.isFile()) files.push(file);
  }
  return files;
}
