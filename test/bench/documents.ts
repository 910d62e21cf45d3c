// Measures how long opening documents of 10 MB blocks the extension host: reports, a raw response, an output, and a comparison. Also prints
// the time until a window's first report is open.
// Argument: rounds.
import { dense, huge, liveCrew } from '#test/simulator/scripts';
import { startSimulator } from '#test/simulator/server';
import { dataIn, extensionIn, ids, measured } from './costsHosts';
import { benchmark, median, tableLine } from './figures';
import type { Opened } from './hosted/order';

const rounds = Number(process.argv[2] ?? 3);

/** Names and goals in milliseconds. A report has the output's first 300,000 characters. */
const documents = {
  report: ['Open Report, dense JSON', 50],
  markdown: ['Open Report, Markdown', 50],
  response: ['Open Raw Response, dense JSON', 200],
  output: ['Open Output, dense JSON', 200],
  compare: ['Compare with Previous Run, dense JSON', 200],
} as const satisfies Record<Exclude<keyof Opened, 'firstMs'>, readonly [string, number]>;

benchmark(async (folder) => {
  const simulator = await startSimulator({ deployments: [liveCrew], startsWhenPolled: true });
  try {
    const { url, token } = simulator.deployment();
    const large = ids('c', 3);
    large.forEach((id, index) => simulator.addRun({ id, script: { ...(index < 2 ? dense(10) : huge(10)), endsAfter: 5 } }));
    const extension = extensionIn(folder, 'ours');
    const data = await dataIn(folder, url, 0, { open: large });
    const found: Opened[] = [];
    for (let round = 1; round <= rounds; round++) {
      console.log(`Round ${round} of ${rounds} …`);
      found.push(await measured<Opened>({ folder, extension, data }, { url, token, large, toTrack: [], scenario: 'documents' }));
    }
    const line = (what: string, ...cells: readonly string[]): void => console.log(tableLine(what, 52, cells, 18));
    line('\nDocuments of 10 MB, longest block of the event loop', 'blocked', 'computed', 'goal');
    for (const [what, [name, goalMs]] of Object.entries(documents)) {
      const all = found.map((one) => one[what as keyof typeof documents]);
      const [held, computed] = [median(all.map((one) => one.held)), median(all.map((one) => one.computed))];
      line(name, `${held.toFixed(0)} ms`, `${computed.toFixed(0)} ms`, `<= ${goalMs} ms ${computed <= goalMs ? 'met' : 'missed'}`);
    }
    line('First report of a window, until it is open', `${median(found.map(({ firstMs }) => firstMs)).toFixed(0)} ms`);
    console.log('Medians. Blocked: the whole block, which depends on the load. Computed: the time that this thread computed.');
  } finally {
    await simulator.stop();
  }
});
