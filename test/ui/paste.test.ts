import assert from 'node:assert/strict';
import { liveCrew } from '../simulator/scripts';
import { startSimulator, type SimulatedDeployment, type Simulator } from '../simulator/server';
import { openStage, rowThatSays, until, versionAsked, type Stage } from './stage';

const ids = [
  'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01',
  'c0ffee02-5b1e-4f44-a3b9-f1fc22a90d02',
  'c0ffee03-5b1e-4f44-a3b9-f1fc22a90d03',
  'c0ffee04-5b1e-4f44-a3b9-f1fc22a90d04',
  'c0ffee05-5b1e-4f44-a3b9-f1fc22a90d05',
] as const;

describe(`What is pasted into Track Kickoff, ${versionAsked()}`, function () {
  this.timeout(240_000);
  let stage: Stage;
  let simulator: Simulator;
  let here: SimulatedDeployment;

  before(async () => {
    simulator = await startSimulator({ deployments: [liveCrew], startsWhenAsked: true });
    here = simulator.deployment();
    for (const id of ids) simulator.addRun({ id, script: { endsWith: 'never' } });
    stage = await openStage(versionAsked());
  });
  after(async () => {
    await simulator.stop();
    await stage.close();
  });

  async function paste(text: string): Promise<void> {
    const { window } = stage;
    await window.command('CrewAI: Track Kickoff');
    await window.box.shows(/kickoff ID/);
    await window.box.type(text);
    await window.box.enter();
  }

  it('may be a curl line: its address is proposed, and its token kept without being shown', async () => {
    const { window } = stage;
    await paste(`curl -H "Authorization: Bearer ${liveCrew.token}" ${here.url}/status/${ids[0]}`);
    await window.box.shows(/URL/);
    assert.equal((await window.box.box()).value, here.url);
    await window.box.enter();
    await window.box.shows(/label/);
    await window.box.type('Crew');
    await window.box.enter();
    await window.box.shows(/token/);
    assert.equal((await window.box.box()).password, true);
    await window.box.enter();
    await window.box.closed();
    await rowThatSays(window, /^c0ffee01 (queued|0\/3)/);
    assert.ok(!(await window.page.content()).includes(liveCrew.token));
  });

  it('may be the JSON that a kickoff answered with', async () => {
    const { window } = stage;
    await paste(`{"kickoff_id": "${ids[1]}"}`);
    await window.box.pickRow(/^Crew/);
    await rowThatSays(window, /^c0ffee02 (queued|0\/3)/);
  });

  it('may hold several: then it is asked which are meant', async () => {
    const { window } = stage;
    await paste(`${ids[2]} and ${ids[3]}`);
    await window.box.pickRow(/^All 2 of them/);
    await window.box.pickRow(/^Crew/);
    await rowThatSays(window, /^c0ffee03 (queued|0\/3)/);
    await rowThatSays(window, /^c0ffee04 (queued|0\/3)/);
  });

  it('with no run in it stays in the box and says so, and Escape keeps it for the next time', async () => {
    const { window } = stage;
    await paste('there is nothing in here');
    await window.box.shows(/no kickoff ID in that/);
    await window.box.escape();
    await window.box.closed();
    await window.command('CrewAI: Track Kickoff');
    await until('the text', async () => (await window.box.box()).value === 'there is nothing in here');
    await window.box.type('https://app.crewai.com/crewai_plus/deployments/1');
    await window.box.enter();
    await window.box.shows(/This is the dashboard/);
    await window.box.escape();
  });

  it('with what may be a secret in it stays in the box, and is not kept', async () => {
    const { window } = stage;
    await window.box.closed();
    await paste('X-API-Key: demo-canary');
    await window.box.shows(/no kickoff ID in that/);
    await window.box.escape();
    await window.box.closed();
    await window.command('CrewAI: Track Kickoff');
    await window.box.shows(/kickoff ID/);
    assert.doesNotMatch((await window.box.box()).value, /canary/);
    await window.box.escape();
  });

  it('comes from the clipboard at the press of a button that the keyboard reaches, and not before', async () => {
    const { window } = stage;
    await window.copy(`kickoff_id:\n  ${ids[4]}\n`);
    await window.command('CrewAI: Track Kickoff');
    await window.box.shows(/kickoff ID/);
    assert.doesNotMatch((await window.box.box()).value, new RegExp(ids[4]), 'it is never read unasked');
    await window.box.press('Paste from Clipboard');
    await window.screenshot('dist/clipboard.png');
    await until('the text', async () => (await window.box.box()).value === `kickoff_id:   ${ids[4]}`);
    await window.box.enter();
    await window.box.pickRow(/^Crew/);
    await window.box.closed();
    await rowThatSays(window, /^c0ffee05 (queued|0\/3)/);
  });

  it('is asked anew when Back is pressed, with what was typed', async () => {
    const { window } = stage;
    await paste(ids[0].replace('c0ffee01', 'c0ffee09'));
    await window.box.shows(/Which deployment/);
    await window.box.back();
    await window.box.shows(/kickoff ID/);
    assert.match((await window.box.box()).value, /^c0ffee09/);
    await window.box.escape();
    await window.box.closed();
  });
});
