// Measures how long opening documents of 10 MB of dense JSON blocks the extension host: report, raw response, output, and comparison.
// Argument: rounds.
import { dense, liveCrew } from '#test/simulator/scripts';
import { startSimulator } from '#test/simulator/server';
import { dataIn, extensionIn, ids, measured } from './costsHosts';
import { benchmark, median, tableLine } from './figures';
import type { Opened } from './hosted/order';

const rounds = Number(process.argv[2] ?? 3);
const goalMs = 200;

const names = {
  report: 'Open Report',
  response: 'Open Raw Response',
  output: 'Open Output',
  compare: 'Compare with Previous Run',
} as const satisfies Record<keyof Opened, string>;

benchmark(async (folder) => {
  const simulator = await startSimulator({ deployments: [liveCrew], startsWhenPolled: true });
  try {
    const { url, token } = simulator.deployment();
    const large = ids('c', 2);
    for (const id of large) simulator.addRun({ id, script: { ...dense(10), endsAfter: 5 } });
    const extension = extensionIn(folder, 'ours');
    const data = await dataIn(folder, url, 0, large);
    const found: Opened[] = [];
    for (let round = 1; round <= rounds; round++) {
      console.log(`Round ${round} of ${rounds} …`);
      found.push(await measured<Opened>({ folder, extension, data }, { url, token, large, toTrack: [], scenario: 'documents' }));
    }
    const line = (what: string, ...cells: readonly string[]): void => console.log(tableLine(what, 52, cells, 18));
    line('\n10 MB of dense JSON, longest block of the event loop', 'blocked', 'computed', 'goal');
    for (const [what, name] of Object.entries(names)) {
      const all = found.map((one) => one[what as keyof Opened]);
      const [held, computed] = [median(all.map((one) => one.held)), median(all.map((one) => one.computed))];
      line(name, `${held.toFixed(0)} ms`, `${computed.toFixed(0)} ms`, `<= ${goalMs} ms ${computed <= goalMs ? 'met' : 'missed'}`);
    }
    console.log('Medians. Blocked: the whole block, which depends on the load. Computed: the time that this thread computed.');
  } finally {
    await simulator.stop();
  }
});
