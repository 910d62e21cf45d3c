import assert from 'node:assert/strict';
import { statusBarId } from '#contributions';
import { documentedCrew, failing, liveCrew, liveFlow, waitsForHuman } from '#test/simulator/scripts';
import { SteppedTime } from '#test/support/steppedTime';
import { useScene } from './scene';
import { rowSpokenAs, rowThatSays, statusBarThatSays, trackAt, trackInNewDeployment, until, versionAsked, viewTitle } from './stage';

const boxes = ['URL', 'token', 'kickoff ID', 'label'];

describe(`Tracking runs by keyboard, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const time = new SteppedTime();
  const scene = useScene({ deployments: [liveCrew, documentedCrew, liveFlow], startsWhenPolled: true, now: time.now });

  for (const { name, token, dialect } of [liveCrew, documentedCrew]) {
    it(`leads from the pasted text to the output, for a deployment with the ${dialect} dialect`, async () => {
      const { window } = scene.stage;
      const deployment = scene.simulator.deployment(name);
      const id = deployment.addRun({ inputs: { topic: 'AI agents', audience: 'engineers' } });
      const short = new RegExp(id.slice(0, 8));

      const steps: string[] = [];
      const run = {
        id,
        url: `${deployment.url}/kickoff`,
        token: `Bearer ${token}`,
        label: name,
        ...(name === liveCrew.name && { paste: id }),
      };
      await trackInNewDeployment(window, run, (box) => {
        assert.equal(boxes.filter((word) => box.includes(word)).length, 1, box);
        steps.push(/\((\d\/\d)\)/.exec(box)?.[1] ?? 'none');
      });
      // With one known deployment, the first box is usually the only box.
      assert.deepEqual(steps, [name === liveCrew.name ? '1/4' : 'none', '2/4', '3/4', '4/4']);
      await rowThatSays(window, /0\/3 · (> )?\d+s · research_task/);
      await statusBarThatSays(window, /^0\/3 research_task$/);
      time.pass(20);
      await rowThatSays(window, /2\/3 · (> )?\d+s · reporting_task/);
      await statusBarThatSays(window, /^2\/3 reporting_task$/);

      time.pass(6);
      const notification = await until('one notification', async () => (await window.notifications())[0]);
      assert.match(notification.text, new RegExp(`^${name}: State of .* succeeded in (?:~?\\d+s)\\.$`));
      assert.equal(await window.badge(viewTitle), '1');
      assert.equal(await window.statusItem(statusBarId), undefined, 'the status bar item is hidden again');
      await rowThatSays(window, /^State of .* ~?\d+s · now · \w{8}$/);

      await window.command('Notifications: Accept Notification Primary Action');
      await until('the output', async () => (await window.editorText()).includes('# State of AI agents'));
      assert.ok((await window.tabs()).some(({ label, active }) => active && label.startsWith(id.slice(0, 8))));
      await until('no badge', async () => (await window.badge(viewTitle)) === undefined);

      await window.openRow(short);
      await until('the report', async () => /research_task[\s\S]*Data Analyst/.test(await window.previewText()));
      assert.deepEqual(await window.notifications(), [], 'only one notification');
    });
  }

  it('notifies of a failure with deployment, run, duration, and reason, and leads to the report', async () => {
    const { window } = scene.stage;
    const deployment = scene.simulator.deployment(liveCrew.name);
    const id = deployment.addRun({ script: failing });
    await trackAt(window, `${deployment.url}/status/${id}`);
    await rowSpokenAs(window, new RegExp(`^${id.slice(0, 8)}, (queued|running)`));
    time.pass(13);
    const notification = await until('the notification', async () => (await window.notifications())[0]);
    assert.match(notification.text, new RegExp(`^research-crew: ${id.slice(0, 8)} failed after ~?\\d+s: SERPER_API_KEY is not set$`));
    assert.equal(notification.severity, 'warning');
    assert.deepEqual(notification.buttons, ['Open Report']);
    await window.clickNotification(/failed after/, 'Open Report');
    await window.waitForPreview(/SERPER_API_KEY is not set/);
  });

  it('notifies once of a run that waits for human input, and Open in Browser opens its page in AMP', async () => {
    const { window } = scene.stage;
    const deployment = scene.simulator.deployment(liveFlow.name);
    const id = deployment.addRun({ script: waitsForHuman });
    await trackInNewDeployment(window, { ...deployment, id, label: 'Own' });
    await rowThatSays(window, new RegExp(`^${id.slice(0, 8)} (queued|tasks finished)`));
    time.pass(30);
    await window.command('CrewAI: Refresh');
    const notification = await until('the notification', async () => (await window.notifications())[0], 60_000);
    assert.equal(
      notification.text,
      `Own: ${id.slice(0, 8)} is waiting for human input. Provide the input in AMP, or reply to the email from AMP.`,
    );
    assert.deepEqual(notification.buttons, ['Open in Browser', 'Mute This Run']);
    await window.clickNotification(/is waiting for human input/, 'Open in Browser');
    // The deployment isn't at crewai.com, so the extension asks for its page.
    await window.box.fill(/Open in Browser.*URL/, 'http://127.0.0.1:42424/deployments/42');
    // The test server opens local URLs through its own path.
    assert.match(decodeURIComponent(await window.openedUrl()), /42424/);
    await window.dismissNotifications();
    const before = scene.simulator.requests.length;
    await window.command('CrewAI: Refresh');
    await until('another poll', () => scene.simulator.requests.length > before);
    await window.page.waitForTimeout(4_000);
    assert.deepEqual(await window.notifications(), []);
  });

  it('notifies of a waiting run with Mute This Run, which mutes the run and confirms it with Undo, by mouse and by keyboard', async () => {
    const { window } = scene.stage;
    const deployment = scene.simulator.deployment(liveFlow.name);
    const id = deployment.addRun({ script: waitsForHuman });
    const row = new RegExp(`^${id.slice(0, 8)}`);
    await trackAt(window, `${deployment.url}/status/${id}`);
    await rowThatSays(window, row);
    time.pass(30);
    await window.command('CrewAI: Refresh');
    await window.clickNotification(/is waiting for human input/, 'Mute This Run');
    await window.waitForNotification(/ is muted\. You won't get notifications for this run anymore\.$/);
    assert.ok((await window.rowActions(row)).includes('Unmute Run'));
    await window.pressNotification(/ is muted\./, 'Undo');
    await until('the run to be unmuted', async () => (await window.rowActions(row)).includes('Mute Run'));
    await window.dismissNotifications();
  });

  it('sends fewer than 20 requests to each crew, all with the token of that crew', () => {
    for (const { name, token } of [liveCrew, documentedCrew]) {
      const requests = scene.simulator.requests.filter(({ deployment }) => deployment === name);
      assert.ok(requests.length > 3 && requests.length < 20, `${requests.length} requests`);
      assert.deepEqual([...new Set(requests.map(({ authorization }) => authorization))], [`Bearer ${token}`]);
    }
  });
});
