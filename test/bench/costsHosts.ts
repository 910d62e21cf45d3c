import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DeploymentKey } from '#core/kickoff/deployment';
import { newKickoff, type Kickoff } from '#core/kickoff/kickoff';
import { schemaVersion } from '#store/schema';
import { KickoffStore } from '#store/store';
import { addKickoff, id, url as urlOf } from '#test/support/builders';
import type { RunScript } from '#test/simulator/runScript';
import { dense, huge, liveCrew } from '#test/simulator/scripts';
import type { Simulator } from '#test/simulator/server';
import type { Order } from './hosted/order';
import { hour } from '#test/support/manualClock';

/** The extension ID in package.json. */
const product = 'kickoffs.crewai-kickoffs';

export const largeScripts: readonly RunScript[] = [
  { ...huge(10), endsAfter: 20 },
  { ...dense(10), endsAfter: 30 },
];

export function ids(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}0000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`);
}

/** Adds active runs to the first deployment, which take three minutes. The first two have results of 10 MB. */
export function addSlowRuns(simulator: Simulator, ids: readonly string[]): void {
  const tasks = liveCrew.tasks.map((task) => ({ ...task, seconds: 60 }));
  ids.forEach((id, index) => simulator.addRun({ id, script: { tasks, ...largeScripts[index] } }));
}

/** Creates a copy of the extension with the files of its build in `dist`, or of an extension that only registers the tree of the same view. */
export function extensionIn(folder: string, kind: 'ours' | 'tree', dist = 'dist'): string {
  const to = mkdtempSync(path.join(folder, `${kind}-`));
  const { contributes, ...manifest } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, unknown>>;
  const { viewsContainers, views } = contributes ?? {};
  const shown = kind === 'ours' ? contributes : { viewsContainers, views };
  writeFileSync(
    path.join(to, 'package.json'),
    JSON.stringify({ ...manifest, contributes: shown, activationEvents: [], main: `./${kind}.js` }),
  );
  for (const file of ['package.nls.json', 'media/kickoffs.svg']) cpSync(file, path.join(to, file));
  const built = kind === 'ours' ? readdirSync(dist).filter((name) => /^(?:extension|worker)/.test(name)) : [];
  for (const name of built) cpSync(path.join(dist, name), path.join(to, 'dist', name), { recursive: true });
  for (const file of [`${kind}.js`, 'probe.js']) cpSync(`dist/bench/hosted/${file}`, path.join(to, file));
  return to;
}

/** Creates a data folder of VS Code in which the extension was never used. */
export function unusedData(folder: string): string {
  return mkdtempSync(path.join(folder, 'data-'));
}

/** Creates a data folder of VS Code with `settled` finished runs, and an active run for each ID in `open`. */
export async function dataIn(
  folder: string,
  url: string,
  settled: number,
  { open = [], schema = schemaVersion }: { readonly open?: readonly string[]; readonly schema?: number } = {},
): Promise<string> {
  const data = unusedData(folder);
  const storage = path.join(data, 'data/User/globalStorage', product);
  mkdirSync(storage, { recursive: true });
  const store = KickoffStore.inFolder(storage, { clock: { now: Date.now, after: () => ({ dispose: () => undefined }) } });
  const { key } = await store.addDeployment(urlOf(url), 'crew');
  const other = settled > 0 ? (await store.addDeployment(urlOf('https://other.example.com'), 'other')).key : key;
  for (let index = 0; index < settled; index++) await addKickoff(store, finishedRun(index % 2 === 0 ? key : other, index));
  for (const one of open) await addKickoff(store, newKickoff({ deployment: key, id: id(one) }, Date.now() - 60_000));
  store.close();
  const connection = new DatabaseSync(path.join(storage, 'kickoffs.db'));
  connection.exec(`PRAGMA user_version = ${schema}`);
  connection.close();
  return data;
}

/** Returns a run of three tasks that finished `hours` hours ago. */
export function finishedRun(deployment: DeploymentKey, hours: number): Kickoff {
  const startedAt = Date.now() - (hours + 1) * hour;
  const names = ['research_task', 'analysis_task', 'reporting_task'];
  return {
    ...newKickoff({ deployment, id: id(hours + 1) }, startedAt),
    phase: hours % 10 === 0 ? { kind: 'failed', reason: 'ValueError: SERPER_API_KEY is not set' } : { kind: 'succeeded' },
    startedAt,
    checkedAt: startedAt + 180_000,
    finishedAt: startedAt + 180_000,
    executionSeconds: 180,
    totalTokens: 12_345,
    progress: { completed: 3, total: 3 },
    tasks: names.map((name, index) => ({
      position: index + 1,
      name,
      agent: 'Researcher',
      hasOutput: true,
      seenAt: startedAt + (index + 1) * 60_000,
    })),
    ...(hours % 10 !== 0 && { output: 'markdown' as const }),
  };
}

/** Opens a window with the extension and a copy of the data, and returns the results. */
export async function measured<Found>(
  { folder, extension, data }: { readonly folder: string; readonly extension: string; readonly data: string },
  order: Omit<Order, 'resultFile' | 'extension' | 'folder'>,
): Promise<Found> {
  const scratch = mkdtempSync(path.join(folder, 'window-'));
  try {
    const [own, resultFile] = [path.join(scratch, 'data'), path.join(scratch, 'result.json')];
    cpSync(data, own, { recursive: true });
    const full: Order = { ...order, extension: product, folder: extension, resultFile };
    const args = [
      `--extensionDevelopmentPath=${extension}`,
      `--extensionTestsPath=${path.join(extension, 'probe.js')}`,
      `--user-data-dir=${own}`,
      `--extensions-dir=${path.join(scratch, 'extensions')}`,
    ];
    const child = spawn(process.execPath, ['test/support/host/code-newest', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, KICKOFFS_COSTS: JSON.stringify(full) },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`A measured window exited with ${code ?? 'a signal'}.`);
    return JSON.parse(readFileSync(resultFile, 'utf8')) as Found;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
