import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { startDemo } from '#test/simulator/demo';
import { liveCrew } from '#test/simulator/scripts';
import { openStage, rowThatSays, statusBarThatSays, until, type Stage } from './stage';

const pictures = path.resolve('dist/tour');
const id = 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01';

interface Step {
  readonly name: string;
  readonly title: string;
  readonly run: (stage: Stage, url: string) => Promise<unknown>;
}

/** The first steps of a new user. A step checks the content of the window, and is saved as a picture. */
const steps: readonly Step[] = [
  {
    name: 'welcome',
    title: 'An empty list shows a welcome text with one button',
    run: ({ window }) => until('the welcome text', async () => (await window.sideBarText()).includes('Paste a kickoff ID')),
  },
  {
    name: 'kickoff-id',
    title: 'Track Kickoff shows a box for the kickoff ID',
    run: async ({ window }) => {
      await window.command('CrewAI: Track Kickoff');
      await window.box.shows(/kickoff ID/);
      await window.box.type(id);
    },
  },
  {
    name: 'label',
    title: 'The next boxes are for the URL of the deployment, and for a label',
    run: async ({ window: { box } }, url) => {
      await box.enter();
      await box.fill(/URL/, `${url}/kickoff`);
      await box.shows(/label/);
      await box.type('Research crew');
    },
  },
  {
    name: 'token',
    title: 'The last box is for the token, and shows when the deployment rejects the token',
    run: async ({ window }) => {
      await window.box.enter();
      await window.box.shows(/token/);
      await rowThatSays(window, /^Research crew token needed$/);
      await window.box.fill(/token/, 'tok-demo-wrong');
      await window.box.shows(/rejected this token/);
    },
  },
  {
    name: 'row',
    title: 'The run appears below its deployment',
    run: async ({ window }) => {
      await window.box.fill(/token/, liveCrew.token);
      await window.box.closed();
      await rowThatSays(window, /^Research crew 1 active/);
      await rowThatSays(window, /^c0ffee01 (queued|0\/3 · .*research_task)/);
    },
  },
  {
    name: 'progress',
    title: 'The progress is updated in the tree and in the status bar',
    run: async ({ window }) => {
      await rowThatSays(window, /^c0ffee01 [12]\/3 · \d+s · (analysis|reporting)_task/);
      await statusBarThatSays(window, /^[12]\/3 (analysis|reporting)_task$/);
      await window.expand(/c0ffee01/);
      await rowThatSays(window, /^research_task (~\d+s · )?Senior Researcher/);
    },
  },
  {
    name: 'notice',
    title: 'A notification appears when the run succeeds',
    run: async ({ window }) => {
      await window.waitForNotification(/^Research crew: State of AI agents succeeded in ~?\d+s\.$/);
      await rowThatSays(window, /^State of AI agents .*\d+s · now · c0ffee01/);
    },
  },
  {
    name: 'output',
    title: 'The button of the notification opens the output in a tab',
    run: async ({ window }) => {
      await window.clickNotification(/ succeeded in /, 'Open Output');
      await until('the output', async () => (await window.editorText()).startsWith('# State of AI agents'));
    },
  },
  {
    name: 'report',
    title: 'A click on the run opens the report with every task',
    run: async ({ window }) => {
      await window.page.setViewportSize({ width: 1_000, height: 680 });
      await window.openRow(/c0ffee01/);
      await window.waitForPreview(/Succeeded[\s\S]*tokens used[\s\S]*State of AI agents[\s\S]*research_task[\s\S]*reporting_task/);
    },
  },
];

await rm(pictures, { recursive: true, force: true });
await mkdir(pictures, { recursive: true });
const { simulator } = await startDemo();
const stage = await openStage();
let title = '';
try {
  // The README shows some of these screenshots. In a larger window, the text of the screenshots would be too small to read. Only the report
  // needs a larger window.
  await stage.window.page.setViewportSize({ width: 800, height: 400 });
  for (const [index, step] of steps.entries()) {
    title = `${index + 1}. ${step.title}`;
    await step.run(stage, simulator.deployment().url);
    const file = path.join(pictures, `${index + 1}-${step.name}.png`);
    await stage.window.screenshot(file);
    console.log(`✔ ${title}  (${path.relative('.', file)})`);
  }
} catch (error) {
  await stage.window.screenshot(path.join(pictures, 'failed.png'));
  console.error(`✘ ${title}\n  ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await simulator.stop();
  await stage.close();
}
