import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { statusBarId } from '#contributions';
import { breakages, isBreakage } from '#test/simulator/breakage';
import { startDemo } from '#test/simulator/demo';
import { liveCrew } from '#test/simulator/scripts';
import { openStage, rowThatSays, statusBarThatSays, until, versionAsked, viewTitle, type Stage } from './stage';

const pictures = path.resolve('dist/tour');
const id = 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01';
const label = 'Research crew';

type Step = readonly [title: string, run: (stage: Stage, url: string) => Promise<unknown>];

/** The first steps of a new user. A step checks the content of the window, and is saved as a picture. */
const steps: readonly Step[] = [
  [
    'An empty list shows a welcome text with one button',
    ({ window }) => until('the welcome text', async () => (await window.sideBarText()).includes('Paste a kickoff ID')),
  ],
  [
    'Track Kickoff shows a box for the kickoff ID',
    async ({ window }) => {
      await window.command('CrewAI: Track Kickoff');
      await window.box.shows(/kickoff ID/);
      await window.box.type(id);
    },
  ],
  [
    'The next boxes are for the URL of the deployment, and for a label',
    async ({ window: { box } }, url) => {
      await box.enter();
      await box.fill(/URL/, `${url}/kickoff`);
      await box.shows(/label/);
      await box.type(label);
    },
  ],
  [
    'The last box is for the token, and shows when the deployment rejects the token',
    async ({ window }) => {
      await window.box.enter();
      await window.box.shows(/token/);
      await rowThatSays(window, /^Research crew token needed$/);
      await window.box.type('tok-demo-wrong');
      await window.box.enter();
      await window.box.shows(/rejected this token/);
    },
  ],
  [
    'The run appears below its deployment',
    async ({ window }) => {
      await window.box.type(liveCrew.token);
      await window.box.enter();
      await window.box.closed();
      await rowThatSays(window, /^Research crew 1 active/);
      await rowThatSays(window, /^c0ffee01 (queued|0\/3 · research_task)/);
    },
  ],
  [
    'The progress is updated in the tree and in the status bar',
    async ({ window }) => {
      await rowThatSays(window, /^c0ffee01 [12]\/3 · (analysis|reporting)_task · \d+s/);
      await statusBarThatSays(window, /^[12]\/3 (analysis|reporting)_task$/);
      await window.expand(/c0ffee01/);
      await rowThatSays(window, /^research_task (~\d+s · )?Senior Researcher/);
    },
  ],
  [
    'One notification appears when the run succeeds',
    async ({ window }) => {
      const [notification, ...others] = await until(
        'a notification',
        async () => ((await window.notifications()).length > 0 ? window.notifications() : undefined),
        40_000,
      );
      assert.match(notification?.text ?? '', /^Research crew: c0ffee01 succeeded in ~?\d+s\.$/);
      assert.deepEqual([notification?.buttons, others], [['Open Output', "Don't Show Again"], []]);
      await rowThatSays(window, /^c0ffee01 State of AI agents · .*\d+s · just now/);
      assert.equal(await window.badge(viewTitle), '1');
      assert.equal(await window.statusItem(statusBarId), undefined);
    },
  ],
  [
    'The button of the notification opens the output in a tab',
    async ({ window }) => {
      await window.clickNotification(/ succeeded in /, 'Open Output');
      await until('the output', async () => (await window.editorText()).startsWith('# State of AI agents'));
    },
  ],
  [
    'A click on the run opens the report with every task',
    async ({ window }) => {
      await window.page.setViewportSize({ width: 1_000, height: 680 });
      await window.openRow(/^c0ffee01/);
      const text = await until('the report', async () => {
        const shown = await window.previewText();
        return /State of AI agents[\s\S]*research_task/.test(shown) ? shown : undefined;
      });
      assert.match(text, /Succeeded[\s\S]*tokens used[\s\S]*reporting_task/);
    },
  ],
];

async function tour(): Promise<void> {
  const breaks = process.env['KICKOFFS_BREAK'];
  if (breaks !== undefined && !isBreakage(breaks)) throw new Error(`KICKOFFS_BREAK must be one of ${Object.keys(breakages).join(', ')}.`);
  await rm(pictures, { recursive: true, force: true });
  await mkdir(pictures, { recursive: true });
  const { simulator } = await startDemo({ port: 0, ...(breaks !== undefined && { breaks }) });
  const stage = await openStage(versionAsked());
  // The README shows some of these screenshots. In a larger window, the text of the screenshots would be too small to read. Only the report
  // needs a larger window.
  await stage.window.page.setViewportSize({ width: 800, height: 400 });
  try {
    for (const [index, [title, run]] of steps.entries())
      await show(stage, `${index + 1}`, title, () => run(stage, simulator.deployment().url));
  } finally {
    await simulator.stop();
    await stage.close();
  }
}

const names = ['welcome', 'kickoff-id', 'label', 'token', 'row', 'progress', 'notice', 'output', 'report'];

async function show({ window }: Stage, number: string, title: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
    const file = path.join(pictures, `${number}-${names[Number(number) - 1] ?? 'step'}.png`);
    await window.screenshot(file);
    console.log(`✔ ${number}. ${title}  (${path.relative('.', file)})`);
  } catch (error) {
    await window.screenshot(path.join(pictures, 'failed.png'));
    console.error(`✘ ${number}. ${title}\n  ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  }
}

try {
  await tour();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
