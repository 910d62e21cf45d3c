import { etaOf, type Eta, type SecondsRange } from '#core/kickoff/eta';
import { knownFrom, openAt } from './paceSimulation';
import { seeded, type Workload } from './paceWorkloads';

/**
 * Checks each run at a random time, weighted by its duration, like a user who looks now and then. Returns the share of the runs' time in which
 * each text about the expected end is shown. Returns the share of this time in which the text is right, and in which the estimate is right
 * before it is rounded outward.
 */
export function coverage(workload: Workload, runs: number, known: number, seed: number) {
  const chance = seeded(seed + 1);
  const sums = new Map<Eta['kind'], Record<'shown' | 'right' | 'exact', number>>();
  let time = 0;
  for (const { run, earlier } of workload.make(seeded(seed), runs, workload.known ?? known)) {
    const total = run.tasks.reduce((sum, task) => sum + task, 0);
    if (total === Infinity) continue;
    const age = chance() * total;
    const { kickoff, now } = openAt(run, run.queued + age);
    const eta = etaOf(kickoff, knownFrom(earlier.slice(-known)), now);
    time += total;
    if (!eta) continue;
    const { right, exact } = judged(eta, total, age);
    const sum = sums.get(eta.kind) ?? { shown: 0, right: 0, exact: 0 };
    sums.set(eta.kind, { shown: sum.shown + total, right: sum.right + (right ? total : 0), exact: sum.exact + (exact ? total : 0) });
  }
  return [...sums].map(([kind, { shown, right, exact }]) => ({ kind, share: shown / time, right: right / shown, exact: exact / shown }));
}

/** Judges an estimate. The row rounds the estimate outward to minutes. */
function judged(eta: Eta, total: number, age: number) {
  const left = total - age;
  switch (eta.kind) {
    case 'usually':
    case 'onceStarted':
      return within(total, eta.usual);
    case 'left':
      return within(left, eta.left);
    case 'about':
      return both(Math.abs(left - eta.seconds) <= eta.seconds / 4);
    case 'lessThanMinute':
      return both(left <= 60);
    case 'longerThanUsual':
      return both(total > eta.usual.high);
    case 'took':
      return both(true);
  }
}

function within(seconds: number, { low, high }: SecondsRange) {
  return {
    right: seconds >= 60 * Math.floor(low / 60) && seconds <= 60 * Math.ceil(high / 60),
    exact: seconds >= low && seconds <= high,
  };
}

function both(right: boolean) {
  return { right, exact: right };
}
