import assert from 'node:assert/strict';
import { statusBarItemId } from '#contributions';
import { documentedCrew, failing, liveCrew, liveFlow, waitsForHuman } from '#test/simulator/scripts';
import { SteppedTime } from '#test/support/steppedTime';
import { useScene } from './scene';
import { expectViewBadge, rowSpokenAs, rowThatSays, statusBarThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

const traceback = `Traceback (most recent call last):
  File "/app/crew.py", line 12, in search
    response.raise_for_status()
requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: https://api.example.com/search`;

const boxes = ['URL', 'token', 'kickoff ID', 'label'];

describe(`Tracked runs, ${versionAsked()}:`, function () {
  this.timeout(240_000);
  const time = new SteppedTime();
  const scene = useScene({ deployments: [liveCrew, documentedCrew, liveFlow], startsWhenPolled: true, now: time.now });

  for (const { name, token, dialect } of [liveCrew, documentedCrew]) {
    const isFirst = name === liveCrew.name;
    let id = '';

    const numbered = isFirst ? 'every box if no' : 'every box except the first if a';

    it(`Track Kickoff asks for one value in each box, and numbers ${numbered} deployment is known`, async () => {
      const { window } = scene.stage;
      const deployment = scene.simulator.deployment(name);
      id = deployment.addRun({ inputs: { topic: 'AI agents', audience: 'engineers' } });
      const steps: string[] = [];
      const run = { id, url: `${deployment.url}/kickoff`, token: `Bearer ${token}`, label: name, ...(isFirst && { paste: id }) };
      await trackInNewDeployment(window, run, (box) => {
        assert.equal(boxes.filter((word) => box.includes(word)).length, 1, box);
        steps.push(/\((\d\/\d)\)/.exec(box)?.[1] ?? 'none');
      });
      // With one known deployment, the first box is usually the only box.
      assert.deepEqual(steps, [isFirst ? '1/4' : 'none', '2/4', '3/4', '4/4']);
    });

    it(`with responses in AMP's ${dialect} format, the run's row and the status bar show the run's progress`, async () => {
      const { window } = scene.stage;
      await rowThatSays(window, /0\/3 · (> )?\d+s · research_task/);
      await statusBarThatSays(window, /^0\/3 research_task$/);
      time.pass(20);
      await rowThatSays(window, /2\/3 · (> )?\d+s · reporting_task/);
      await statusBarThatSays(window, /^2\/3 reporting_task$/);
    });

    it(`with responses in AMP's ${dialect} format, a succeeded run causes one notification`, async () => {
      const { window } = scene.stage;
      time.pass(6);
      const [notification, ...more] = await until('one notification', async () => {
        const all = await window.notifications();
        return all.length > 0 ? all : undefined;
      });
      assert.match(notification?.text ?? '', new RegExp(`^${name}: State of .* succeeded in (?:~?\\d+s)\\.$`));
      assert.deepEqual(more, []);
    });

    it(`with responses in AMP's ${dialect} format, a succeeded run is counted in the view's badge`, () =>
      expectViewBadge(scene.stage.window, '1'));

    it(`with responses in AMP's ${dialect} format, the status bar item is hidden after the only active run has succeeded`, async () => {
      await until('no status bar item', async () => (await scene.stage.window.statusItem(statusBarItemId)) === undefined);
    });

    it(`with responses in AMP's ${dialect} format, the row of a succeeded run shows the output's title and the duration`, () =>
      rowThatSays(scene.stage.window, /^State of .* ~?\d+s · now · \w{8}$/));

    it(`with responses in AMP's ${dialect} format, the notification's primary action opens the output and marks the run as read`, async () => {
      const { window } = scene.stage;
      await window.command('Notifications: Accept Notification Primary Action');
      await until('the output', async () => (await window.editorText()).includes('# State of AI agents'));
      assert.ok((await window.tabs()).some(({ label, active }) => active && label.startsWith(id.slice(0, 8))));
      await expectViewBadge(window, undefined);
    });

    it(`with responses in AMP's ${dialect} format, the report of a succeeded run contains a task with its agent`, async () => {
      const { window } = scene.stage;
      await window.openRow(new RegExp(id.slice(0, 8)));
      await until('the report', async () => /research_task[\s\S]*Data Analyst/.test(await window.previewText()));
    });

    it(`with responses in AMP's ${dialect} format, a succeeded run causes no second notification`, async () => {
      assert.deepEqual(await scene.stage.window.notifications(), []);
    });
  }

  /** Tracks a run until it fails, and returns a pattern for the text of its notification. */
  async function failRun(): Promise<RegExp> {
    const { window } = scene.stage;
    const deployment = scene.simulator.deployment(liveCrew.name);
    const id = deployment.addRun({ script: { ...failing, reason: traceback } });
    const short = id.slice(0, 8);
    await trackAt(window, `${deployment.url}/status/${id}`);
    await rowSpokenAs(window, new RegExp(`^${short}, (queued|running)`));
    time.pass(10);
    await rowThatSays(window, new RegExp(`^${short} 1/3`));
    time.pass(5);
    return new RegExp(`^research-crew: ${short} failed in analysis_task \\(2 of 3\\) after ~?\\d+s: 403 Client Error: Forbidden for url: `);
  }

  let failure: RegExp | undefined;

  it('a failed run causes a warning with the failed task, the error, and the button Open Report', async () => {
    failure = await failRun();
    const { severity, buttons } = await scene.stage.window.waitForNotification(failure);
    assert.deepEqual([severity, buttons], ['warning', ['Open Report']]);
  });

  for (const [how, press] of [
    ['mouse', 'clickNotification'],
    ['keyboard', 'pressNotification'],
  ] as const)
    it(`Open Report in a notification, selected by ${how}, opens the failed run's report`, async () => {
      const { window } = scene.stage;
      const text = failure ?? (await failRun());
      failure = undefined;
      await window[press](text, 'Open Report');
      await window.waitForPreview(/Failed in analysis_task \(2 of 3\)/);
      assert.match((await window.preview().locator('svg text').allTextContents()).join(' '), /research_task.*analysis_task/);
      await window.closeEditors();
    });

  it('a run that waits for human input causes a notification with the next step, Open in Browser, and Mute This Run', async () => {
    const { window } = scene.stage;
    const deployment = scene.simulator.deployment(liveFlow.name);
    const id = deployment.addRun({ script: waitsForHuman });
    await trackInNewDeployment(window, { ...deployment, id, label: 'Own' });
    await rowThatSays(window, new RegExp(`^${id.slice(0, 8)} (queued|steps finished)`));
    time.pass(30);
    await window.command('CrewAI: Refresh');
    const notification = await until('the notification', async () => (await window.notifications())[0], 60_000);
    assert.equal(
      notification.text,
      `Own: ${id.slice(0, 8)} is waiting for human input. Provide the input in AMP, or reply to the email from AMP.`,
    );
    assert.deepEqual(notification.buttons, ['Open in Browser', 'Mute This Run']);
  });

  it("Open in Browser in the notification of a waiting run opens the deployment's page in AMP", async () => {
    const { window } = scene.stage;
    await window.clickNotification(/is waiting for human input/, 'Open in Browser');
    // The deployment isn't at crewai.com, so the extension asks for its page.
    await window.box.fill(/Open in Browser.*URL/, 'http://127.0.0.1:42424/deployments/42');
    // The test server opens local URLs through its own path.
    assert.match(decodeURIComponent(await window.openedUrl()), /42424/);
    await window.dismissNotifications();
  });

  it('a run that still waits at the next poll causes no other notification', async () => {
    const { window } = scene.stage;
    const before = scene.simulator.requests.length;
    await window.command('CrewAI: Refresh');
    await until('another poll', () => scene.simulator.requests.length > before);
    await window.page.waitForTimeout(4_000);
    assert.deepEqual(await window.notifications(), []);
  });

  async function startToWait(): Promise<string> {
    const deployment = scene.simulator.deployment(liveFlow.name);
    const id = deployment.addRun({ script: waitsForHuman });
    await trackAt(scene.stage.window, `${deployment.url}/status/${id}`);
    await rowThatSays(scene.stage.window, new RegExp(`^${id.slice(0, 8)}`));
    return id.slice(0, 8);
  }

  for (const [how, press, undo] of [
    ['mouse', 'clickNotification', 'pressNotification'],
    ['keyboard', 'pressNotification', 'clickNotification'],
  ] as const)
    it(`Mute This Run in a notification, selected by ${how}, mutes the waiting run until Undo`, async () => {
      const { window } = scene.stage;
      const row = new RegExp(`^${await startToWait()}`);
      time.pass(30);
      await window.command('CrewAI: Refresh');
      await window[press](/is waiting for human input/, 'Mute This Run');
      await window.waitForNotification(/ is muted\. You won't get notifications for this run anymore\.$/);
      await until('the run to be muted', async () => (await window.rowActions(row)).includes('Unmute Run'));
      await window[undo](/ is muted\./, 'Undo');
      await until('the run to be unmuted', async () => (await window.rowActions(row)).includes('Mute Run'));
      await window.dismissNotifications();
    });

  const requestsOf = (name: string) => scene.simulator.requests.filter(({ deployment }) => deployment === name);

  it('all tracked runs of a crew together cause fewer than 20 requests', () => {
    for (const { name } of [liveCrew, documentedCrew]) {
      const { length } = requestsOf(name);
      assert.ok(length > 3 && length < 20, `${length} requests`);
    }
  });

  it('each request to a crew contains the token of that crew', () => {
    for (const { name, token } of [liveCrew, documentedCrew]) {
      const requests = requestsOf(name);
      assert.deepEqual([...new Set(requests.map(({ authorization }) => authorization))], [`Bearer ${token}`]);
    }
  });
});
