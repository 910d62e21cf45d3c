import type { KickoffUpdate } from '#core/history/store';
import { isSettled, unknownId, type Answer, type Kickoff, type Observation, type Phase } from './kickoff';
import { progressSince } from './stall';
import { mergeTasks, tasksAfter } from './tasks';
import { sameTrouble } from './trouble';

/**
 * The whole life of a tracked run, in one place.
 *
 * Returns the same object when nothing changed, so that a caller compares by identity to know whether to store, redraw or notify.
 * A settled run never changes; an unanswered poll never changes the phase. `askedSince` is when it was first asked with a token.
 */
export function advance(kickoff: Kickoff, seen: Observation, now: number, askedSince = kickoff.trackedAt): Kickoff {
  if (isSettled(kickoff.phase)) return kickoff;

  switch (seen.kind) {
    case 'unanswered':
      return sameTrouble(kickoff.trouble, seen.trouble) ? kickoff : { ...kickoff, trouble: seen.trouble };
    case 'answered':
      return { ...withAnswer(kickoff, seen.answer, now, askedSince), ...notBeforeFrom(seen, now) };
  }
}

function withAnswer(kickoff: Kickoff, answer: Answer, now: number, askedSince: number): Kickoff {
  const { trouble: _, notBefore: _until, ...before } = kickoff;
  const heard = { ...before, checkedAt: now };
  if (answer.phase.kind === 'missing') return { ...heard, ...phaseChange(kickoff, answer.phase, now) };

  const start = startTime(kickoff, answer, now);
  const { startedAt } = start;
  const next: Kickoff = {
    ...heard,
    ...phaseChange(kickoff, answer.phase, now),
    progress: isSettled(answer.phase) ? { ...kickoff.progress, ...answer.progress } : answer.progress,
    ...(!isSettled(answer.phase) && { progressSince: progressSince(kickoff, answer, now) }),
    tasks: tasksAfter(kickoff, answer, taskEndTime(kickoff, answer, { startedAt, now })),
    ...start,
    ...(answer.phase.kind !== 'queued' && { hasRun: true }),
    ...(answer.executionSeconds !== undefined && { executionSeconds: answer.executionSeconds }),
    ...(answer.totalTokens !== undefined && { totalTokens: answer.totalTokens }),
    ...(answer.output && { output: answer.output.language }),
    ...(answer.title !== undefined && { title: answer.title }),
  };
  return isSettled(next.phase) ? withEnd(next, { before: kickoff, now, askedSince }) : next;
}

function notBeforeFrom({ retryAfterSeconds = 0 }: Extract<Observation, { kind: 'answered' }>, now: number): Pick<Kickoff, 'notBefore'> {
  return retryAfterSeconds > 0 ? { notBefore: now + retryAfterSeconds * 1_000 } : {};
}

/** When what is over for the first time ended. A list that comes with the end says nothing of that, nor does the first answer. */
function taskEndTime({ checkedAt }: Kickoff, { phase }: Answer, known: { startedAt: number | undefined; now: number }): number | undefined {
  if (checkedAt === undefined || isSettled(phase)) return undefined;
  return (Math.max(checkedAt, known.startedAt ?? 0) + known.now) / 2;
}

/** Returns the earliest start that the server sent, else the time of the poll that first found a queued run running. */
function startTime({ phase, checkedAt, startedAt, isStartObserved }: Kickoff, answer: Answer, now: number): Start {
  if (answer.startedAt !== undefined) {
    const isFirst = startedAt === undefined || isStartObserved === true;
    const earliest = isFirst ? answer.startedAt : Math.min(startedAt, answer.startedAt);
    return { startedAt: earliest, ...(isStartObserved !== undefined && { isStartObserved: false }) };
  }
  if (startedAt !== undefined) return { startedAt };
  const wasQueued = phase.kind === 'queued' && checkedAt !== undefined;
  const isRunning = answer.phase.kind === 'running' || answer.phase.kind === 'waiting';
  return wasQueued && isRunning ? { startedAt: now, isStartObserved: true } : {};
}

