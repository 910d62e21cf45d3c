// Measures the activation in VS Code and the expansion of a deployment, in comparison with an extension that only registers a tree.
// Argument: rounds. With EARLIER=<dist folder of another build>, the rounds also measure that build, on history files with the schema version
// EARLIER_SCHEMA. Later versions only add tables and columns, so the content is the same.
import { schemaVersion } from '#store/schema';
import { dataIn, extensionIn, measured, unusedData } from './costsHosts';
import { benchmark, median, tableLine } from './figures';
import type { Activated } from './hosted/order';

const rounds = Number(process.argv[2] ?? 7);
const { EARLIER: earlier, EARLIER_SCHEMA: earlierSchema = String(schemaVersion) } = process.env;
const nowhere = { url: 'https://crew.example.com', token: '', large: [], toTrack: [] };

const figures = {
  'computing, activation and 2 s': ({ busy }: Activated) => busy.computed,
  'computing, 2 s before it': ({ idle }: Activated) => idle.computed,
  'loop blocked, activation and 2 s': ({ busy }: Activated) => busy.held,
  'activate() including waits': ({ activated }: Activated) => activated,
  'loading the file': ({ loading }: Activated) => loading,
  'activate() until its first wait': ({ calling }: Activated) => calling,
  'expanding a deployment, computing': ({ expanding }: Activated) => expanding.computed,
};

benchmark(async (folder) => {
  const casesOf = async (extension: string, suffix = '', schema = schemaVersion) => ({
    [`never used${suffix}`]: { extension, data: unusedData(folder) },
    [`0 runs${suffix}`]: { extension, data: await dataIn(folder, nowhere.url, 0, { schema }) },
    [`50 runs${suffix}`]: { extension, data: await dataIn(folder, nowhere.url, 50, { schema }) },
    [`5,000 runs${suffix}`]: { extension, data: await dataIn(folder, nowhere.url, 5_000, { schema }) },
  });
  const cases = {
    'tree alone': { extension: extensionIn(folder, 'tree'), data: unusedData(folder) },
    ...(await casesOf(extensionIn(folder, 'ours'))),
    ...(earlier !== undefined && (await casesOf(extensionIn(folder, 'ours', earlier), ', earlier', Number(earlierSchema)))),
  };
  const found = Object.entries(cases).map(([name, what]) => ({ name, what, results: [] as Activated[] }));
  for (let round = 1; round <= rounds; round++)
    for (const { name, what, results } of found) {
      const one = await measured<Activated>({ folder, ...what }, { ...nowhere, scenario: 'activation' });
      results.push(one);
      const values = Object.values(figures).map((of) => of(one).toFixed(1));
      console.log(`${round} of ${rounds}, ${name}: ${values.join(' ')}`);
    }
  const line = (what: string, cells: readonly string[]): void => console.log(tableLine(what, 36, cells, 20));
  line(`\nmedians of ${rounds}`, Object.keys(cases));
  for (const [what, of] of Object.entries(figures)) {
    const values = found.map(({ results }) => median(results.map(of)));
    const [first = NaN] = values;
    const ratio = (value: number, index: number) => (index > 0 && first > 0.5 ? ` (${(value / first).toFixed(1)}x)` : '');
    line(
      what,
      values.map((value, index) => `${value.toFixed(1)} ms${ratio(value, index)}`),
    );
  }
});
