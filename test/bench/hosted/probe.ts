import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import vscode = require('vscode');
import type { KickoffInfo, KickoffsApi } from '#api';
import { commandId } from '#contributions';
import { heapUsed, threadCpuMs } from './heap';
import { hooks } from './hooks';
import type { Activated, Busy, Opened, Order, Polled, Started } from './order';
import { watchConnections, watchTimers } from './watching';

const order = JSON.parse(process.env['KICKOFFS_COSTS'] ?? '') as Order;

/** VS Code calls this function instead of tests. */
export async function run(): Promise<void> {
  await quiet();
  const measured = { start: started, poll: polled, activation: activated, documents: opened } as const;
  writeFileSync(order.resultFile, JSON.stringify(await measured[order.scenario]()));
}

/** Waits until the extension host has finished its own start. */
async function quiet(): Promise<void> {
  for (let tries = 0; tries < 30; tries++) {
    if ((await busyWhile(() => sleep(1_000))).computed < 20) return;
  }
}

async function busyWhile(work: () => Promise<unknown>): Promise<Busy> {
  const before = { loop: performance.eventLoopUtilization(), cpu: threadCpuMs() };
  await work();
  return { held: performance.eventLoopUtilization(before.loop).active, computed: threadCpuMs() - before.cpu };
}

async function started(): Promise<Started> {
  const drawn = watchRows();
  const timers = watchTimers(order.folder);
  const before = heapUsed();
  await activate();
  await sleep(2_000);
  const heap = heapUsed() - before;

  await vscode.commands.executeCommand('workbench.view.extension.crewaiKickoffs');
  await sleep(2_000);
  const heapShown = heapUsed() - before;
  timers.reset();
  const connections = watchConnections();
  await sleep(10_000);
  const idleFigures = { connections: connections.count(), shortTimers: timers.shorterThan(30_000) };
  return { heap, heapShown, ...idleFigures, pasted: await pasteRuns(drawn) };
}

async function activated(): Promise<Activated> {
  const idle = await busyWhile(() => sleep(2_000));
  let activated = 0;
  const busy = await busyWhile(async () => {
    const from = performance.now();
    await activate();
    activated = performance.now() - from;
    await sleep(2_000);
  });
  await vscode.commands.executeCommand('workbench.view.extension.crewaiKickoffs');
  await sleep(2_000);
  await vscode.commands.executeCommand('crewaiKickoffs.kickoffs.focus');
  await vscode.commands.executeCommand('list.focusFirst');
  await sleep(1_000);
  const expanding = await busyWhile(async () => {
    await vscode.commands.executeCommand('list.expand');
    await sleep(3_000);
  });
  const { loading = 0, calling = 0 } = hooks();
  return { activated, idle, busy, loading, calling, expanding };
}

async function polled(): Promise<Polled> {
  hooks().beforeActivation = ({ secrets }) => secrets.store(`token:${order.url}`, order.token);
  const connections = watchConnections();
  const api = await activate();
  await vscode.commands.executeCommand('workbench.view.extension.crewaiKickoffs');
  await sleep(5_000);

  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // Collects the finished runs from events, because a search of all runs would be the longest block.
  const ended = new Set<string>();
  api?.onDidChangeKickoffs((changed) => {
    for (const { kickoffId, phase } of changed) if (phase === 'succeeded') ended.add(kickoffId);
  });
  const hasEnded = (id: string): boolean => ended.has(id);
  const until = performance.now() + (api ? 120_000 : 30_000);
  while (performance.now() < until && !(api && order.large.every(hasEnded))) await sleep(500);
  if (api && !order.large.every(hasEnded)) throw new Error('The large results did not arrive.');
  await sleep(3_000);
  delay.disable();
  const [p50 = 0, p999 = 0] = [50, 99.9].map((of) => delay.percentile(of) / 1e6);
  return { p50, p999, max: delay.max / 1e6, requestsSeen: connections.count() };
}

