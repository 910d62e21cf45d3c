import { byAge, fixed, growing, knownFrom, ours, watch, type Schedule, type Watched } from './paceSimulation';
import { quantile } from './figures';
import type { Figures, ScheduleName } from './paceTable';
import { seeded, type Case, type Workload } from './paceWorkloads';

export type Outcome = ReturnType<typeof outcome>;

/** Returns the figures of a schedule. Mean and quantiles count only finished runs. `stuck` are the requests for runs that never end. */
function outcome(schedule: ScheduleName, scheduledRun: readonly Watched[]) {
  const ended = scheduledRun.flatMap(({ requests, late, outputs }) => (late === undefined ? [] : [{ requests, late, outputs }]));
  const stuck = scheduledRun.filter(({ late }) => late === undefined).map(({ requests }) => requests);
  const lates = ended.map(({ late }) => late);
  const figures: Figures = [mean(ended.map(({ requests }) => requests)), quantile(lates, 0.5), quantile(lates, 0.9), quantile(lates, 0.99)];
  return {
    schedule,
    figures,
    stuck: stuck.length > 0 ? mean(stuck) : undefined,
    outputs: mean(ended.map(({ outputs }) => outputs)),
  };
}

/** Simulates all schedules with the same runs. */
export function outcomes(workload: Workload, runs: number, seed: number): readonly Outcome[] {
  const most = workload.known ?? 20;
  const cases = workload.make(seeded(seed), runs, most);
  const jitter = seeded(seed + 1);
  const over = (name: ScheduleName, schedule: (one: Case) => Schedule): Outcome =>
    outcome(
      name,
      cases.map((one) => watch(one.run, schedule(one), workload.horizon)),
    );
  const known = (count: number) => (one: Case) => ours(knownFrom(one.earlier.slice(-count)), jitter);
  return [
    over('fixed', () => fixed),
    over('growing', () => growing),
    over('byAge', () => byAge(jitter)),
    ...(workload.known === undefined ? [over('known3', known(3)), over('known20', known(20))] : [over('known10', known(Infinity))]),
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
