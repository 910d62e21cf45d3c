import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { startDemo } from '#test/simulator/demo';
import { liveCrew } from '#test/simulator/scripts';
import { openStage, rowThatSays, statusBarThatSays, until, type Stage } from './stage';

const pictures = path.resolve('dist/tour');

interface Step {
  readonly name: string;
  readonly title: string;
  readonly run: (stage: Stage, url: string) => Promise<unknown>;
}

/** The first steps of a new user. A step checks the content of the window, and is saved as a picture. */
const steps: readonly Step[] = [
  {
    name: 'welcome',
    title: 'An empty list shows a welcome text with two buttons',
    run: ({ window }) => until('the welcome text', async () => /Start Run…[^]*Track Kickoff/.test(await window.sideBarText())),
  },
  {
    name: 'deployment',
    title: 'Start Run asks for the URL of the deployment, and for a label',
    run: async ({ window }, url) => {
      await window.command('CrewAI: Start Run…');
      await window.box.fill(/URL/, `${url}/kickoff`);
      await window.box.shows(/label/);
      await window.box.type('Research crew');
    },
  },
  {
    name: 'token',
    title: 'The next box is for the token, and shows when the deployment rejects the token',
    run: async ({ window }) => {
      await window.box.enter();
      await window.box.fill(/token/, 'tok-demo-wrong');
      await window.box.shows(/rejected this token/);
    },
  },
  {
    name: 'inputs',
    title: 'A box for each input follows',
    run: async ({ window }) => {
      await window.box.fill(/token/, liveCrew.token);
      await window.box.shows(/Start Run.*topic/s);
      await window.box.type('AI agents');
    },
  },
  {
    name: 'row',
    title: 'The run appears below its deployment, with its first input as its name',
    run: async ({ window }) => {
      await window.box.enter();
      await window.box.fill(/Start Run.*audience/s, 'engineers');
      await window.box.closed();
      await rowThatSays(window, /^Research crew 1 active/);
      await rowThatSays(window, /^AI agents (queued|0\/3 · .*research_task)/);
    },
  },
  {
    name: 'progress',
    title: 'The progress is updated in the tree and in the status bar',
    run: async ({ window }) => {
      await rowThatSays(window, /^AI agents [12]\/3 · \d+s · (analysis|reporting)_task/);
      await statusBarThatSays(window, /^[12]\/3 (analysis|reporting)_task$/);
      await window.expand(/^AI agents/);
      await rowThatSays(window, /^research_task (~\d+s · )?Senior Researcher/);
    },
  },
  {
    name: 'notice',
    title: 'A notification appears when the run succeeds',
    run: async ({ window }) => {
      await window.waitForNotification(/^Research crew: AI agents succeeded in ~?\d+s\.$/);
      await rowThatSays(window, /^AI agents .*\d+s · now/);
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
    title: 'A click on the run opens the report with every task and the inputs',
    run: async ({ window }) => {
      await window.page.setViewportSize({ width: 1_000, height: 680 });
      await window.openRow(/^AI agents/);
      await window.waitForPreview(/Succeeded[\s\S]*tokens used[\s\S]*State of AI agents[\s\S]*research_task[\s\S]*reporting_task/);
      await window.collapse(/^AI agents/);
    },
  },
  {
    name: 'again',
    title: 'Start Again offers the same inputs, or boxes with these inputs',
    run: async ({ window }) => {
      await window.command('CrewAI: Start Again…');
      await window.box.pickRow(/^Edit the Inputs/);
      await window.box.fill(/Start Run.*topic/s);
      await window.box.shows(/Start Run.*audience/s);
      await window.box.type('managers');
    },
  },
  {
    name: 'compare',
    title: 'Compare with Previous Run shows both outputs side by side',
    run: async ({ window }) => {
      await window.box.enter();
      await window.box.closed();
      await rowThatSays(window, /^AI agents/);
      await window.waitForNotification(/^Research crew: AI agents succeeded in ~?\d+s\.$/);
      await window.dismissNotifications();
      await window.rowAction(/^AI agents/, 'Compare with Previous Run');
      await until('the comparison', async () => (await window.tabs()).some(({ label }) => label.includes('↔')));
    },
  },
  {
    name: 'stop',
    title: 'Stop Run stops a run after a confirmation',
    run: async ({ window }) => {
      await window.rowAction(/^AI agents/, 'Start Again…');
      await window.box.pickRow(/^Start with the Same Inputs/);
      await window.acceptDialog(/Start a run in/);
      await rowThatSays(window, /^AI agents .*task/);
      await window.rowAction(/^AI agents/, 'Stop Run');
      await window.acceptDialog(/Stop the run AI agents/);
      await window.waitForNotification(/^Research crew: AI agents was stopped/);
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
