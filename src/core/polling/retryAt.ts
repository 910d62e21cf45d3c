import type { Observation } from '#core/kickoff/kickoff';
import { reachOf, waitsForUser } from '#core/kickoff/trouble';
import type { Random } from '#core/lib/types';
import { backOff } from './hostHealth';

/** Returns the time of the next poll after a problem of the run; undefined if it waits for the user. Returns `now` for other results. */
export function retryAt(observation: Observation, failures: number, now: number, random: Random): number | undefined {
  if (observation.kind === 'answered' || reachOf(observation.trouble.kind) !== 'run') return now;
  return waitsForUser(observation.trouble.kind) ? undefined : now + backOff(failures, random);
}
