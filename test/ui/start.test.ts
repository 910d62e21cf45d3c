import assert from 'node:assert/strict';
import { liveCrew } from '#test/simulator/scripts';
import { useScene } from './scene';
import { rowSpokenAs, rowThatSays, trackInNewDeployment, until, versionAsked } from './stage';

const crew = { ...liveCrew, inputs: ['topic', 'audience'], kickoff: { tasks: liveCrew.tasks.map((task) => ({ ...task, seconds: 1 })) } };

describe(`Starting and stopping runs, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useScene({ deployments: [crew] });

  before(async () => {
    const { simulator, stage } = scene;
    const { url, token } = simulator.deployment();
    const id = simulator.addRun({ script: { endsWith: 'never', endsAfter: 2 } });
    await trackInNewDeployment(stage.window, { id, url, token, label: 'Research Crew' });
    await rowSpokenAs(stage.window, /running/);
  });

  it('asks for each input, sends one request, and shows the run by its first input until its output has a title', async () => {
    const { simulator, stage } = scene;
    const { window } = stage;
    await window.command('CrewAI: Start Run…');
    await window.box.fill(/Start Run.*topic/s, 'AI agents');
    await window.box.fill(/Start Run.*audience/s, 'engineers');
    await window.box.closed();
    await rowThatSays(window, /^AI agents/);
    const [start, ...others] = simulator.deployment().starts;
    assert.deepEqual(others, []);
    assert.deepEqual(start?.body['inputs'], { topic: 'AI agents', audience: 'engineers' });
    await until('the notification', async () => (await window.notifications()).some(({ text }) => /succeeded/.test(text)));
  });
});
