import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { RunScript } from '#test/simulator/runScript';
import { documentedCrew, liveCrew } from '#test/simulator/scripts';
import { useScene } from './scene';
import { rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

/** Over before it is heard well: what a user sees is the odd state, and then the end. */
const tasks = liveCrew.tasks.map((task) => ({ ...task, seconds: 4 }));
const missing: RunScript = { tasks, trouble: [{ from: 0, seconds: 12, kind: 'notFound' }] };
const unknown: RunScript = { tasks, trouble: [{ from: 0, seconds: 12, kind: 'word', word: 'REHYDRATING' }] };

describe(`States that no run stays in, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useScene({ deployments: [liveCrew, documentedCrew], startsWhenAsked: true });

  for (const { name, token, dialect } of [liveCrew, documentedCrew]) {
    it(`a run that is not found for a while is kept, one whose state is unknown is shown in the server's own word, and both are told of when they succeed, in the ${dialect} dialect`, async () => {
      const { window } = scene.stage;
      const { url } = scene.simulator.deployment(name);
      const [gone, odd] = [missing, unknown].map((script) => scene.simulator.addRun({ deployment: name, script })) as [string, string];
      await trackInNewDeployment(window, { id: gone, url, token, label: name });
      await trackAt(window, `${url}/status/${odd}`);
      const goneRow = await rowThatSays(window, new RegExp(`^${gone.slice(0, 8)} not found or waiting for input`));
      assert.match(goneRow.iconClass, /codicon-question/);
      const oddRow = await rowThatSays(window, new RegExp(`^${odd.slice(0, 8)} .*REHYDRATING`));
      assert.match(oddRow.iconClass, /codicon-loading/);
      assert.deepEqual(await window.notices(), []);
      await expectSuccess([gone, odd]);
    });
  }

  /** The ends are shown in their rows and told once each, in notices of their own or in one. */
  async function expectSuccess(ids: readonly string[]): Promise<void> {
    const { window } = scene.stage;
    const shorts = ids.map((id) => id.slice(0, 8));
    for (const short of shorts) await rowSpokenAs(window, new RegExp(`^${short}, unread, succeeded`), 40_000);
    const [shared, each] = ['2 runs succeeded.', shorts.map((short) => `${short} succeeded`).toSorted()];
    await until('the notices', async () => {
      await window.showNotices();
      const told = (await window.notices()).map(({ text }) => text.replace(/^[^:]*: (\w+ succeeded)( in ~?\d+s)?\.$/, '$1')).toSorted();
      if (isDeepStrictEqual(told, [shared]) || isDeepStrictEqual(told, each)) return true;
      throw new Error(JSON.stringify(told));
    });
    await window.dismissNotices();
  }
});
