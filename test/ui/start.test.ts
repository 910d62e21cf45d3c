import assert from 'node:assert/strict';
import { liveCrew } from '#test/simulator/scripts';
import { useScene } from './scene';
import { rowSpokenAs, rowThatSays, trackInNewDeployment, until, versionAsked } from './stage';

const crew = { ...liveCrew, inputs: ['topic', 'audience'], kickoff: { tasks: liveCrew.tasks.map((task) => ({ ...task, seconds: 1 })) } };

const wide = {
  ...crew,
  name: 'wide',
  inputs: ['topic', 'a "quoted" name', 'colon: name', '主题', ...Array.from({ length: 8 }, (_, index) => `input ${index}`)],
};

describe(`Starting and stopping runs, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useScene({ deployments: [crew, wide] });

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

  it('opens a file for more than three inputs, and starts the run from the file', async () => {
    const { simulator, stage } = scene;
    const { window } = stage;
    const { url, token } = simulator.deployment('wide');
    const id = simulator.addRun({ deployment: 'wide', script: { endsWith: 'never', endsAfter: 2 } });
    await trackInNewDeployment(window, { id, url, token, label: 'Wide Crew' });
    await window.dismissNotifications();
    await window.rowAction(/^Wide Crew/, 'Start Run…');
    await until('the file', async () => (await window.editorText()).includes('"inputs"'));
    await window.page.keyboard.type('dogs');
    await window.command('CrewAI: Start Run…');
    await until('the question', () => window.dialog());
    await window.screenshot('dist/pictures/question.png');
    await window.page.keyboard.press('Enter');
    await rowThatSays(window, /^dogs/);
    assert.equal(simulator.deployment('wide').starts.length, 1);
  });

  it('stops a run', async () => {
    const { window } = scene.stage;
    await window.rowAction(/^d|^[0-9a-f]{8}/, 'Stop Run');
    await until('the question', () => window.dialog());
    await window.page.keyboard.press('Enter');
    await rowSpokenAs(window, /stopped/);
  });
});
