import { etaOf, type Eta, type SecondsRange } from '#core/kickoff/eta';
import { knownFrom, openAt } from './paceSimulation';
import { seeded, type Workload } from './paceWorkloads';

/**
 * Checks each run at a random time, weighted by its duration, like a user who looks now and then. Returns the share of the runs' time in which
 * each text about the expected end is shown, and the share of this time in which the text is right.
 */
export function coverage(workload: Workload, runs: number, known: number, seed: number) {
  const chance = seeded(seed + 1);
  const sums = new Map<Eta['kind'], Record<'shown' | 'right', number>>();
  let time = 0;
  for (const { run, earlier } of workload.make(seeded(seed), runs, workload.known ?? known)) {
    const total = run.tasks.reduce((sum, task) => sum + task, 0);
    if (total === Infinity) continue;
    const age = chance() * total;
    const { kickoff, now } = openAt(run, run.queued + age);
    const eta = etaOf(kickoff, knownFrom(earlier.slice(-known)), now);
    time += total;
    if (!eta) continue;
    const sum = sums.get(eta.kind) ?? { shown: 0, right: 0 };
    sums.set(eta.kind, { shown: sum.shown + total, right: sum.right + (isRight(eta, total, age) ? total : 0) });
  }
  return [...sums].map(([kind, { shown, right }]) => ({ kind, share: shown / time, right: right / shown }));
}

function isRight(eta: Eta, total: number, age: number): boolean {
  const left = total - age;
  switch (eta.kind) {
    case 'usually':
    case 'onceStarted':
      return isWithin(total, eta.usual);
    case 'left':
      return isWithin(left, eta.leftRange);
    case 'about':
      return Math.abs(left - eta.seconds) <= eta.seconds / 4;
    case 'lessThanMinute':
      return left <= 60;
    case 'longerThanUsual':
      return total > eta.usual.high;
    case 'took':
      return true;
  }
}

/** The row rounds ranges outward to minutes. */
function isWithin(seconds: number, { low, high }: SecondsRange): boolean {
  return seconds >= 60 * Math.floor(low / 60) && seconds <= 60 * Math.ceil(high / 60);
}
