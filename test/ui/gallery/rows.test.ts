import path from 'node:path';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator } from '#test/simulator/server';
import type { Trouble } from '#test/simulator/trouble';
import { startCanned } from '#test/ui/canned';
import { openScene } from '#test/ui/scene';
import { rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, useLanguage, versionAsked } from '#test/ui/stage';
import type { Workbench } from '../../support/host/window.mjs';
import { hour } from '#test/support/manualClock';

const themes = {
  light: /^(?:Default )?Light Modern/,
  dark: /^(?:Default )?Dark Modern/,
  'high-contrast-dark': /^(?:Default |Dark )?High Contrast(?! Light)/,
  'high-contrast-light': /^(?:Default )?(?:High Contrast Light|Light High Contrast)/,
};

/** Widths of the side bar, in pixels: the narrowest that VS Code allows, the default, and a wide side bar. */
const widths = { narrow: 170, default: 300, wide: 620 };

const activityBar = 48;
const height = 1_150;

const report = '# State of AI agents\n\nThree frameworks were compared.';
const now = Date.now();

function progress(completed: number, startedMsAgo: number, current = 'research_task'): object {
  const started = new Date(now - startedMsAgo).toISOString();
  return {
    state: 'RUNNING',
    progress: { unit: 'task', completed, total: 3, current, current_agent: 'Senior Researcher', started_at: started },
    last_step: { thought: 'I should look for recent sources', tool: 'search_the_internet' },
    ...(completed > 0 && { last_executed_task: { name: 'plan_task', agent: 'Planner', output: '## Plan' } }),
  };
}

const documented = (seconds: number, output: string): object => ({
  status: 'completed',
  result: { output, tasks: [{ task_id: 'research_task', agent: 'Senior Researcher', output: '## Findings', execution_time: seconds / 2 }] },
  execution_time: seconds,
});

const quota = "Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan and billing details.'}}";

/** Runs by the beginning of their IDs, with their first status, and their final status if they finish during the test. */
const runs: Readonly<Record<string, { readonly first: object; readonly last?: object; readonly isRead?: true }>> = {
  '0f0f0001': { first: documented(610, report) },
  '0f0f0002': { first: documented(600, '{"title": "Leads of the week", "leads": []}') },
  '0f0f0003': { first: documented(620, '{"lead_score": 82, "company": "Acme"}') },
  '0f0f0004': { first: documented(590, '# A comparison of the frameworks for building agents that remember what they did') },
  '0f0f0005': { first: documented(605, '# 为期 7 天的日本科技文化之旅') },
  '5ca1ab1e': { first: progress(2, 0.166 * hour), last: documented(600, report) },
  '5eaf00d5': { first: progress(2, 0.16 * hour), last: { state: 'FAILED', status: quota } },
  deadbeef: { first: progress(2, 0.158 * hour), last: { state: 'FAILED', status: 'ValueError: SERPER_API_KEY is not set' }, isRead: true },
  '57099ed0': { first: progress(1, 0.1 * hour), last: { state: 'REVOKED' }, isRead: true },
  '0ddba115': { first: { state: 'NOT FOUND' } },
  '0c0ffee0': { first: { state: 'REHYDRATING', progress: { completed: 1, total: 3 } } },
  ba5eba11: { first: { state: 'PAUSED', progress: { completed: 1, total: 3, current: 'approve_task' } } },
  '0b57ac1e': { first: progress(1, 0.4 * hour) },
  cab005e5: { first: progress(1, 250_000) },
  '0ff1ce00': { first: progress(0, 20_000) },
  '9e0ed000': { first: { state: 'PENDING' } },
};

const idOf = (short: string): string => `${short}-5b1e-4f44-a3b9-f1fc22a90d01`;

/** Problems that affect only one run, by the beginning of its ID. */
const own: Readonly<Record<string, Trouble>> = {
  bad00500: { from: 0, kind: 'serverError' },
  bad00200: { from: 0, kind: 'html', status: 200 },
  bad00403: { from: 0, kind: 'forbidden' },
  bad00410: { from: 0, kind: 'refused', sentence: 'This execution was archived and cannot be read any more' },
  bad64000: { from: 0, kind: 'huge', mebibytes: 65 },
};

