/** Requests per run, and the delay until its end is noticed at p50, p90, and p99, in seconds. */
export type Figures = readonly [requests: number, p50: number, p90: number, p99: number];

/** `known3` and `known20` know this number of earlier runs. `known10` knows ten, and then runs that take twice as long. */
export type ScheduleName = 'growing' | 'byAge' | 'known3' | 'known20' | 'known10';

/** Reference figures of our schedules, by workload. */
const table: Readonly<Record<string, Partial<Record<ScheduleName, Figures>>>> = {
  W1: { known3: [22.1, 2.6, 5.6, 12.2], known20: [21.0, 2.6, 5.1, 9.7] },
  W2: { known3: [67.6, 7.3, 15.2, 29.6], known20: [63.6, 7.3, 14.1, 24.4] },
  W3: { known3: [29.9, 3.5, 9.5, 24.1], known20: [30.9, 3.0, 7.3, 15.0] },
  W4: { known3: [24.1, 2.5, 6.5, 28.6], known20: [23.6, 2.5, 5.2, 28.7] },
  W5: { known10: [59.4, 4.4, 8.2, 19.1] },
  W6: { known3: [33.4, 1.6, 3.1, 5.8], known20: [29.8, 1.6, 2.9, 5.1] },
  W7: { known3: [28.1, 3.0, 6.1, 11.6], known20: [26.9, 3.0, 5.8, 10.0] },
};

export function expected(schedule: ScheduleName, workload: string): Figures | undefined {
  return table[workload]?.[schedule];
}

export function differences(found: Figures, wanted: Figures): Figures {
  const off = (index: 0 | 1 | 2 | 3): number => found[index] / wanted[index] - 1;
  return [off(0), off(1), off(2), off(3)];
}
