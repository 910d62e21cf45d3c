import type { Kickoff } from './kickoff';
import type { Watched } from './watched';

/** What was on the board when an answer came, and what came of it. */
interface Heard {
  readonly before: Kickoff | undefined;
  readonly after: Kickoff;
  readonly now: number;
}

/** The run as its pace is to see it: missing for as long as it was waited for. Neither a sleep nor a clock that somebody set ahead uses up its waits. */
export function asWaitedFor(watched: Watched, { before, after, now }: Heard): Kickoff {
  const missedAt = before?.phase.kind === 'missing' ? before.checkedAt : undefined;
  if (after.phase.kind !== 'missing' || missedAt === undefined) {
    watched.missingFor = undefined;
    return after;
  }
  const untilThen = watched.missingFor ?? Math.max(0, missedAt - after.phaseSince);
  watched.missingFor = untilThen + Math.min(Math.max(0, now - missedAt), watched.interval);
  return { ...after, phaseSince: now - watched.missingFor };
}
