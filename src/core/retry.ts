import { backOff } from './health';
import type { Observation } from './kickoff';
import type { Random } from './ports';
import { reachOf, waitsForUser } from './trouble';

/** When a run is asked next by what its last poll brought: a trouble of its own makes it wait, or wait for its user. Its pace is planned apart. */
export function retryAt(seen: Observation, failures: number, now: number, random: Random): number | undefined {
  if (seen.kind === 'answered' || reachOf(seen.trouble.kind) !== 'run') return now;
  return waitsForUser(seen.trouble.kind) ? undefined : now + backOff(failures, random);
}
