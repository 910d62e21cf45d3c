import { median, quantile, tableLine } from './figures';
import type { Polled, Started } from './hosted/order';

export interface Found {
  readonly tree: readonly Started[];
  /** Results with a history without runs. */
  readonly empty: readonly Started[];
  readonly full: readonly Started[];
  readonly treePolled: readonly Polled[];
  readonly polled: readonly Polled[];
}

/** One cost of the extension, with the cost of the tree and the goal. */
interface Cost {
  readonly what: string;
  readonly unit: 'ms' | 'MB' | 'kB' | '';
  readonly ours: number;
  readonly tree?: number;
  readonly goal?: number;
}

export function costRows(found: Found, sizes: readonly number[]): readonly string[] {
  const costs = costsOf(found, sizes);
  const head = line('', 'ours', 'tree only', 'ratio', 'goal', '');
  return ['', head, ...costs.map(row), '', ...more(found)];
}

function costsOf({ tree, empty, full, treePolled, polled }: Found, sizes: readonly number[]): readonly Cost[] {
  const of = (from: readonly Started[], name: 'heap' | 'heapShown'): number => median(from.map((one) => one[name]));
  const ms = { unit: 'ms' } as const;
  const heap = { unit: 'MB', tree: of(tree, 'heap') / 1e6 } as const;
  const delay = (name: 'p50' | 'p999' | 'max') => ({
    ...ms,
    ours: median(polled.map((one) => one[name])),
    tree: median(treePolled.map((one) => one[name])),
  });
  const pasted = empty.flatMap((one) => one.pasted);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return [
    { what: 'JavaScript in the package', unit: 'kB', ours: all / 1e3 },
    { what: 'heap, 0 runs', ...heap, ours: of(empty, 'heap') / 1e6, goal: 3 },
    { what: 'heap, 5,000 runs', ...heap, ours: of(full, 'heap') / 1e6, goal: 25 },
    { what: 'heap, 5,000 runs, view shown', unit: 'MB', ours: of(full, 'heapShown') / 1e6, tree: of(tree, 'heapShown') / 1e6, goal: 25 },
    { what: 'requests in 10 s, no active run', unit: '', ours: most([...empty, ...full].map(({ connections }) => connections)), goal: 0 },
    { what: 'timers under 30 s, no active run', unit: '', ours: most([...empty, ...full].map((one) => one.shortTimers)), goal: 0 },
    { what: 'event loop, p99.9, polling with 5,000 runs', ...delay('p999'), goal: 50 },
    { what: 'event loop, longest, with 10 MB results', ...delay('max'), goal: 200 },
    { what: 'paste to first status, p95', ...ms, ours: quantile(pasted, 0.95), goal: 1_000 },
  ];
}

/** Returns lines about the spread, which medians hide. */
function more({ polled, empty }: Found): readonly string[] {
  const shown = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(' ');
  const pasted = empty.flatMap((one) => one.pasted);
  return [
    `longest block, round by round: ${shown(polled.map(({ max }) => max))} ms; requests while polling: ${shown(polled.map((one) => one.requestsSeen))}`,
    `paste to first status: median ${quantile(pasted, 0.5).toFixed(0)} ms, longest ${most(pasted).toFixed(0)} ms of ${pasted.length}`,
    'Times depend on this machine and its load. Only the ratios to the tree can be compared with other machines.',
  ];
}

function row({ what, unit, ours, tree, goal }: Cost): string {
  const figure = (value: number): string => `${value.toFixed(unit === '' ? 0 : unit === 'MB' ? 2 : 1)} ${unit}`.trim();
  const beside = tree === undefined ? ['', ''] : [figure(tree), `${(ours / tree).toFixed(1)}x`];
  const limit = goal === undefined ? [] : [`<= ${figure(goal)}`, ours <= goal ? 'met' : 'missed'];
  return line(what, figure(ours), ...beside, ...limit);
}

function line(what: string, ...cells: readonly string[]): string {
  return tableLine(what, 48, cells, 12);
}

function most(values: readonly number[]): number {
  return Math.max(...values);
}
