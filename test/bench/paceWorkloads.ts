/** One run: its seconds in the queue, and the seconds of each task. */
export interface Run {
  readonly queued: number;
  readonly tasks: readonly number[];
}

/** Measured runs, each with the earlier runs of its deployment. */
export interface Workload {
  readonly name: string;
  readonly says: string;
  /** Returns runs and, for each, its earlier runs, oldest first. */
  readonly make: (random: () => number, runs: number, known: number) => readonly Case[];
  /** The seconds after which the simulation stops polling runs that never end. */
  readonly horizon?: number;
  /** The number of earlier runs, if the workload determines it. */
  readonly known?: number;
}

export interface Case {
  readonly run: Run;
  readonly earlier: readonly Run[];
}

type Draw = (random: () => number) => Run;

/** Returns a random number generator with a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The workloads of the reference figures. Their details are chosen so that the fixed schedules give the reference figures. */
export const workloads: readonly Workload[] = [
  { name: 'W1', says: 'log-normal, median 2 min, log-SD 0.5', make: apart(single(logNormal(120, 0.5))) },
  { name: 'W2', says: 'log-normal, median 20 min, log-SD 0.4', make: apart(single(logNormal(1_200, 0.4))) },
  { name: 'W3', says: '30 % fail within 10 s, else median 5 min, log-SD 0.5', make: apart(single(failing)) },
  { name: 'W4', says: 'Pareto 1.5 from 1 min; one in a hundred never ends', make: apart(single(pareto), 0.01), horizon: 4 * 3_600 },
  { name: 'W5', says: 'median 5 min, log-SD 0.39; ten runs known, then twelve that take twice as long', make: slowing, known: 10 },
  {
    name: 'W6',
    says: 'five tasks around 50 s; log-SD 0.35 for the run, 0.3 for each task',
    make: apart(crew([40, 60, 60, 45, 40], 0.35, 0.3)),
  },
  { name: 'W7', says: 'twelve start together, four run at a time; median 3 min, log-SD 0.4', make: queueing },
];

export const ownWorkloads: readonly Workload[] = [
  { name: 'half and half', says: 'half around 1 min, half around 10 min, log-SD 0.3', make: apart(single(eitherOr)) },
  { name: 'quick crew', says: 'six tasks of 3 to 6 s', make: apart(quickCrew) },
];

function apart(draw: Draw, endless = 0): Workload['make'] {
  return (random, runs, known) =>
    times(runs, () => {
      const run = draw(random);
      const earlier = times(known, () => draw(random));
      return { run: random() < endless ? { ...run, tasks: [Infinity] } : run, earlier };
    });
}

function slowing(random: () => number, runs: number, known: number): readonly Case[] {
  const after = 12;
  return times(Math.ceil(runs / after), () => {
    const all = times(known + after, (index) => single(logNormal(index < known ? 300 : 600, 0.39))(random));
    return times(after, (index) => ({ run: all[known + index]!, earlier: all.slice(0, known + index) }));
  })
    .flat()
    .slice(0, runs);
}

function queueing(random: () => number, runs: number, known: number): readonly Case[] {
  const [batch, places] = [12, 4];
  const draw = single(logNormal(180, 0.4));
  return times(Math.ceil(runs / batch), () => {
    const free = times(places, () => 0);
    return times(batch, () => {
      const run = { ...draw(random), queued: Math.min(...free) };
      free[free.indexOf(run.queued)]! += run.tasks[0]!;
      return { run, earlier: times(known, () => draw(random)) };
    });
  })
    .flat()
    .slice(0, runs);
}

function single(seconds: (random: () => number) => number): Draw {
  return (random) => ({ queued: 0, tasks: [seconds(random)] });
}

function logNormal(median: number, spread: number): (random: () => number) => number {
  return (random) => median * Math.exp(spread * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

function failing(random: () => number): number {
  return random() < 0.3 ? 10 * random() : logNormal(300, 0.5)(random);
}

function pareto(random: () => number): number {
  return 60 * (1 - random()) ** (-1 / 1.5);
}

function eitherOr(random: () => number): number {
  return logNormal(random() < 0.5 ? 60 : 600, 0.3)(random);
}

/** Returns runs whose tasks are slow or fast together, and also vary a little. */
function crew(medians: readonly number[], together: number, alone: number): Draw {
  return (random) => {
    const slow = logNormal(1, together)(random);
    return { queued: 0, tasks: medians.map((median) => slow * logNormal(median, alone)(random)) };
  };
}

function quickCrew(random: () => number): Run {
  return { queued: 0, tasks: times(6, () => 3 + 3 * random()) };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