type Start = Pick<Kickoff, 'startedAt' | 'isStartObserved'>;

function phaseChange(kickoff: Kickoff, phase: Phase, now: number): Pick<Kickoff, 'phase' | 'phaseSince'> {
  return samePhase(kickoff.phase, phase) ? { phase: kickoff.phase, phaseSince: kickoff.phaseSince } : { phase, phaseSince: now };
}

function samePhase(one: Phase, other: Phase): boolean {
  if (one.kind === 'running' && other.kind === 'running') return one.stateText === other.stateText;
  return one.kind === other.kind;
}

/** A run that is finished within this time of its first poll counts as finished before it was tracked. */
const endedBeforeTrackingMs = 30_000;

/** What a run was before its end was heard, and when that was; `askedSince` is when it was first asked with a token. */
interface Ending {
  readonly before: Kickoff;
  readonly now: number;
  readonly askedSince: number;
}

/** A run that is found settled as soon as it could be asked ended before it was tracked: no notice, no mark, no invented duration. */
function withEnd(after: Kickoff, { before, now, askedSince }: Ending): Kickoff {
  const { startedAt, executionSeconds } = after;
  const endedAt = startedAt !== undefined && executionSeconds !== undefined ? startedAt + executionSeconds * 1_000 : undefined;
  const wasOver = endedAt === undefined ? Math.abs(now - askedSince) < endedBeforeTrackingMs : endedAt <= before.trackedAt;
  const endedBefore = before.checkedAt === undefined && wasOver;
  return endedBefore ? after : { ...after, finishedAt: now, isUnread: true };
}

/** The observation for an HTTP 404 from a route that responded before: AMP doesn't know the kickoff ID. */
const unknownKickoff: Observation = { kind: 'answered', answer: unknownId, body: new Uint8Array() };

/** Returns the observation, with an unknown route read as an unknown kickoff ID if the deployment ever returned a status. */
export function missingIfRouteKnown(seen: Observation, wasAnswered: () => boolean): Observation {
  return seen.kind === 'unanswered' && seen.trouble.kind === 'wrongAddress' && wasAnswered() ? unknownKickoff : seen;
}

/** Returns the observation with the time of the next poll in its trouble. */
export function withRetry(seen: Extract<Observation, { kind: 'unanswered' }>, retryAt: number | undefined): Observation {
  return retryAt === undefined ? seen : { ...seen, trouble: { ...seen.trouble, retryAt } };
}

/** The time of an observation, and the leader that made it. */
export interface ObservedAt {
  readonly now: number;
  /** When the run was first asked with a token. */
  readonly askedSince?: number | undefined;
  readonly epoch?: number;
}

/** What one observation writes; the stored run itself when there is nothing to write. */
export function applyObservation(
  stored: Kickoff,
  seen: Observation,
  { now, askedSince = stored.trackedAt, epoch = 0 }: ObservedAt,
): KickoffUpdate {
  if (isOutdated(stored, seen, epoch)) return { kickoff: stored };
  const advanced = advance(stored, seen, now, askedSince);
  if (advanced === stored) return { kickoff: stored };
  const kickoff = epoch === 0 ? advanced : { ...advanced, epoch };
  if (seen.kind === 'unanswered') return seen.body && stored.checkedAt === undefined ? { kickoff, body: seen.body } : { kickoff };
  const { outputs } = mergeTasks(stored.tasks, seen.answer);
  return seen.body.length > 0 ? { kickoff, outputs, body: seen.body } : { kickoff, outputs };
}

/** Whether a newer leader has stored a later response. A response that ends the run is never outdated. */
function isOutdated(stored: Kickoff, seen: Observation, epoch: number): boolean {
  return epoch < (stored.epoch ?? 0) && !(seen.kind === 'answered' && isSettled(seen.answer.phase));
}
