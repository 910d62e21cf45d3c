import { advance, unknownId, type Kickoff, type Observation } from './kickoff';
import type { Change } from './ports';
import { collected } from './tasks';

/** What a poll brought when a route that once answered is not found: the id is not. */
export const unknownRun: Observation = { kind: 'answered', answer: unknownId, body: new Uint8Array() };

/** A trouble of a run's own says when that run is asked again. */
export function withRetry(seen: Extract<Observation, { kind: 'unanswered' }>, retryAt: number | undefined): Observation {
  return retryAt === undefined ? seen : { ...seen, trouble: { ...seen.trouble, retryAt } };
}

/** What one observation writes; the stored run itself when there is nothing to write. */
export function changeBy(stored: Kickoff, seen: Observation, now: number, askedSince = stored.trackedAt): Change {
  const kickoff = advance(stored, seen, now, askedSince);
  if (kickoff === stored || seen.kind === 'unanswered') return { kickoff };
  const { outputs } = collected(stored.tasks, seen.answer);
  return seen.body.length > 0 ? { kickoff, outputs, body: seen.body } : { kickoff, outputs };
}
