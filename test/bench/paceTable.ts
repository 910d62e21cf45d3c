/** Requests per run, and the delay until its end is noticed at p50, p90, and p99, in seconds. */
export type Figures = readonly [requests: number, p50: number, p90: number, p99: number];

type Row = Readonly<Record<string, Figures>>;

/** Reference figures by schedule and workload. */
export const table = {
  fixed: {
    W1: [45.8, 1.5, 2.7, 3.0],
    W2: [434, 1.5, 2.7, 3.0],
    W3: [80.7, 1.6, 2.7, 3.0],
    W4: [55.8, 1.5, 2.7, 3.0],
    W6: [91.5, 1.5, 2.7, 3.0],
    W7: [126, 1.5, 2.7, 3.0],
  },
  growing: {
    W1: [12.8, 7.5, 13.4, 14.8],
    W2: [90.4, 7.6, 13.4, 14.8],
    W3: [19.3, 4.5, 12.8, 14.8],
    W4: [14.8, 7.6, 13.3, 14.9],
    W6: [21.9, 7.5, 13.5, 14.9],
    W7: [28.9, 7.5, 13.6, 14.9],
  },
  byAge: {
    W1: [34.9, 2.8, 7.0, 13.2],
    W2: [82.9, 25.1, 49.7, 62.6],
    W3: [38.0, 3.8, 15.1, 33.7],
    W4: [34.0, 2.5, 7.2, 27.9],
    W5: [67.7, 13.5, 31.9, 51.9],
    W6: [50.0, 5.8, 13.5, 22.6],
    W7: [55.4, 7.1, 20.5, 32.0],
  },
  known3: {
    W1: [22.1, 2.6, 5.6, 12.2],
    W2: [67.6, 7.3, 15.2, 29.6],
    W3: [29.9, 3.5, 9.5, 24.1],
    W4: [24.1, 2.5, 6.5, 28.6],
    W6: [33.4, 1.6, 3.1, 5.8],
    W7: [28.1, 3.0, 6.1, 11.6],
  },
  known10: { W5: [59.4, 4.4, 8.2, 19.1] },
  known20: {
    W1: [21.0, 2.6, 5.1, 9.7],
    W2: [63.6, 7.3, 14.1, 24.4],
    W3: [30.9, 3.0, 7.3, 15.0],
    W4: [23.6, 2.5, 5.2, 28.7],
    W6: [29.8, 1.6, 2.9, 5.1],
    W7: [26.9, 3.0, 5.8, 10.0],
  },
} as const satisfies Record<string, Row>;

/** Requests in four hours for a run that never ends. */
export const stuckTable = { fixed: 4_800, growing: 964, byAge: 302, known3: 327, known20: 324 } as const;

/** Returns the reference figures of a schedule and workload, or `undefined` if there are none. */
export function expected(schedule: keyof typeof table, workload: string): Figures | undefined {
  const row: Row = table[schedule];
  return row[workload];
}

/** Returns the relative difference of each figure from the table. */
export function differences(found: Figures, wanted: Figures): Figures {
  const off = (index: 0 | 1 | 2 | 3): number => found[index] / wanted[index] - 1;
  return [off(0), off(1), off(2), off(3)];
}