/** Opens the documents of large runs, one after the other, once all are finished. */
async function opened(): Promise<Opened> {
  hooks().beforeActivation = ({ secrets }) => secrets.store(`token:${order.url}`, order.token);
  const api = await activate();
  const runs = (): readonly KickoffInfo[] => api?.kickoffs.filter(({ kickoffId }) => order.large.includes(kickoffId)) ?? [];
  for (let tries = 0; runs().some(({ phase }) => phase !== 'succeeded'); tries++) {
    if (tries > 240) throw new Error('The large results did not arrive.');
    await sleep(500);
  }
  const deployment = runs()[0]?.deploymentUrl;
  await openPreview();
  const found: [string, Busy][] = [];
  let firstMs: number | undefined;
  for (const [what, command, index] of [
    ['report', 'openReport', 0],
    ['markdown', 'openReport', 2],
    ['response', 'openRawStatus', 0],
    ['output', 'openOutput', 0],
    ['compare', 'compareWithPrevious', 1],
  ] as const) {
    await quiet();
    const [longest, from] = [watchLoop(), performance.now()];
    await vscode.commands.executeCommand(commandId(command), { deployment, kickoffId: order.large[index] });
    firstMs ??= performance.now() - from;
    await sleep(8_000);
    found.push([what, longest()]);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  }
  return { ...(Object.fromEntries(found) as Omit<Opened, 'firstMs'>), firstMs: firstMs ?? NaN };
}

/** Opens a small Markdown preview. VS Code loads its own Markdown extension with the first preview of a window, which isn't measured. */
async function openPreview(): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content: 'https://127.0.0.1' }));
  await vscode.commands.executeCommand('markdown.showPreview');
  await sleep(4_000);
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Samples the event loop each millisecond. The returned function stops and returns the longest block. */
function watchLoop(): () => Busy {
  let [last, cpu] = [performance.now(), threadCpuMs()];
  let longest: Busy = { held: 0, computed: 0 };
  const timer = setInterval(() => {
    const [now, computed] = [performance.now(), threadCpuMs()];
    longest = { held: Math.max(longest.held, now - last), computed: Math.max(longest.computed, computed - cpu) };
    [last, cpu] = [now, computed];
  }, 1);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

/** Tracks runs one second apart, so that the request limit doesn't delay them. Returns the times until their rows are drawn. */
async function pasteRuns(drawn: ReadonlyMap<string, number>): Promise<readonly number[]> {
  if (order.toTrack.length === 0) return [];
  await secrets?.store(`token:${order.url}`, order.token);
  const times: number[] = [];
  for (const id of order.toTrack) {
    await sleep(1_000);
    const from = performance.now();
    await vscode.commands.executeCommand(commandId('track'), { text: `${order.url}/status/${id}` });
    const until = from + 20_000;
    while (!drawn.has(id) && performance.now() < until) await sleep(5);
    times.push((drawn.get(id) ?? Infinity) - from);
  }
  return times;
}

let secrets: vscode.SecretStorage | undefined;

/** Records the time at which the row of each run is first drawn with a response, by the ID of the run. */
function watchRows(): ReadonlyMap<string, number> {
  const drawn = new Map<string, number>();
  hooks().beforeActivation = (context) => {
    secrets = context.secrets;
    const create = vscode.window.createTreeView.bind(vscode.window);
    const createTreeView = <Row>(view: string, options: vscode.TreeViewOptions<Row>): vscode.TreeView<Row> => {
      const provider = options.treeDataProvider;
      const getTreeItem = provider.getTreeItem.bind(provider);
      provider.getTreeItem = (row) => {
        const item = getTreeItem(row);
        if ('contextValue' in item && /\bchecked\b/.test(item.contextValue ?? '')) {
          const id = item.id?.split('/').at(-1) ?? '';
          if (!drawn.has(id)) drawn.set(id, performance.now());
        }
        return item;
      };
      return create(view, options);
    };
    Object.assign(vscode.window, { createTreeView });
  };
  return drawn;
}

async function activate(): Promise<KickoffsApi | undefined> {
  return vscode.extensions.getExtension<KickoffsApi | undefined>(order.extension)?.activate();
}
