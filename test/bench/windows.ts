// Measures how long four windows of one profile block their extension hosts, with 5,000 runs and results of 10 MB, in comparison with an
// extension that only registers a tree. Argument: seconds of work.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator, type Simulator } from '#test/simulator/server';
import { SteppedTime } from '#test/support/steppedTime';
import { installHost } from '../support/host/install.mjs';
import { startServer, type Server } from '../support/host/server.mjs';
import { openBrowser, until, type Workbench } from '../support/host/window.mjs';
import { addSlowRuns, dataIn, extensionIn, ids, largeScripts } from './costsHosts';
import { benchmark } from './figures';
import type { Watched, WatchOrder } from './hosted/looks';
import { looksIn, windowRows, type Seen } from './windowsTable';

const seconds = Number(process.argv[2] ?? 60);
const [many, openRuns, windowCount] = [5_000, 40, 4];

benchmark(async (folder) => {
  const found = {
    tree: await measured(folder, 'tree', 0),
    empty: await measured(folder, 'ours', 0),
    full: await measured(folder, 'ours', many),
  };
  for (const row of windowRows(found)) console.log(row);
});

/** Measures four windows with a history of this many runs. Some runs are active, and continue once all windows are open. */
async function measured(folder: string, kind: 'ours' | 'tree', runs: number): Promise<readonly Seen[]> {
  console.log(`Four windows, ${kind === 'tree' ? 'a tree alone' : `${runs} runs`} …`);
  const time = new SteppedTime();
  const simulator = await startSimulator({ deployments: [liveCrew], startsWhenPolled: true, now: time.now });
  const open = runs > 0 ? ids('b', openRuns) : [];
  addSlowRuns(simulator, open);
  const { url, token } = simulator.deployment();
  const place = mkdtempSync(path.join(folder, 'windows-'));
  const order: WatchOrder = { folder: place, url, token };
  const server = await startServer(await installHost('newest'), {
    dataDir: await dataIn(place, url, Math.max(0, runs - open.length), open),
    extensionsDir: extensionsIn(place, kind),
    env: { KICKOFFS_DELAYS: JSON.stringify(order) },
  });
  const browser = await openBrowser();
  try {
    const windows: Workbench[] = [];
    for (let one = 0; one < windowCount; one++) {
      const window = await browser.newWindow();
      await window.open({ url: server.url });
      await window.command('View: Show CrewAI Kickoffs');
      await until('its rows', async () => (await window.rows()).length > 0, 120_000);
      windows.push(window);
    }
    await sleep(5_000);
    const worksFrom = Date.now();
    await work(windows, time);
    if (runs > 0) printRequests(simulator, open.slice(0, largeScripts.length));
    return await seen(server, place, worksFrom);
  } finally {
    await browser.close();
    await server.stop();
    await simulator.stop();
  }
}

/** Advances the time by one second at a time. Another window gets the focus every ten seconds. */
async function work(windows: readonly Workbench[], time: SteppedTime): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    if (second % 10 === 0) await windows[(second / 10) % windows.length]?.page.bringToFront();
    await sleep(1_000);
    time.pass(1);
  }
}

/** Prints the number of requests, which shows that the windows weren't idle. */
function printRequests({ requests }: Simulator, large: readonly string[]): void {
  const missing = large.filter((id) => !requests.some((one) => one.path.endsWith(id)));
  console.log(`${requests.length} requests; ${large.length - missing.length} of ${large.length} large results requested`);
}

async function seen(server: Server, place: string, worksFrom: number): Promise<readonly Seen[]> {
  return Promise.all(
    server.extensionHostPids().map(async (pid) => {
      const file = (ending: string): string => path.join(place, `${pid}.${ending}`);
      process.kill(pid, 'SIGUSR2');
      await until('the results of an extension host', () => existsSync(file('json')), 120_000);
      return { worksFrom, looks: looksIn(file('looks')), ...(JSON.parse(readFileSync(file('json'), 'utf8')) as Watched) };
    }),
  );
}

function extensionsIn(place: string, kind: 'ours' | 'tree'): string {
  const [extensions, delays] = [path.join(place, 'extensions'), path.join(place, 'extensions/kickoffs-bench.delays-0.0.1')];
  const extension = extensionIn(place, kind, { activationEvents: ['onStartupFinished', 'onFileSystem:crewai-kickoff'] });
  cpSync(extension, path.join(extensions, 'kickoffs.crewai-kickoffs-0.1.0'), { recursive: true });
  mkdirSync(delays, { recursive: true });
  cpSync('dist/bench/hosted/delays.js', path.join(delays, 'delays.js'));
  const manifest = { name: 'delays', publisher: 'kickoffs-bench', version: '0.0.1', engines: { vscode: '^1.104.0' } };
  writeFileSync(path.join(delays, 'package.json'), JSON.stringify({ ...manifest, activationEvents: ['*'], main: './delays.js' }));
  return extensions;
}
