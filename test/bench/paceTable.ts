/** Requests per run, and the delay until its end is noticed at p50, p90, and p99, in seconds. */
export type Figures = readonly [requests: number, p50: number, p90: number, p99: number];

export type ScheduleName = 'fixed' | 'growing' | 'byAge' | 'known3' | 'known20' | 'known10';

/** Reference figures by workload and schedule. */
const table = `
   | fixed             | growing             | byAge               | known3             | known20            | known10
W1 | 45.8 1.5 2.7 3.0  | 12.8 7.5 13.4 14.8  | 34.9 2.8 7.0 13.2   | 22.1 2.6 5.6 12.2  | 21.0 2.6 5.1 9.7   |
W2 | 434 1.5 2.7 3.0   | 90.4 7.6 13.4 14.8  | 82.9 25.1 49.7 62.6 | 67.6 7.3 15.2 29.6 | 63.6 7.3 14.1 24.4 |
W3 | 80.7 1.6 2.7 3.0  | 19.3 4.5 12.8 14.8  | 38.0 3.8 15.1 33.7  | 29.9 3.5 9.5 24.1  | 30.9 3.0 7.3 15.0  |
W4 | 55.8 1.5 2.7 3.0  | 14.8 7.6 13.3 14.9  | 34.0 2.5 7.2 27.9   | 24.1 2.5 6.5 28.6  | 23.6 2.5 5.2 28.7  |
W5 |                   |                     | 67.7 13.5 31.9 51.9 |                    |                    | 59.4 4.4 8.2 19.1
W6 | 91.5 1.5 2.7 3.0  | 21.9 7.5 13.5 14.9  | 50.0 5.8 13.5 22.6  | 33.4 1.6 3.1 5.8   | 29.8 1.6 2.9 5.1   |
W7 | 126 1.5 2.7 3.0   | 28.9 7.5 13.6 14.9  | 55.4 7.1 20.5 32.0  | 28.1 3.0 6.1 11.6  | 26.9 3.0 5.8 10.0  |`;

/** Requests in four hours for a run that never ends. */
export const stuckTable = { fixed: 4_800, growing: 964, byAge: 302, known3: 327, known20: 324 } as const;

export function expected(schedule: ScheduleName, workload: string): Figures | undefined {
  const [, heads = [], ...rows] = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const cell = rows.find(([name]) => name === workload)?.[heads.indexOf(schedule)];
  const [requests = NaN, p50 = NaN, p90 = NaN, p99 = NaN] = cell?.split(' ').map(Number) ?? [];
  if (!cell) return undefined;
  if (![requests, p50, p90, p99].every(Number.isFinite)) throw new Error(`Wrong figures of ${workload}, ${schedule}: ${cell}`);
  return [requests, p50, p90, p99];
}

export function differences(found: Figures, wanted: Figures): Figures {
  const off = (index: 0 | 1 | 2 | 3): number => found[index] / wanted[index] - 1;
  return [off(0), off(1), off(2), off(3)];
}
