import type { KickoffUpdate } from '#core/history/store';
import { isSettled, unknownId, type Answer, type Kickoff, type Observation, type Phase } from './kickoff';
import { progressSince } from './stall';
import { mergeTasks, tasksAfter } from './tasks';
import { sameTrouble } from './trouble';

/**
 * Returns the next state of a run after an observation.
 *
 * Returns the same object when nothing changed, so that callers can compare by identity before they store, redraw, or notify.
 * A finished run never changes. A failed poll never changes the phase. `firstPollAt` is the time of the first poll with a token.
 */
export function advance(kickoff: Kickoff, observation: Observation, now: number, firstPollAt = kickoff.trackedAt): Kickoff {
  if (isSettled(kickoff.phase)) return kickoff;

  switch (observation.kind) {
    case 'unanswered':
      return sameTrouble(kickoff.trouble, observation.trouble) ? kickoff : { ...kickoff, trouble: observation.trouble };
    case 'answered':
      return { ...withAnswer(kickoff, observation.answer, now, firstPollAt), ...notBeforeFrom(observation, now) };
  }
}

function withAnswer(kickoff: Kickoff, answer: Answer, now: number, firstPollAt: number): Kickoff {
  const { trouble: _, notBefore: _until, ...before } = kickoff;
  const checked = { ...before, checkedAt: now };
  if (answer.phase.kind === 'missing') return { ...checked, ...phaseChange(kickoff, answer.phase, now) };

  const start = startTime(kickoff, answer, now);
  const { startedAt } = start;
  const next: Kickoff = {
    ...checked,
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
  return isSettled(next.phase) ? withEnd(next, { before: kickoff, now, firstPollAt }) : next;
}

function notBeforeFrom({ retryAfterSeconds = 0 }: Extract<Observation, { kind: 'answered' }>, now: number): Pick<Kickoff, 'notBefore'> {
  return retryAfterSeconds > 0 ? { notBefore: now + retryAfterSeconds * 1_000 } : {};
}

/**
 * Returns the estimated end time of newly finished tasks, halfway between the last two responses. Undefined for the first and the final
 * response, which don't show when a task finished.
 */
function taskEndTime({ checkedAt }: Kickoff, { phase }: Answer, known: { startedAt: number | undefined; now: number }): number | undefined {
  if (checkedAt === undefined || isSettled(phase)) return undefined;
  return (Math.max(checkedAt, known.startedAt ?? 0) + known.now) / 2;
}

/**
 * Returns the earliest start that the server sent. Without such a start, returns the time of the poll that first found a queued run
 * running.
 */
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

/**
 * A run that is finished within this time of its first poll counts as finished before it was tracked. Applies only if the server doesn't
 * send both start and duration.
 */
const endedBeforeTrackingMs = 30_000;

/** The state of a run before its final response, and the time of that response. `firstPollAt` is the time of the first poll with a token. */
interface Ending {
  readonly before: Kickoff;
  readonly now: number;
  readonly firstPollAt: number;
}

/** Adds the end time and the unread mark. A run that finished before it was tracked gets neither, so that it causes no notification. */
function withEnd(after: Kickoff, { before, now, firstPollAt }: Ending): Kickoff {
  const { startedAt, executionSeconds } = after;
  const endedAt = startedAt !== undefined && executionSeconds !== undefined ? startedAt + executionSeconds * 1_000 : undefined;
  const wasOver = endedAt === undefined ? Math.abs(now - firstPollAt) < endedBeforeTrackingMs : endedAt <= before.trackedAt;
  const endedBefore = before.checkedAt === undefined && wasOver;
  return endedBefore ? after : { ...after, finishedAt: now, isUnread: true };
}

/** The observation for an HTTP 404 from a route that responded before: AMP doesn't know the kickoff ID. */
const unknownKickoff: Observation = { kind: 'answered', answer: unknownId, body: new Uint8Array() };

/** Returns the observation. If the route is unknown but the deployment has returned a status before, returns `unknownKickoff` instead. */
export function missingIfRouteKnown(observation: Observation, wasAnswered: () => boolean): Observation {
  return observation.kind === 'unanswered' && observation.trouble.kind === 'wrongAddress' && wasAnswered() ? unknownKickoff : observation;
}

/** Returns the observation with the time of the next poll in its problem. */
export function withRetry(observation: Extract<Observation, { kind: 'unanswered' }>, retryAt: number | undefined): Observation {
  return retryAt === undefined ? observation : { ...observation, trouble: { ...observation.trouble, retryAt } };
}

/** The time of an observation, and the leader that made it. */
export interface ObservedAt {
  readonly now: number;
  /** Time of the first poll with a token. */
  readonly firstPollAt?: number | undefined;
  readonly epoch?: number;
  /** Epoch of the leader at the time of the update. Another window may have become the leader since the poll began. */
  readonly leaseEpoch?: number;
}

/** Returns the update to store after an observation. If nothing changed, the update contains the stored object itself. */
export function applyObservation(
  stored: Kickoff,
  observation: Observation,
  { now, firstPollAt = stored.trackedAt, epoch = 0, leaseEpoch = 0 }: ObservedAt,
): KickoffUpdate {
  if (isOutdated(observation, epoch, Math.max(stored.epoch ?? 0, leaseEpoch))) return { kickoff: stored };
  const advanced = advance(stored, observation, now, firstPollAt);
  if (advanced === stored) return { kickoff: stored };
  const kickoff = epoch === 0 ? advanced : { ...advanced, epoch };
  if (observation.kind === 'unanswered')
    return observation.body && stored.checkedAt === undefined ? { kickoff, body: observation.body } : { kickoff };
  const { outputs } = mergeTasks(stored.tasks, observation.answer);
  return observation.body.length > 0 ? { kickoff, outputs, body: observation.body } : { kickoff, outputs };
}

/**
 * Whether an earlier leader made the observation, so that it isn't stored. Storing it could set the progress of the run back. A response
 * that ends the run is never outdated.
 */
function isOutdated(observation: Observation, epoch: number, newest: number): boolean {
  return epoch < newest && !(observation.kind === 'answered' && isSettled(observation.answer.phase));
}
