import { useCannedScene } from './scene';
import { rowSpokenAs, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

const line = '{"verdict":"good","big":12345678901234567890,"items":[{"id":1}]}';
const indented = '{\n  "verdict": "good",\n  "big": 12345678901234567890,\n  "items": [\n    {\n      "id": 1\n    }\n  ]\n}';
const doneRun = {
  status: 'completed',
  result: { output: '# Summary\n\nDone.', tasks: [{ task_id: 'collect', agent: 'a', execution_time: 1, output: line }] },
};
const outputs = { 'first-run': '{"n":1}', 'later-run': '{"n":2}', 'other-run': '{"n":3}' } as const;
const titles = ['Open Report', 'Open Output', 'Copy Output', 'Compare with Previous Run', 'Open in Browser'];

describe(`Documents of runs, ${versionAsked()}:`, function () {
  this.timeout(400_000);
  const scene = useCannedScene(() => ({
    ...Object.fromEntries(Object.entries(outputs).map(([id, result]) => [id, { status: 'completed', result }])),
    'done-run': doneRun,
  }));

  before(async () => {
    const { canned, stage } = scene;
    const { window } = stage;
    await trackInNewDeployment(window, { id: 'first-run', url: canned.url, token: 'tok-canned', label: 'Canned' });
    for (const id of ['later-run', 'done-run']) await trackAt(window, id);
    // The newest run, and the first of two deployments. A question would offer it first.
    await trackInNewDeployment(window, { id: 'other-run', url: `${canned.url}/beside`, token: 'tok-canned', label: 'Beside' });
    for (const id of [...Object.keys(outputs), 'done-run']) await rowSpokenAs(window, new RegExp(`succeeded.*${id}`));
    await window.dismissNotifications();
  });
  afterEach(() => scene.stage.window.closeEditors());

  const titleBar = () => scene.stage.window.page.locator('.editor-group-container.active .title .editor-actions .action-label');

  async function buttonsAre(...wanted: readonly string[]): Promise<void> {
    await until(`the buttons ${wanted.join()}`, async () => {
      const labels = await Promise.all(
        (await titleBar().all()).map(async (one) => (await one.getAttribute('aria-label', { timeout: 1_000 })) ?? ''),
      );
      const ours = labels.flatMap((label) => titles.filter((title) => label.startsWith(title)));
      if (ours.join() !== wanted.join()) throw new Error(labels.join());
      return true;
    });
  }

  async function clickInTitle(title: string): Promise<void> {
    await titleBar()
      .and(scene.stage.window.page.locator(`[aria-label^="${title}"]`))
      .click();
  }

  const open = {
    report: async () => {
      await scene.stage.window.openRow(/^later-run/);
      await scene.stage.window.waitForPreview(/^later-run/);
    },
    output: async () => {
      await scene.stage.window.rowAction(/^later-run/, 'Open Output');
      await scene.stage.window.waitForTab(/^later-run\.json\.output$/);
    },
    comparison: async () => {
      await scene.stage.window.rowAction(/^later-run/, 'Compare with Previous Run');
      await scene.stage.window.waitForTab(/first-run ↔ later-run/);
    },
  };

  async function copies(text: string): Promise<void> {
    await until(`${text} in the clipboard`, async () => (await scene.stage.window.clipboard()) === text);
    await scene.stage.window.copy('nothing');
  }

  const closeBox = async (shown: RegExp): Promise<void> => {
    const { box } = scene.stage.window;
    await box.cancel(shown);
  };

  const effects: Readonly<Record<string, () => Promise<void>>> = {
    'Copy Output': () => copies(outputs['later-run']),
    'Copy Kickoff ID': () => copies('later-run'),
    'Open Output': () => scene.stage.window.waitForTab(/^later-run\.json\.output$/),
    'Open Raw Response': () => scene.stage.window.waitForTab(/^later-run\.status\.output$/),
    'Compare with Previous Run': () => scene.stage.window.waitForTab(/first-run ↔ later-run/),
    'Save Output As…': () => closeBox(/later-run\.output\.json/),
    Rename: () => closeBox(/label.*later-run/),
    'Open in Browser': () => closeBox(/Canned/),
    'Edit Deployment': () => closeBox(/^Edit Deployment(?!.*beside).*127/),
  };

  it('a report has the title buttons Open Output, Copy Output, Compare with Previous Run, and Open in Browser', async () => {
    await open.report();
    await buttonsAre('Open Output', 'Copy Output', 'Compare with Previous Run', 'Open in Browser');
  });

  it('an output has the title buttons Open Report and Compare with Previous Run', async () => {
    await open.output();
    await buttonsAre('Open Report', 'Compare with Previous Run');
  });

  it("each title button of a report runs its command for the report's run", async () => {
    for (const title of ['Copy Output', 'Compare with Previous Run', 'Open in Browser', 'Open Output']) {
      await open.report();
      await clickInTitle(title);
      await effects[title]?.();
    }
  });

  for (const [what, openIt] of Object.entries(open))
    it(`commands from the Command Palette apply to the run of the active ${what} without a quick pick of runs`, async () => {
      const { window } = scene.stage;
      for (const [title, takesEffect] of Object.entries(effects)) {
        await openIt();
        await window.command(`CrewAI: ${title}`);
        await takesEffect();
      }
    });

  it('Copy Output in a comparison copies the output on the side with the cursor', async () => {
    const { window } = scene.stage;
    await open.comparison();
    await window.pointAt('"n"');
    await window.page.mouse.down();
    await window.page.mouse.up();
    await window.command('CrewAI: Copy Output');
    await copies(outputs['first-run']);
  });

  const waitForText = (text: string) => until(`the text ${text}`, async () => (await scene.stage.window.editorText()) === text);

  async function openTaskOutput(): Promise<void> {
    const { window } = scene.stage;
    await window.expand(/done-run/);
    await window.row(/^.*collect/).click();
    await window.waitForTab(/^01-collect\.json\.output$/);
    await waitForText(indented);
  }

  it('Copy Output copies the exact output of a task while the active tab shows the output indented', async () => {
    const { window } = scene.stage;
    await openTaskOutput();
    await window.command('CrewAI: Copy Output');
    await until('the exact task output', async () => (await window.clipboard()) === line);
  });

  it("Open Report opens a run's report while the active tab shows the output of one of its tasks", async () => {
    const { window } = scene.stage;
    await openTaskOutput();
    await window.command('CrewAI: Open Report');
    await window.waitForPreview(/^done-run/);
    await window.collapse(/done-run/);
  });
});
