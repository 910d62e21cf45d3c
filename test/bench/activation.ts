// Measures the activation in VS Code and the expansion of a deployment, in comparison with an extension that only registers a tree.
// Arguments: rounds, a folder for profiles or -, and parts of the names of the cases to run.
// With EARLIER=<dist folder of another build>, the rounds also measure that build. With BLOCKS=1, they measure the longest block of the event
// loop, which adds 20 ms to the computing time of each case.
import { benchFolder, dataIn, extensionIn, measured, unusedData } from './costsHosts';
import type { Activated } from './hosted/order';

const rounds = Number(process.argv[2] ?? 7);
const profiles = process.argv[3] === '-' ? undefined : process.argv[3];
const wanted = process.argv.slice(4);
const many = 5_000;
const few = 50;
const earlier = process.env['EARLIER'];
const measuresBlocks = process.env['BLOCKS'] !== undefined;
const nowhere = { url: 'https://crew.example.com', token: '', large: [], toTrack: [] };

const figures = {
  'computing, activation and 2 s': ({ busy }: Activated) => busy.computed,
  'computing, 2 s before it': ({ idle }: Activated) => idle.computed,
  'loop blocked, activation and 2 s': ({ busy }: Activated) => busy.held,
  ...(measuresBlocks && { 'longest block of the loop': ({ longestBlock }: Activated) => longestBlock }),
  'activate() including waits': ({ activated }: Activated) => activated,
  'loading the file': ({ loading }: Activated) => loading,
  'activate() until its first wait': ({ calling }: Activated) => calling,
  'expanding a deployment, computing': ({ expanding }: Activated) => expanding.computed,
};

async function main(): Promise<void> {
  const { folder, remove } = benchFolder();
  try {
    const [ours, tree] = [extensionIn(folder, 'ours'), extensionIn(folder, 'tree')];
    const cases = {
      'tree alone': { extension: tree, data: () => unusedData(folder, 'tree-data') },
      'never used': { extension: ours, data: () => unusedData(folder, 'unused') },
      '0 runs': { extension: ours, data: () => dataIn(folder, 'empty', nowhere.url, 0, []) },
      '50 runs': { extension: ours, data: () => dataIn(folder, 'some', nowhere.url, few, []) },
      '5,000 runs': { extension: ours, data: () => dataIn(folder, 'full', nowhere.url, many, []) },
      ...(earlier !== undefined && earlierCases(folder, earlier)),
    };
    const chosen = Object.entries(cases).filter(([name]) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
    const filled = await Promise.all(chosen.map(async ([name, { extension, data }]) => ({ name, extension, data: await data() })));
    const found = new Map(chosen.map(([name]) => [name, [] as Activated[]]));
    for (let round = 1; round <= rounds; round++)
      for (const { name, ...what } of filled) {
        const one = await measured<Activated>(
          { folder, ...what },
          { ...nowhere, ...profileOf(name, round), measuresBlocks, scenario: 'activation' },
        );
        found.get(name)?.push(one);
        console.log(
          `${round} of ${rounds}, ${name}: ${Object.values(figures)
            .map((of) => of(one).toFixed(1))
            .join(' ')}`,
        );
      }
    for (const row of rows([...found])) console.log(row);
  } finally {
    remove();
  }
}

function earlierCases(folder: string, dist: string) {
  const extension = extensionIn(folder, 'ours', { name: 'earlier', dist });
  return {
    'never used, earlier': { extension, data: () => unusedData(folder, 'unused-earlier') },
    '0 runs, earlier': { extension, data: () => dataIn(folder, 'empty-earlier', nowhere.url, 0, []) },
    '50 runs, earlier': { extension, data: () => dataIn(folder, 'some-earlier', nowhere.url, few, []) },
    '5,000 runs, earlier': { extension, data: () => dataIn(folder, 'full-earlier', nowhere.url, many, []) },
  };
}

function profileOf(name: string, round: number): { readonly profileFile?: string } {
  return profiles === undefined ? {} : { profileFile: `${profiles}/${name.replaceAll(' ', '-')}-${round}.cpuprofile` };
}

/** Returns the medians, with their ratios to the first case. */
function rows(cases: readonly (readonly [string, readonly Activated[]])[]): readonly string[] {
  const line = (what: string, cells: readonly string[]): string => what.padEnd(36) + cells.map((cell) => cell.padStart(20)).join('');
  const figureRows = Object.entries(figures).map(([what, of]) => {
    const values = cases.map(([, all]) => median(all.map(of)));
    const [first = NaN] = values;
    const cells = values.map(
      (value, index) => `${value.toFixed(1)} ms${index > 0 && first > 0.5 ? ` (${(value / first).toFixed(1)}x)` : ''}`,
    );
    return line(what, cells);
  });
  return [
    '',
    line(
      `medians of ${rounds}`,
      cases.map(([name]) => name),
    ),
    ...figureRows,
  ];
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
