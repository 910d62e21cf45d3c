import assert from 'node:assert/strict';
import type { RunScript } from '../simulator/runScript';
import { documentedCrew, liveCrew } from '../simulator/scripts';
import { useScene } from './scene';
import { rowThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

/** Over before it is heard well: what a user sees is the odd state, and then the end. */
const tasks = liveCrew.tasks.map((task) => ({ ...task, seconds: 4 }));
const missing: RunScript = { tasks, trouble: [{ from: 0, seconds: 8, kind: 'notFound' }] };
const unknown: RunScript = { tasks, trouble: [{ from: 0, seconds: 8, kind: 'word', word: 'REHYDRATING' }] };

describe(`States that no run stays in, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useScene({ deployments: [liveCrew, documentedCrew], startsWhenAsked: true });

  for (const { name, token, dialect } of [liveCrew, documentedCrew]) {
    it(`a run that is not found for a while is kept, and told of when it succeeds, in the ${dialect} dialect`, async () => {
      const { window } = scene.stage;
      const id = scene.simulator.addRun({ deployment: name, script: missing });
      await trackInNewDeployment(window, { id, url: scene.simulator.deployment(name).url, token, label: name });
      const row = await rowThatSays(window, new RegExp(`^${id.slice(0, 8)} not found, or waiting for a human`));
      assert.match(row.iconClass, /codicon-question/);
      assert.deepEqual(await window.notices(), []);
      await endsWell(id);
    });

    it(`an unknown word is shown as the server's own, and the run goes on to its end, in the ${dialect} dialect`, async () => {
      const { window } = scene.stage;
      const id = scene.simulator.addRun({ deployment: name, script: unknown });
      await trackAt(window, `${scene.simulator.deployment(name).url}/status/${id}`);
      const row = await rowThatSays(window, new RegExp(`^${id.slice(0, 8)} .*REHYDRATING`));
      assert.match(row.iconClass, /codicon-loading/);
      assert.deepEqual(await window.notices(), []);
      await endsWell(id);
    });
  }

  /** The end is shown in its row and told once. */
  async function endsWell(id: string): Promise<void> {
    const { window } = scene.stage;
    const short = id.slice(0, 8);
    await rowThatSays(window, new RegExp(`^${short} new · succeeded`), 40_000);
    const [notice] = await until('one notice', async () => {
      const notices = await window.notices();
      return notices.length === 1 ? notices : undefined;
    });
    assert.equal(notice?.text, `${short} has finished.`);
    await window.dismissNotices();
  }
});
