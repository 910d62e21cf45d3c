// Measures how long the user's changes block the thread with 5,000 runs, and the CPU time of tracking 5,000 IDs, both without the tree and
// the status bar. Argument: rounds.
import type { DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { KickoffStore } from '#store/store';
import { deployment, id, ScriptedNetwork } from '#test/support/builders';
import { Window } from '#test/support/polling';
import { systemClock as clock } from '#vscode/clock';
import { finishedRun } from './costsHosts';
import { benchmark, median, quantile, tableLine } from './figures';

const rounds = Number(process.argv[2] ?? 15);
const many = 5_000;
const hundred = 100;

benchmark(async (folder) => {
  const store = KickoffStore.inFolder(folder, { clock });
  const source = { observe: () => new Promise<never>(() => undefined) };
  const { board, poller, tracker } = new Window({ clock, store, source, network: new ScriptedNetwork() });
  await tracker.load();
  // Like the views, which read all runs after each change.
  board.onDidChange(() => board.kickoffs);
  const [crew, other] = [await addDeployment('crew'), await addDeployment('other')];
  await store.addKickoffs(Array.from({ length: many }, (_, index) => finishedRun(crew, index)));
  await tracker.load();

  const blocks = new Map<string, number[]>();
  const measured = async <T>(what: string, change: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await change();
    blocks.set(what, [...(blocks.get(what) ?? []), performance.now() - start]);
    // Other work of the thread, such as reading the changes, comes after the change.
    await new Promise((resolve) => setTimeout(resolve, 20));
    return result;
  };
  for (let round = 0; round < rounds; round++) {
    const [run, ...runs] = board.kickoffs.slice(round * hundred, (round + 1) * hundred + 1) as [Kickoff, ...Kickoff[]];
    await measured('remove one run', () => tracker.remove([run]));
    await measured('undo the removal of one run', () => tracker.undoRemove([run]));
    await measured(`remove ${hundred} runs`, () => tracker.remove(runs));
    await measured(`undo the removal of ${hundred} runs`, () => tracker.undoRemove(runs));
    const moved = await measured('move a run', () => tracker.move(run, other));
    await measured('move a run back', () => tracker.move(moved, run.deployment));
    await measured(`remove a deployment with ${many} runs`, () => tracker.remove(crew));
    await measured('undo the removal of the deployment', () => tracker.undoRemove(crew));
  }
  console.log(tableLine(`with ${many} runs, ms`, 48, ['median', 'longest', 'goal'], 12));
  for (const [what, times] of blocks) {
    const goal = what.includes('deployment') ? '' : '20';
    console.log(tableLine(what, 48, [median(times).toFixed(1), quantile(times, 1).toFixed(1), goal], 12));
  }

  const before = process.cpuUsage();
  await tracker.trackAll(Array.from({ length: many }, (_, index) => ({ deployment: other, id: id(`pasted-${index}`) })));
  const { user, system } = process.cpuUsage(before);
  console.log(tableLine(`CPU time of tracking ${many} IDs, s`, 48, [((user + system) / 1e6).toFixed(2), '', '5'], 12));
  poller.dispose();
  store.close();

  async function addDeployment(label: string): Promise<DeploymentKey> {
    return (await tracker.addDeployment(deployment({ url: `https://${label}.example.com` }).url, label)).key;
  }
});
