import { etaOf, type Eta, type SecondsRange } from '#core/kickoff/eta';
import { knownFrom, openAt } from './paceSimulation';
import { seeded, type Workload } from './paceWorkloads';

/** How often what the row says came true; every share is one of the time that the runs took. */
export interface Coverage {
  readonly kind: Eta['kind'];
  /** How much of the time this was said. */
  readonly share: number;
  /** How much of that time it was right, as it is shown. */
  readonly right: number;
  /** The same before it is rounded outward. */
  readonly exact: number;
}

interface Judged {
  readonly right: boolean;
  readonly exact: boolean;
}

/** Looks at each run at a moment that chance picks, and lets it count by how long the run took: as one would who looks now and then. */
export function coverage(workload: Workload, runs: number, known: number, seed: number): readonly Coverage[] {
  const chance = seeded(seed + 1);
  const told = new Map<Eta['kind'], Record<'said' | 'right' | 'exact', number>>();
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
    const so = told.get(eta.kind) ?? { said: 0, right: 0, exact: 0 };
    told.set(eta.kind, { said: so.said + total, right: so.right + (right ? total : 0), exact: so.exact + (exact ? total : 0) });
  }
  return [...told].map(([kind, { said, right, exact }]) => ({ kind, share: said / time, right: right / said, exact: exact / said }));
}

/** Whether it came as the row says; the row rounds outward to minutes. */
function judged(eta: Eta, total: number, age: number): Judged {
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

function within(seconds: number, { low, high }: SecondsRange): Judged {
  return {
    right: seconds >= 60 * Math.floor(low / 60) && seconds <= 60 * Math.ceil(high / 60),
    exact: seconds >= low && seconds <= high,
  };
}

function both(right: boolean): Judged {
  return { right, exact: right };
}
