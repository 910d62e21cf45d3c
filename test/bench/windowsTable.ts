import { readFileSync } from 'node:fs';
import { quantile, tableLine } from './figures';
import { columns, type Watched } from './hosted/looks';

/** A sample of the event loop: its time, the time since the previous sample, and the CPU time in between. */
interface Look {
  readonly at: number;
  readonly held: number;
  readonly computed: number;
}

export interface Seen extends Watched {
  readonly worksFrom: number;
  readonly looks: readonly Look[];
}

/** The results of the tree, of the extension without runs, and of the extension with 5,000 runs. */
type Found = Readonly<Record<'tree' | 'empty' | 'full', readonly Seen[]>>;

export function looksIn(file: string): readonly Look[] {
  const bytes = readFileSync(file);
  const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return Array.from({ length: numbers.length / columns }, (_, index) => {
    const [at = NaN, held = NaN, computed = NaN] = numbers.subarray(columns * index, columns * (index + 1));
    return { at, held, computed };
  });
}

/** Returns the lines of a table with the worst of the windows for each figure, because a user works in one window. */
export function windowRows(found: Found): readonly string[] {
  return [
    '',
    line('worst of four windows', 'tree alone', 'ours, 0 runs', 'ours, 5,000', 'goal'),
    ...(['start', 'work'] as const).flatMap((when) =>
      (['held', 'computed'] as const).flatMap((what) => {
        const longest = (of: number) => worst((seen) => quantile(part(seen, when, what), of));
        return [
          row(`${when}: loop ${what}, p99.9`, found, longest(0.999), 'ms', 50),
          row(`${when}: loop ${what}, longest`, found, longest(1), 'ms', 200),
        ];
      }),
    ),
    row('heap, median', found, (all) => quantile(heaps(all), 0.5), 'MB'),
    row('heap over the tree alone, 0 runs', { empty: found.empty }, (all) => over(all, found.tree), 'MB', 3),
    row('heap over the tree alone, 5,000 runs', { full: found.full }, (all) => over(all, found.tree), 'MB', 25),
    row(
      'memory of the process',
      found,
      worst(({ resident }) => resident / 1e6),
      'MB',
    ),
    'Held: time between two samples, which depends on the load of the machine. Computed: the time that this thread computed.',
    '',
    ...found.full.map((seen, index) => `longest in window ${index + 1}: ${longest(seen)}`),
  ];
}

function heaps(all: readonly Seen[]): readonly number[] {
  return all.map(({ heap }) => heap / 1e6);
}

/** Compares medians, because the heap of VS Code varies between windows by more than the extension needs. */
function over(all: readonly Seen[], tree: readonly Seen[]): number {
  return quantile(heaps(all), 0.5) - quantile(heaps(tree), 0.5);
}

function worst(of: (seen: Seen) => number): (all: readonly Seen[]) => number {
  return (all) => Math.max(...all.map(of));
}

function part({ looks, worksFrom }: Seen, when: 'start' | 'work', what: 'held' | 'computed'): readonly number[] {
  return looks.filter(({ at }) => (when === 'work' ? at > worksFrom : at <= worksFrom)).map((look) => look[what]);
}

/** Describes the longest blocks of the event loop, in seconds since the start of the work. */
function longest({ looks, worksFrom }: Seen): string {
  const most = [...looks].sort((one, other) => other.computed - one.computed).slice(0, 8);
  return most
    .map(({ at, held, computed }) => `${computed.toFixed(0)} of ${held.toFixed(0)} ms at ${((at - worksFrom) / 1_000).toFixed(1)} s`)
    .join(', ');
}

function row(what: string, found: Partial<Found>, of: (all: readonly Seen[]) => number, unit: string, goal?: number): string {
  const value = (all: readonly Seen[] | undefined): number | undefined => all && of(all);
  const cell = (figure: number | undefined): string => (figure === undefined ? '' : `${figure.toFixed(1)} ${unit}`);
  const ours = value(found.full ?? found.empty);
  const met = goal === undefined || ours === undefined ? '' : `<= ${goal} ${unit} ${ours <= goal ? 'met' : 'missed'}`;
  return line(what, cell(value(found.tree)), cell(value(found.empty)), cell(value(found.full)), met);
}

function line(what: string, ...cells: readonly string[]): string {
  return tableLine(what, 40, cells, 18);
}
