import { advance, isSettled, unknownId, type Kickoff, type Observation } from './kickoff';
import type { Change } from './ports';
import { collected } from './tasks';

/** What a poll brought when a route that once answered is not found: the id is not. */
const unknownRun: Observation = { kind: 'answered', answer: unknownId, body: new Uint8Array() };

/** What a poll brought, once it is known whether some run of the deployment was ever answered: a route that was there is there. */
export function interpreted(seen: Observation, wasAnswered: () => boolean): Observation {
  return seen.kind === 'unanswered' && seen.trouble.kind === 'wrongAddress' && wasAnswered() ? unknownRun : seen;
}

/** A trouble of a run's own says when that run is asked again. */
export function withRetry(seen: Extract<Observation, { kind: 'unanswered' }>, retryAt: number | undefined): Observation {
  return retryAt === undefined ? seen : { ...seen, trouble: { ...seen.trouble, retryAt } };
}

/** When, and under which holder of the lease, something was heard. */
export interface HeardAt {
  readonly now: number;
  /** When the run was first asked with a token. */
  readonly askedSince?: number | undefined;
  readonly epoch?: number;
}

/** What one observation writes; the stored run itself when there is nothing to write. */
export function changeBy(stored: Kickoff, seen: Observation, { now, askedSince = stored.trackedAt, epoch = 0 }: HeardAt): Change {
  if (isOutdated(stored, seen, epoch)) return { kickoff: stored };
  const advanced = advance(stored, seen, now, askedSince);
  if (advanced === stored) return { kickoff: stored };
  const kickoff = epoch === 0 ? advanced : { ...advanced, epoch };
  if (seen.kind === 'unanswered') return seen.body && stored.checkedAt === undefined ? { kickoff, body: seen.body } : { kickoff };
  const { outputs } = collected(stored.tasks, seen.answer);
  return seen.body.length > 0 ? { kickoff, outputs, body: seen.body } : { kickoff, outputs };
}

/** Whether the store holds something that a server said of a run: its last answer, or a refusal while there was no answer. */
export function hasBody({ checkedAt, trouble }: Kickoff): boolean {
  return checkedAt !== undefined || trouble?.kind === 'refused';
}

/** Another window took over meanwhile and has heard more; an end is an end, whoever heard of it. */
function isOutdated(stored: Kickoff, seen: Observation, epoch: number): boolean {
  return epoch < (stored.epoch ?? 0) && !(seen.kind === 'answered' && isSettled(seen.answer.phase));
}
