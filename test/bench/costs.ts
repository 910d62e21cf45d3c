// Measures the costs of the extension in VS Code, in comparison with an extension that only registers a tree.
// Argument: rounds.
import { readdirSync, statSync } from 'node:fs';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator } from '#test/simulator/server';
import { addSlowRuns, dataIn, extensionIn, ids, largeScripts, measured } from './costsHosts';
import { costRows } from './costsTable';
import { benchmark } from './figures';
import type { Polled, Started } from './hosted/order';

const rounds = Number(process.argv[2] ?? 5);
const many = 5_000;
const pastes = 20;
const openRuns = 40;

benchmark(async (folder) => {
  const simulator = await startSimulator({ deployments: [liveCrew], startsWhenPolled: true });
  try {
    const { url, token } = simulator.deployment();
    const [toTrack, open] = [ids('a', pastes), ids('b', openRuns)];
    const large = open.slice(0, largeScripts.length);
    const [ours, tree] = [extensionIn(folder, 'ours'), extensionIn(folder, 'tree')];
    console.log(`Creating a run history with ${many} runs …`);
    const empty = await dataIn(folder, url, 0);
    const full = await dataIn(folder, url, many);
    const polling = await dataIn(folder, url, many - openRuns, { open });

    const found = {
      tree: [] as Started[],
      empty: [] as Started[],
      full: [] as Started[],
      treePolled: [] as Polled[],
      polled: [] as Polled[],
    };
    for (let round = 1; round <= rounds; round++) {
      console.log(`Round ${round} of ${rounds} …`);
      for (const id of toTrack) simulator.addRun({ id });
      addSlowRuns(simulator, open);
      const start = { url, token, large, toTrack: [], scenario: 'start' } as const;
      const poll = { ...start, scenario: 'poll' } as const;
      found.tree.push(await measured<Started>({ folder, extension: tree, data: empty }, start));
      found.empty.push(await measured<Started>({ folder, extension: ours, data: empty }, { ...start, toTrack }));
      found.full.push(await measured<Started>({ folder, extension: ours, data: full }, start));
      found.treePolled.push(await measured<Polled>({ folder, extension: tree, data: empty }, poll));
      found.polled.push(await measured<Polled>({ folder, extension: ours, data: polling }, poll));
    }
    const files = ['dist/extension.js', 'dist/worker.js', ...readdirSync('dist/extension').map((name) => `dist/extension/${name}`)];
    const sizes = files.map((file) => statSync(file).size);
    costRows(found, sizes).forEach((row) => console.log(row));
  } finally {
    await simulator.stop();
  }
});
