// Measures how long opening documents of 10 MB of dense JSON blocks the extension host: report, raw response, output, and comparison.
// Arguments: rounds, and a folder for profiles.
import { dense, liveCrew } from '#test/simulator/scripts';
import { startSimulator } from '#test/simulator/server';
import { benchFolder, dataIn, extensionIn, ids, measured } from './costsHosts';
import type { Opened } from './hosted/order';

const rounds = Number(process.argv[2] ?? 3);
const profiles = process.argv[3];
const goalMs = 200;

const names = {
  report: 'Open Report',
  response: 'Open Raw Response',
  output: 'Open Output',
  compare: 'Compare with Previous Run',
} as const satisfies Record<keyof Opened, string>;

async function main(): Promise<void> {
  const simulator = await startSimulator({ deployments: [liveCrew], startsWhenPolled: true });
  const { folder, remove } = benchFolder();
  try {
    const { url, token } = simulator.deployment();
    const large = ids('c', 2);
    for (const id of large) simulator.addRun({ id, script: { ...dense(10), endsAfter: 5 } });
    const extension = extensionIn(folder, 'ours');
    const data = await dataIn(folder, 'large', url, 0, large);
    const found: Opened[] = [];
    for (let round = 1; round <= rounds; round++) {
      console.log(`Round ${round} of ${rounds} …`);
      const profile = profiles === undefined ? {} : { profileFile: `${profiles}/documents-${round}` };
      found.push(
        await measured<Opened>({ folder, extension, data }, { url, token, large, toTrack: [], scenario: 'documents', ...profile }),
      );
    }
    console.log('\n10 MB of dense JSON, longest block of the event loop   blocked   computed   goal');
    for (const [what, name] of Object.entries(names)) {
      const all = found.map((one) => one[what as keyof Opened]);
      const [held, computed] = [median(all.map((one) => one.held)), median(all.map((one) => one.computed))];
      const met = computed <= goalMs ? 'met' : 'missed';
      console.log(
        `${name.padEnd(54)}${`${held.toFixed(0)} ms`.padStart(8)}${`${computed.toFixed(0)} ms`.padStart(11)}   <= ${goalMs} ms ${met}`,
      );
    }
    console.log(
      'Medians. Blocked: the whole block, which depends on the load of the machine. Computed: the time that this thread computed.',
    );
  } finally {
    await simulator.stop();
    remove();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
