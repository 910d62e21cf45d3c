import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator } from '#test/simulator/server';
import { figure } from '#test/support/fuzz';
import { openLink as openLinkIn, questionIn, startTrap, watchSockets } from './untrustedInput';
import { openScene } from './scene';
import { rowThatSays, trackInNewDeployment, until, versionAsked } from './stage';

const first = 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01';
const second = 'c0ffee02-5b1e-4f44-a3b9-f1fc22a90d02';
const other = 'c0ffee03-5b1e-4f44-a3b9-f1fc22a90d03';
const canary = 'tok-canary-4711';

const base = 'code-oss://kickoffs.crewai-kickoffs';

function linkTo(url: string, id: string): string {
  return `${base}/track?url=${encodeURIComponent(url)}&id=${id}`;
}

describe(`Links to runs, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = openScene(
    async () => ({
      sockets: await watchSockets(),
      trap: await startTrap(),
      here: await startSimulator({ deployments: [liveCrew], startsWhenPolled: true }),
      there: await startSimulator({ deployments: [{ ...liveCrew, name: 'other', token: 'tok-demo-other' }], startsWhenPolled: true }),
    }),
    ({ sockets }) => ({ settings: { 'extensions.confirmedUriHandlerExtensionIds': ['kickoffs.crewai-kickoffs'] }, env: sockets.env }),
  );

  before(async () => {
    const { here, there, stage } = scene;
    for (const id of [first, second]) here.addRun({ id, script: { endsWith: 'never' } });
    there.addRun({ id: other, script: { endsWith: 'never' } });
    await trackInNewDeployment(stage.window, { ...here.deployment(), id: first, label: 'Crew' });
    await rowThatSays(stage.window, /^c0ffee01 0\/3/);
  });

  afterEach('close an open dialog', async () => {
    const { window } = scene.stage;
    if (await window.dialog()) await window.page.keyboard.press('Escape');
  });

  let opened = 0;
  async function openLink(link: string): Promise<void> {
    opened++;
    await openLinkIn(scene.stage, link);
  }

  /** Checks that no connection or lookup happened except for the known deployment. */
  async function expectNoOtherConnections(): Promise<void> {
    const { here, sockets, there, trap } = scene;
    assert.deepEqual(await sockets.unexpected(here.deployment().url), []);
    assert.equal(trap.connections, 0);
    assert.deepEqual(there.requests, []);
  }

  /** Returns the files of the extension and of VS Code, including logs, that contain a text. */
  async function filesContaining(text: string): Promise<readonly string[]> {
    const files = await readdir(path.join(scene.stage.folder, 'data'), { recursive: true, withFileTypes: true });
    const matches = files
      .filter((one) => one.isFile())
      .map(async ({ parentPath, name }) => {
        const file = path.join(parentPath, name);
        return (await readFile(file).catch(() => Buffer.of())).includes(text) ? file : [];
      });
    return (await Promise.all(matches)).flat();
  }

  it('to a known deployment track the run without a confirmation', async () => {
    const { here, stage } = scene;
    await openLink(linkTo(here.deployment().url, second));
    await rowThatSays(stage.window, /^c0ffee02 0\/3/);
    assert.equal(await stage.window.dialog(), undefined);
    await expectNoOtherConnections();
  });

  it('to a tracked run cause a message in the status bar instead of a notification', async () => {
    const { here, stage } = scene;
    await openLink(`${base}/track?url=${here.deployment().url}/status/${second}`);
    await until('the message in the status bar', () => stage.window.statusItem(/already tracked/));
    assert.deepEqual(await stage.window.notifications(), []);
    await expectNoOtherConnections();
  });

  for (const [why, url, origin] of [
    ['with user information in the URL', () => `http://my-crew-1a2b3c4d.crewai.com:443@${scene.trap.host}/`, () => scene.trap.url],
    [
      'with a letter that looks like another letter',
      () => 'https://my-сrew-1a2b3c4d.crewai.com',
      () => 'https://xn--my-rew-1a2b3c4d-otm.crewai.com',
    ],
    [
      'with the longest possible name',
      () => `https://app.crewai.com.${'long-'.repeat(44)}x.evil.example`,
      () => `https://app.crewai.com.${'long-'.repeat(44)}x.evil.example`,
    ],
  ] as const) {
    it(`to an unknown host ${why} cause a confirmation with the real origin before any connection`, async () => {
      await openLink(linkTo(url(), other));
      const question = await questionIn(scene.stage);
      assert.equal(question[0], 'Add the deployment from this link?');
      assert.equal(question[1], origin(), 'the origin is on its own line');
      await expectNoOtherConnections();
    });

    it(`to an unknown host ${why} store nothing if the user cancels the confirmation`, async () => {
      const { window } = scene.stage;
      const labels = async () => (await window.rows()).map(({ label }) => label);
      const rows = await labels();
      await openLink(linkTo(url(), other));
      await questionIn(scene.stage);
      await window.clickDialog('Cancel');
      await window.command('CrewAI: Track Kickoff');
      assert.equal((await window.box.box()).value, '');
      await window.box.escape();
      await window.box.closed();
      assert.deepEqual(await labels(), rows);
      assert.deepEqual(await filesContaining(new URL(origin()).host), []);
      assert.deepEqual(await filesContaining(other), []);
      await expectNoOtherConnections();
    });
  }

  it('to an unknown host without encryption store nothing if the user cancels the warning about the unencrypted token', async () => {
    const { window } = scene.stage;
    await openLink(linkTo('http://crew-1a2b3c4d.example.com', other));
    await questionIn(scene.stage);
    await window.clickDialog('Add Deployment');
    await until('the second question', async () => (await window.dialog())?.includes('unencrypted'));
    await window.clickDialog('Cancel');
    assert.deepEqual(await filesContaining(other), []);
    await expectNoOtherConnections();
  });

  it('to another path of a known origin track nothing if the user cancels the confirmation', async () => {
    const { here, stage } = scene;
    const rows = await stage.window.rows();
    await openLink(linkTo(`${here.deployment().url}/elsewhere`, other));
    assert.equal((await questionIn(stage))[0], 'Add the deployment from this link?');
    await stage.window.clickDialog('Cancel');
    assert.deepEqual(
      (await stage.window.rows()).map(({ label }) => label),
      rows.map(({ label }) => label),
    );
    assert.deepEqual(await filesContaining(other), []);
    await expectNoOtherConnections();
  });

  it('that contain a token are rejected without a trace of the token', async () => {
    const { here, stage, trap } = scene;
    const { url } = here.deployment();
    for (const link of [
      `${linkTo(url, other)}&token=${canary}`,
      `${linkTo(url, other)}&authorization=Bearer%20${canary}`,
      linkTo(`${url}/status/${other}?token=${canary}`, other),
      `${linkTo(url, other)}#access_token=${canary}`,
      `${linkTo(trap.url, other)}&CREWAI_DEPLOYMENT_TOKEN=${canary}`,
    ]) {
      await openLink(link);
      await stage.window.waitForNotification(/^Can't open the link/);
      assert.equal((await stage.window.notifications()).length, 1);
      assert.ok(!(await stage.window.page.locator('body').innerText()).includes(canary));
      await scene.stage.window.takeNotification(/^Can't open the link: .* Links can't contain tokens\.$/);
    }
    assert.deepEqual(await filesContaining(canary), []);
    await expectNoOtherConnections();
  });

  for (const [link, why] of [
    [`${base}/start?url=https%3A%2F%2Fhost.example&id=${other}&inputs=%7B%7D`, /it isn't a link to a run/],
    [`${base}/track?url=ftp%3A%2F%2Fhost.example&id=${other}`, /doesn't contain a deployment URL/],
    [`${base}/track?url=https%3A%2F%2Fhost.example&id=..%2F..`, /doesn't contain a kickoff ID/],
  ] as const)
    it(`that are invalid are rejected with a reason: ${link.slice(base.length)}`, async () => {
      await openLink(link);
      await scene.stage.window.takeNotification(why);
      await expectNoOtherConnections();
    });

  it('to an unknown host cause no connection before the user sets a token, even if the user adds the deployment', async () => {
    const { stage, there } = scene;
    const { window } = stage;
    const { url } = there.deployment();
    await openLink(linkTo(url, other));
    assert.equal((await questionIn(scene.stage))[1], new URL(url).origin);
    await window.clickDialog('Add Deployment');
    await window.box.fill(/label/, 'Other');
    assert.ok((await window.box.shows(/token/)).includes(new URL(url).origin));
    await rowThatSays(window, /^Other token needed/);
    await expectNoOtherConnections();
    figure(6, `${opened} links: 0 connections before the user set a token`);
  });

  it('to an unknown host track the run only with the token that the user sets', async () => {
    const { stage, there } = scene;
    const { window } = stage;
    await window.box.enter('tok-demo-other');
    await rowThatSays(window, /^c0ffee03 0\/3/);
    const tokens = there.requests.map(({ authorization }) => authorization);
    assert.deepEqual([...new Set(tokens)], ['Bearer tok-demo-other']);
  });
});
