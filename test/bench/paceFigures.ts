import { byAge, growing, knownFrom, ours, watch, type Schedule, type Watched } from './paceSimulation';
import { quantile } from './figures';
import type { Figures, ScheduleName } from './paceTable';
import { seeded, type Case, type Workload } from './paceWorkloads';

/** The figures of a schedule, for the runs that ended. */
interface Outcome {
  readonly schedule: ScheduleName;
  readonly figures: Figures;
}

function figuresOf(all: readonly Watched[]): Figures {
  const ended = all.flatMap(({ requests, late }) => (late === undefined ? [] : [{ requests, late }]));
  const lates = ended.map(({ late }) => late);
  const requests = ended.reduce((sum, one) => sum + one.requests, 0) / ended.length;
  return [requests, quantile(lates, 0.5), quantile(lates, 0.9), quantile(lates, 0.99)];
}

/** Simulates all schedules with the same runs. */
export function outcomes(workload: Workload, runs: number, seed: number): readonly Outcome[] {
  const most = workload.known ?? 20;
  const cases = workload.make(seeded(seed), runs, most);
  const jitter = seeded(seed + 1);
  const over = (schedule: ScheduleName, make: (one: Case) => Schedule): Outcome => ({
    schedule,
    figures: figuresOf(cases.map((one) => watch(one.run, make(one), workload.horizon))),
  });
  const known = (count: number) => (one: Case) => ours(knownFrom(one.earlier.slice(-count)), jitter);
  return [
    over('growing', () => growing),
    over('byAge', () => byAge(jitter)),
    ...(workload.known === undefined ? [over('known3', known(3)), over('known20', known(20))] : [over('known10', known(Infinity))]),
  ];
}
