import assert from 'node:assert/strict';
import { statusBarItemId } from '#contributions';
import { liveCrew } from '#test/simulator/scripts';
import { useScene } from './scene';
import { rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

describe(`Statuses and the focus of the window, ${versionAsked()}:`, function () {
  this.timeout(240_000);
  const scene = useScene({ deployments: [liveCrew], startsWhenPolled: true });

  it('an outdated status is shown with the time of its last update in the row and the status bar', async () => {
    const { window } = scene.stage;
    const deployment = scene.simulator.deployment();
    const id = deployment.addRun({ script: { endsWith: 'never', endsAfter: 12 } });
    await trackInNewDeployment(window, { ...deployment, id, label: 'Crew' });
    assert.match((await rowThatSays(window, /^\w{8} 0\/3 · .*research_task/)).iconClass, /codicon-modifier-spin/);

    deployment.setTrouble([{ fromRequest: 1, kind: 'stall' }]);
    const row = await rowThatSays(window, /^\w{8} last updated \d\d:\d\d · \d\/3 · /);
    assert.match(row.iconClass, /codicon-sync-ignored/);
    assert.match(row.ariaLabel, /^\w{8}, running, last updated \d\d:\d\d, /);
    const item = await until('an outdated status bar item', async () => {
      const found = await window.statusItem(statusBarItemId);
      return found?.ariaLabel.includes('last updated') === true ? found : undefined;
    });
    assert.match(item.text, /^\d\/3 \w+_task$/);
    await window.hover(window.page.locator(`[id$="${statusBarItemId}"]`).first(), /: \d\/3 \w+_task · last updated \d\d:\d\d/);
  });

  it("a window polls less often while it isn't focused", async () => {
    const { window } = scene.stage;
    const { requests } = scene.simulator;
    scene.simulator.deployment().setTrouble([]);
    await window.command('CrewAI: Refresh');
    const row = await rowThatSays(window, /^\w{8} \d\/3/);
    assert.match(row.iconClass, /codicon-modifier-spin/);
    const nextRequest = async (): Promise<number> => {
      const [startedAt, before] = [Date.now(), requests.length];
      await until('the next request', () => requests.length > before);
      return (Date.now() - startedAt) / 1_000;
    };
    await window.setFocused(false);
    await nextRequest();
    const away = await nextRequest();
    assert.ok(away > 12, `${away} s without the focus`);
    await window.setFocused(true);
    const back = await nextRequest();
    assert.ok(back < 12, `${back} s after the return`);
  });

  it('a finished run whose report is visible is marked as read only when the window has the focus', async () => {
    const { window } = scene.stage;
    const deployment = scene.simulator.deployment();
    deployment.setTrouble([]);
    await trackAt(window, deployment.addRun({ id: 'finishes-later', script: { queueSeconds: 0, endsAfter: 15 } }));
    await rowThatSays(window, /^finishes-later \d\/3/);
    await window.openRow(/^finishes-later/);
    await window.waitForPreview(/finishes-later/);
    await window.setFocused(false);
    await rowSpokenAs(window, /unread, succeeded, .*finishes-later/);
    await window.setFocused(true);
    await rowSpokenAs(window, /^[^,]+, succeeded, .*finishes-later/);
  });
});
