import assert from 'node:assert/strict';
import { statusBarId } from '../../src/contributions';
import { documentedCrew, liveCrew } from '../simulator/scripts';
import { SteppedTime } from '../support/steppedTime';
import { useScene } from './scene';
import { rowThatSays, statusBarThatSays, trackInNewDeployment, until, versionAsked, viewTitle } from './stage';

const boxes = ['URL', 'token', 'kickoff ID', 'label'];

describe(`The main job by keyboard, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const time = new SteppedTime();
  const scene = useScene({ deployments: [liveCrew, documentedCrew], startsWhenAsked: true, now: time.now });

  it('welcomes with one button', async () => {
    await until('the welcome text', async () => (await scene.stage.window.sideBarText()).includes('Track Kickoff'));
  });

  for (const { name, token, dialect } of [liveCrew, documentedCrew]) {
    it(`goes from paste to output in the ${dialect} dialect`, async () => {
      const { window } = scene.stage;
      const deployment = scene.simulator.deployment(name);
      const id = scene.simulator.addRun({ deployment: name, inputs: { topic: 'AI agents', audience: 'engineers' } });
      const short = new RegExp(id.slice(0, 8));

      await trackInNewDeployment(window, { id, url: `${deployment.url}/kickoff`, token: `Bearer ${token}`, label: name }, (box) => {
        assert.equal(boxes.filter((word) => box.includes(word)).length, 1, box);
      });
      await rowThatSays(window, /0\/3 · research_task · (> )?\d+s/);
      await statusBarThatSays(window, /^0\/3 research_task$/);
      time.pass(20);
      await rowThatSays(window, /2\/3 · reporting_task · (> )?\d+s/);
      await statusBarThatSays(window, /^2\/3 reporting_task$/);

      time.pass(6);
      const notice = await until('one notice', async () => (await window.notices())[0]);
      assert.equal(notice.text, `${id.slice(0, 8)} has finished.`);
      assert.equal(await window.badge(viewTitle), '1');
      assert.equal(await window.statusItem(statusBarId), undefined, 'the status bar is empty again');
      await rowThatSays(window, /^\w+ new · succeeded · .*\d+s · just now/);

      await window.command('Notifications: Accept Notification Primary Action');
      await until('the output', async () => (await window.editorText()).includes('# State of AI agents'));
      assert.ok((await window.tabs()).some(({ label, active }) => active && label.startsWith(id.slice(0, 8))));
      await until('no badge', async () => (await window.badge(viewTitle)) === undefined);

      await window.openRow(short);
      await until('the report', async () => /research_task[\s\S]*Data Analyst/.test(await window.previewText()));
      assert.deepEqual(await window.notices(), [], 'told once');
    });
  }

  it('asked no more often than the pace allows, and with the token of that deployment alone', () => {
    for (const { name, token } of [liveCrew, documentedCrew]) {
      const requests = scene.simulator.requests.filter(({ deployment }) => deployment === name);
      assert.ok(requests.length > 3 && requests.length < 20, `${requests.length} requests`);
      assert.deepEqual([...new Set(requests.map(({ authorization }) => authorization))], [`Bearer ${token}`]);
    }
  });
});
