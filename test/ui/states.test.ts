import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { RunScript } from '#test/simulator/runScript';
import { documentedCrew, liveCrew } from '#test/simulator/scripts';
import { useScene } from './scene';
import { rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

/** Tasks that finish while AMP reports the unusual status, so that the next status is the final status. */
const tasks = liveCrew.tasks.map((task) => ({ ...task, seconds: 4 }));
const missing: RunScript = { tasks, trouble: [{ from: 0, seconds: 12, kind: 'notFound' }] };
const unknown: RunScript = { tasks, trouble: [{ from: 0, seconds: 12, kind: 'word', word: 'REHYDRATING' }] };

describe(`Temporary statuses, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useScene({ deployments: [liveCrew, documentedCrew], startsWhenPolled: true });

  for (const { name, dialect } of [liveCrew, documentedCrew]) {
    it(`not found and an unknown status are shown in rows, and the user is notified of each later success, in the ${dialect} dialect`, async () => {
      const { window } = scene.stage;
      const deployment = scene.simulator.deployment(name);
      const [gone, odd] = [deployment.addRun({ script: missing }), deployment.addRun({ script: unknown })];
      await trackInNewDeployment(window, { ...deployment, id: gone, label: name });
      await trackAt(window, `${deployment.url}/status/${odd}`);
      const goneRow = await rowThatSays(window, new RegExp(`^${gone.slice(0, 8)} not found or waiting`));
      assert.match(goneRow.iconClass, /codicon-question/);
      const oddRow = await rowThatSays(window, new RegExp(`^${odd.slice(0, 8)} .*REHYDRATING`));
      assert.match(oddRow.iconClass, /codicon-loading/);
      assert.deepEqual(await window.notifications(), []);
      await expectSuccess([gone, odd]);
    });
  }

  /** Waits until the rows show that the runs succeeded. Then waits for one notification per run, or one notification for both runs. */
  async function expectSuccess(ids: readonly string[]): Promise<void> {
    const { window } = scene.stage;
    const shorts = ids.map((id) => id.slice(0, 8));
    for (const short of shorts) await rowSpokenAs(window, new RegExp(`^${short}, unread, succeeded`), 40_000);
    const [shared, each] = ['2 runs succeeded.', shorts.map((short) => `${short} succeeded`).toSorted()];
    await until('the notifications', async () => {
      await window.showNotifications();
      const texts = (await window.notifications())
        .map(({ text }) => text.replace(/^[^:]*: (\w+ succeeded)( in ~?\d+s)?\.$/, '$1'))
        .toSorted();
      if (isDeepStrictEqual(texts, [shared]) || isDeepStrictEqual(texts, each)) return true;
      throw new Error(JSON.stringify(texts));
    });
    await window.dismissNotifications();
  }
});