describe(`Pictures of the rows, ${versionAsked()},`, function () {
  this.timeout(900_000);
  const names = ['own', 'noToken', 'tokenRefused', 'throttled', 'moved', 'wrongAddress'];
  const scene = openScene(async () => ({
    simulator: await startSimulator({ deployments: names.map((name) => ({ ...liveCrew, name })), startsWhenPolled: true }),
    canned: await startCanned(),
  }));

  before(async () => {
    const { canned, simulator, stage } = scene;
    for (const [short, { first }] of Object.entries(runs)) canned.setStatus(idOf(short), first);
    const { window } = stage;
    await window.page.setViewportSize({ width: 1_280, height });
    const track = (url: string, label: string, id: string, token: string | undefined): Promise<void> =>
      trackInNewDeployment(window, { id, url, label, token });
    const simulated = async (name: string, label: string, change: { url?: string; token?: string | undefined } = {}): Promise<void> => {
      const id = simulator.addRun({ deployment: name, script: { endsWith: 'never' } });
      const { url = simulator.deployment(name).url } = change;
      await track(url, label, id, 'token' in change ? change.token : liveCrew.token);
    };

    await takePicture(window, 'welcome', widths.default);
    await addDeployment(window, canned.url, 'Research Crew');
    await until('the hint', async () => (await window.sideBarText()).includes('No runs yet'));
    await takePicture(window, 'no-runs', widths.default);
    for (const id of Object.keys(runs).map(idOf)) await trackAt(window, `${canned.url}/status/${id}`);
    const [own1 = '', ...ownOthers] = Object.entries(own).map(([short, trouble]) =>
      simulator.addRun({ deployment: 'own', id: idOf(short), script: { endsWith: 'never', trouble: [trouble] } }),
    );
    await track(simulator.deployment('own').url, 'Lead Scoring', own1, liveCrew.token);
    for (const id of ownOthers) await trackAt(window, `${simulator.deployment('own').url}/status/${id}`);
    await simulated('noToken', 'Social Media', { token: undefined });
    await simulated('tokenRefused', 'Market Research');
    await simulated('throttled', 'News Digest');
    await simulated('moved', 'Contract Review');
    await simulated('wrongAddress', 'Onboarding', { url: `${simulator.deployment('wrongAddress').url}/api` });
    simulator.deployment('tokenRefused').setToken('tok-demo-second');
    simulator.deployment('throttled').setTrouble([{ from: 0, kind: 'throttled', retryAfter: 7_200 }]);
    simulator.deployment('moved').setTrouble([{ from: 0, kind: 'redirect', location: canned.url }]);

    const finished = Object.entries(runs).filter(([, { last }]) => last);
    for (const [short] of finished) await rowThatSays(window, new RegExp(`^${short} \\d/3`));
    for (const [short, { last }] of finished) canned.setStatus(idOf(short), last ?? {});
    await window.rowAction(/^0ff1ce00/, 'Mute Run');
    await window.rowAction(/^cab005e5/, 'Rename');
    await window.box.fill(/label/, 'Weekly research');
    for (const [short] of finished) await rowSpokenAs(window, new RegExp(`now.* ${short}-`), 90_000);
    for (const [short, { isRead }] of finished) if (isRead) await window.rowAction(new RegExp(`^${short}`), 'Mark as Read');
    await window.expand(/^Weekly research/);
    await window.expand(/Kickoff ID: 0f0f0001/);
    for (const pattern of [/^News Digest throttled until/, /^Market Research token rejected/, /^Contract Review redirects/])
      await rowThatSays(window, pattern, 90_000);
    await window.dismissNotifications();
  });
  for (const [theme, title] of Object.entries(themes))
    it(`are taken in three widths in the ${theme} theme`, async () => {
      await takePictures(scene.stage.window, { title, prefix: theme, names: ['narrow', 'default', 'wide'] });
      await setWidth(scene.stage.window, widths.default);
    });

  it('of 30 runs of one crew are taken in every theme and width', async () => {
    const { canned, stage } = scene;
    const { window } = stage;
    const url = `${canned.url}/nightly`;
    const ids = Array.from({ length: 30 }, (_, index) => idOf(`d16e57${String(index).padStart(2, '0')}`));
    for (const [index, id] of ids.entries()) {
      const ended = now - (index + 0.5) * 0.9 * hour;
      const [started_at, finished_at] = [ended - 600_000, ended].map((at) => new Date(at).toISOString());
      canned.setStatus(id, { ...documented(580 + 7 * index, '# State of AI agents in 2026, by framework'), started_at, finished_at });
    }
    await addDeployment(window, url, 'Nightly Digest');
    await window.command('CrewAI: Track Kickoff');
    await window.box.fill(/kickoff ID/, ids.map((id) => `${url}/status/${id}`).join('\n'));
    await window.box.closed();
    await rowThatSays(window, /^State of AI age.* d16e5701$/, 90_000);
    await window.clickInSideBar('Collapse All');
    await window.expand(/^Nightly Digest/);
    for (const [theme, title] of Object.entries(themes))
      await takePictures(window, { title, prefix: `one-crew-${theme}`, names: ['narrow', 'default', 'wide'] });
  });

  for (const language of ['zh-cn', 'pt-br'])
    it(`are taken in every theme and in two widths in the language ${language}`, async () => {
      await useLanguage(scene.stage, language);
      await rowThatSays(scene.stage.window, /^Research Crew/);
      for (const [theme, title] of Object.entries(themes))
        await takePictures(scene.stage.window, { title, prefix: `${language}-${theme}`, names: ['narrow', 'default'] });
    });
});

async function takePictures(
  window: Workbench,
  { title, prefix, names }: { title: RegExp; prefix: string; names: readonly (keyof typeof widths)[] },
): Promise<void> {
  await window.command('Preferences: Color Theme');
  await window.box.pickRow(title);
  await window.box.closed();
  for (const name of names) {
    await setWidth(window, widths[name]);
    await window.focusRow(/^Research Crew/);
    await window.page.waitForTimeout(300);
    await takePicture(window, `${prefix}-${name}`, widths[name]);
  }
}

/** Takes a picture of the side bar and the status bar below it. */
async function takePicture({ page }: Workbench, name: string, width: number): Promise<void> {
  const clip = { x: 0, y: 0, width: activityBar + width + 2, height };
  await page.screenshot({ path: path.join('dist/gallery/rows', versionAsked(), `${name}.png`), clip });
}

async function addDeployment(window: Workbench, url: string, label: string): Promise<void> {
  const { box } = window;
  await window.command('CrewAI: Add Deployment');
  await box.fill(/URL/, url);
  await box.fill(/label/, label);
  await box.fill(/token/, 'tok-canned');
  await box.closed();
}

/** Drags the edge of the side bar. */
async function setWidth({ page }: Workbench, width: number): Promise<void> {
  const sideBar = page.locator('.part.sidebar');
  await until(`a side bar of ${width} pixels`, async () => {
    const box = await sideBar.boundingBox();
    if (!box) throw new Error('no side bar');
    if (Math.round(box.width) === width) return true;
    await page.mouse.move(box.x + box.width, 500);
    await page.mouse.down();
    await page.mouse.move(activityBar + width, 500, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(900, 500);
    throw new Error(`${box.width}`);
  });
}
