import assert from 'node:assert/strict';
import { unfold } from '../support/host/rendered.mjs';
import { useCannedScene } from './scene';
import { rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

const prompt = 'Compare the frameworks:\n\n- <b>agents</b> & flows\n- **memory**\n';
const sites = ['https://h.example', { depth: 2 }];

const inputs = {
  first: { topic: 'AI agents', audience: '[engineers](https://h.example)', prompt, sites },
  second: { topic: 'AI agents', audience: 'managers', prompt, sites },
} as const;

/** Returns a status of a run with this output. */
function finished(result: string, seconds: number, tokens: number): object {
  return { state: 'SUCCESS', status: null, result, duration_seconds: seconds, usage_metrics: { total_tokens: tokens } };
}

describe(`The inputs of runs, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useCannedScene(() => ({
    'first-run': finished('# Agents\n\nFor engineers.', 250, 12_345),
    'second-run': finished('# Agents\n\nFor managers.', 42, 2_345),
    'plain-run': finished('# Agents\n\nFor managers.', 60, 100),
    'private-run': finished('# Agents', 60, 100),
  }));
  const pasted = (of: object, id: string): string => {
    const body = JSON.stringify({ inputs: of });
    return `curl -X POST ${scene.canned.url}/kickoff -H 'Content-Type: application/json' -d '${body}' {"kickoff_id": "${id}"}`;
  };

  before(async () => {
    const { canned, stage } = scene;
    const first = { id: 'first-run', url: canned.url, token: 'tok-canned', label: 'Canned' };
    await trackInNewDeployment(stage.window, { ...first, paste: pasted(inputs.first, 'first-run') });
    await trackAt(stage.window, pasted(inputs.second, 'second-run'));
    await trackAt(stage.window, 'plain-run');
    for (const id of ['first-run', 'second-run', 'plain-run']) await rowSpokenAs(stage.window, new RegExp(`succeeded.*${id}`));
    await stage.window.dismissNotifications();
  });

  const openReport = async (id: string) => {
    const { window } = scene.stage;
    await window.openRow(new RegExp(id));
    await window.waitForPreview(new RegExp(id));
    return window.preview().locator('body');
  };

  it("that were pasted in a curl command are shown as plain text in the run's tooltip, at most three of them", async () => {
    const { window } = scene.stage;
    const tooltip = await window.hover(window.row(/first-run/), /Input topic/);
    const lines = tooltip.split('\n').slice(-4);
    assert.deepEqual(lines.slice(0, 2), ['Input topic: AI agents', 'Input audience: [engineers](https://h.example)']);
    assert.match(lines[2] ?? '', /^Input prompt: Compare the frameworks: - <b>agents<\/b> & flows - \*\*memory\*\*$/);
    assert.equal(lines[3], 'More inputs: 1');
  });

  it('are shown unchanged in a collapsed section of the report', async () => {
    const body = await openReport('first-run');
    const part = body.locator('details').first();
    assert.equal(await part.locator('summary').innerText(), 'Inputs');
    assert.equal(await part.locator('p').first().isVisible(), false);
    await unfold(part);
    assert.deepEqual(await part.locator('p').allInnerTexts(), [
      'topic: AI agents',
      'audience: [engineers](https://h.example)',
      'prompt',
      'sites',
    ]);
    const blocks = await part.locator('pre code').allTextContents();
    assert.deepEqual(blocks, [`${prompt}\n`, `${JSON.stringify(sites, undefined, 2)}\n`]);
    assert.equal(await part.locator('a').count(), 0);
  });

  it('are not in the report of a run that was tracked only by its kickoff ID', async () => {
    const body = await openReport('plain-run');
    assert.equal(await body.getByText('Inputs').count(), 0);
  });

  it('that differ are listed with the durations and the tokens used in the notification of a comparison', async () => {
    const { window } = scene.stage;
    await window.rowAction(/second-run/, 'Compare with Previous Run');
    await window.waitForTab(/^AI agents \(first-run\) ↔ AI agents \(second-run\)$/);
    const { text } = await window.waitForNotification(/Inputs that differ/);
    assert.equal(text, 'Inputs that differ: audience. Duration: 4m 10s ↔ 42s. Tokens used: 12,345 ↔ 2,345.');
  });

  it('can be compared in another tab with Compare Inputs in the notification of a comparison', async () => {
    const { window } = scene.stage;
    await window.clickNotification(/Inputs that differ/, 'Compare Inputs');
    await window.waitForTab(/^Inputs: AI agents/);
    await until('both documents', async () => /engineers[^]*managers/.test(await window.page.locator('.monaco-diff-editor').innerText()));
    assert.ok((await window.tabs()).some(({ label }) => /^AI agents .* ↔/.test(label)));
  });

  it('can be compared when the outputs are identical and the inputs of only one run are known', async () => {
    const { window } = scene.stage;
    await window.rowAction(/plain-run/, 'Compare with Previous Run');
    const { text } = await window.waitForNotification(/identical/);
    assert.match(text, /^The outputs are identical\. The inputs for plain-run aren't known\. Duration: 42s ↔ 1m/);
    await window.clickNotification(/identical/, 'Compare Inputs');
    await window.waitForTab(/^Inputs: AI agents ↔ plain-run$/);
  });

  it('are listed in copied diagnostics with their names, but without their values', async () => {
    const { window } = scene.stage;
    await window.rowAction(/first-run/, 'Copy Diagnostics');
    await until('the diagnostics', async () => (await window.clipboard()).startsWith('Kickoffs'));
    const text = await window.clipboard();
    assert.match(text, /^Inputs: topic, audience, prompt, sites$/m);
    assert.doesNotMatch(text, /AI agents|engineers|h\.example/);
  });

  it("are added to a tracked run when the user pastes the run's curl command", async () => {
    const { window } = scene.stage;
    const body = await openReport('plain-run');
    await trackAt(window, pasted({ topic: 'Robots' }, 'plain-run'));
    await rowThatSays(window, /^Robots .*plain-run/);
    await until('the inputs in the open report', async () => (await body.locator('details summary').first().innerText()) === 'Inputs');
  });

  it('are neither in the report nor in the tooltip if the setting history.keepInputs is off', async () => {
    const { window } = scene.stage;
    await window.changeSettings({ 'crewaiKickoffs.history.keepInputs': false });
    await trackAt(window, pasted({ topic: 'Secret plans' }, 'private-run'));
    await rowSpokenAs(window, /succeeded.*private-run/);
    const body = await openReport('private-run');
    assert.equal(await body.getByText('Inputs').count(), 0);
    assert.doesNotMatch(await window.hover(window.row(/private-run/), /Kickoff ID/), /Secret plans/);
  });
});
