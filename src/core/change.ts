import { advance, type Kickoff, type Observation } from './kickoff';
import type { Change } from './ports';
import { collected } from './tasks';

/** What a poll brought that was told the id is not known. */
export const unknownId: Observation = {
  kind: 'answered',
  answer: { phase: { kind: 'missing' }, progress: {}, tasks: [], hasAllTasks: false },
  body: new Uint8Array(),
};

/** What one observation writes; the stored run itself when there is nothing to write. */
export function changeBy(stored: Kickoff, seen: Observation, now: number, askedSince = stored.trackedAt): Change {
  const kickoff = advance(stored, seen, now, askedSince);
  if (kickoff === stored || seen.kind === 'unanswered') return { kickoff };
  const { outputs } = collected(stored.tasks, seen.answer);
  return seen.body.length > 0 ? { kickoff, outputs, body: seen.body } : { kickoff, outputs };
}
