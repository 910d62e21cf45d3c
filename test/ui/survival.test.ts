import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { liveCrew } from '#test/simulator/scripts';
import { figure } from '#test/support/fuzz';
import { SteppedTime } from '#test/support/steppedTime';
import { modernNode } from '../support/host/install.mjs';
import type { search } from '../support/secretSearch.mjs';
import { useScene } from './scene';
import { rowThatSays, trackInNewDeployment, until, versionAsked } from './stage';

const taskNames = ['research_task', 'analysis_task', 'reporting_task'];

describe(`Runs and tokens, ${versionAsked()}:`, function () {
  this.timeout(360_000);
  const time = new SteppedTime();
  const token = 'tok-demo-4f2a9c17d0be';
  const scene = useScene({ deployments: [{ ...liveCrew, token }], startsWhenPolled: true, now: time.now });

  let id = '';
  let seen = '';

  it('an active run is polled again after the extension host was killed', async () => {
    const { simulator, stage } = scene;
    const { window, server } = stage;
    id = simulator.addRun({ script: { output: `The header was: Bearer ${token}` } });
    const short = new RegExp(id.slice(0, 8));
    await trackInNewDeployment(window, { ...simulator.deployment(), id, label: 'Research' });
    await rowThatSays(window, /0\/3 · .*research_task/);
    time.pass(13);
    await rowThatSays(window, /1\/3 · .*analysis_task/);
    await window.expand(short);
    await window.openRow(/research_task Senior Researcher|^research_task/);
    await until('the first task output', async () => (await window.editorText()).length > 20);
    seen = await window.editorText();

    const before = server.extensionHostPids();
    assert.equal(before.length, 1);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    const restarted = (): Promise<boolean> =>
      until('VS Code to start another extension host', () => server.extensionHostPids().some((pid) => !before.includes(pid)), 60_000);
    // On a busy machine, VS Code sometimes starts no other extension host. A user would reload the window.
    await restarted().catch(async () => {
      await window.reload();
      await restarted();
    });
    const killed = simulator.requests.length;
    await until('a poll by the next extension host', () => simulator.requests.length > killed);
    await rowThatSays(window, new RegExp(`^${id.slice(0, 8)} 1/3 · .*analysis_task`));
  });

  it('the tab of a task output has the same text after the extension host was killed and the window was reloaded', async () => {
    const { window } = scene.stage;
    await window.waitUntilSaved('01-research_task');
    await window.reload();
    await until('the tab of the task', async () => (await window.tabs()).some(({ label }) => label.includes('01-research_task')));
    await until('the text of the task', async () => (await window.editorText()) === seen);
  });

  it('a run that finishes after the extension host was killed and the window was reloaded causes one notification', async () => {
    const { window } = scene.stage;
    time.pass(7);
    await rowThatSays(window, /2\/3 · .*reporting_task/);
    time.pass(6);
    await rowThatSays(window, /^The header was.* · now/);
    await until('one notification', async () => (await window.notifications()).length === 1);
  });

  it('Open Output in the notification opens the output with [token] instead of the token', async () => {
    const { window } = scene.stage;
    await window.clickNotification(/ succeeded/, 'Open Output');
    await until('the output', async () => (await window.editorText()).includes('The header was: Bearer [token]'));
  });

  it('no request is sent within 60 s while no run is active', async () => {
    const { simulator } = scene;
    const before = simulator.requests.length;
    await sleep(60_000);
    assert.equal(simulator.requests.length, before);
    figure(25, '0 requests in 60 s');
  });

  it('a finished run has rows for all its tasks after the extension host was killed and the window was reloaded', async () => {
    const { window } = scene.stage;
    await window.expand(new RegExp(id.slice(0, 8)));
    for (const task of taskNames) await rowThatSays(window, new RegExp(`^${task}`));
  });

  it('the token is in no log, database, or setting, even if AMP repeats the token', async () => {
    const searching = [path.resolve('test/support/secretSearch.mjs'), path.join(scene.stage.folder, 'data'), token];
    const { stdout } = await promisify(execFile)(await modernNode(), ['--no-warnings', ...searching]);
    const { places, files, rows, unpacked } = JSON.parse(stdout) as Awaited<ReturnType<typeof search>>;
    assert.deepEqual(places, []);
    assert.ok(rows > 10 && unpacked > 0, `${rows} values of databases, ${unpacked} packed`);
    figure(5, `0 places in ${files} files and ${rows} values of databases`);
  });
});
