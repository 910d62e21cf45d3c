import type { KickoffUpdate } from '#core/history/store';
import { isSettled, unknownId, type Answer, type Kickoff, type Observation, type Phase, type Progress } from './kickoff';
import { progressSince } from './stall';
import { mergeTasks, tasksAfter } from './tasks';
import { sameTrouble } from './trouble';

/**
 * Returns the next state of a run after an observation.
 *
 * Returns the same object for a finished run and for a repeated problem, so that callers store nothing. A failed poll changes only the
 * problem of the run, never the phase. `firstPollAt` is the time of the run's first poll with a token.
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
  const tasks = tasksAfter(kickoff, answer, taskEndTime(kickoff, answer, { startedAt, now }));
  const next: Kickoff = {
    ...checked,
    ...phaseChange(kickoff, answer.phase, now),
    progress: isSettled(answer.phase) ? finalProgress(kickoff, answer, tasks) : answer.progress,
    ...(!isSettled(answer.phase) && { progressSince: progressSince(kickoff, answer, now) }),
    tasks,
    ...start,
    ...(answer.phase.kind !== 'queued' && { hasRun: true }),
    ...(answer.executionSeconds !== undefined && { executionSeconds: answer.executionSeconds }),
    ...(answer.totalTokens !== undefined && { totalTokens: answer.totalTokens }),
    ...(answer.output && { output: answer.output.language }),
    ...(answer.title !== undefined && { title: answer.title }),
  };
  return isSettled(next.phase) ? withEnd(next, { before: kickoff, now, firstPollAt }) : next;
}

/**
 * Returns the progress of a finished run. AMP sends no progress with a failure, so the last progress stays. If another task finished since,
 * the last current task isn't the one in which the run ended.
 */
function finalProgress({ progress, tasks }: Kickoff, answer: Answer, after: Kickoff['tasks']): Progress {
  const { completed, total } = progress;
  const counts = { ...(completed !== undefined && { completed }), ...(total !== undefined && { total }) };
  return { ...(after.length > tasks.length ? counts : progress), ...answer.progress };
}

function notBeforeFrom({ retryAfterSeconds = 0 }: Extract<Observation, { kind: 'answered' }>, now: number): Pick<Kickoff, 'notBefore'> {
  return retryAfterSeconds > 0 ? { notBefore: now + retryAfterSeconds * 1_000 } : {};
}

/**
 * Returns the estimated end of newly finished tasks: the time halfway between the previous response and this response. If the run started
 * after the previous response, the start replaces the previous response. Undefined for a first or final response, because the new tasks may
 * have finished long before.
 */
function taskEndTime({ checkedAt }: Kickoff, { phase }: Answer, known: { startedAt: number | undefined; now: number }): number | undefined {
  if (checkedAt === undefined || isSettled(phase)) return undefined;
  return (Math.max(checkedAt, known.startedAt ?? 0) + known.now) / 2;
}

/**
 * Returns the earliest start that the server sent. Without such a start, returns the time of the response that changed the run from queued
 * to running or waiting. Returns an empty object if neither time is known.
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
 * A run counts as finished before tracking if its first response is final and comes within this time. The time begins with the first poll
 * with a token. Applies only if the server doesn't send both start and duration.
 */
const endedBeforeTrackingMs = 30_000;

/** The state of a run before its final response, and the time of that response. `firstPollAt` is the time of the first poll with a token. */
interface Ending {
  readonly before: Kickoff;
  readonly now: number;
  readonly firstPollAt: number;
}

/**
 * Adds `finishedAt` and the unread mark. A run that finished before tracking gets neither of them, so that the run causes no notification.
 */
function withEnd(after: Kickoff, { before, now, firstPollAt }: Ending): Kickoff {
  const { startedAt, executionSeconds } = after;
  const endedAt = startedAt !== undefined && executionSeconds !== undefined ? startedAt + executionSeconds * 1_000 : undefined;
  const wasOver = endedAt === undefined ? Math.abs(now - firstPollAt) < endedBeforeTrackingMs : endedAt <= before.trackedAt;
  const endedBefore = before.checkedAt === undefined && wasOver;
  return endedBefore ? after : { ...after, finishedAt: now, isUnread: true };
}

/** The observation for a kickoff ID that AMP doesn't know, without a body. */
const unknownKickoff: Observation = { kind: 'answered', answer: unknownId, body: new Uint8Array() };

/**
 * Replaces the problem `wrongAddress` with `unknownKickoff` if `wasAnswered` returns true. In that case the URL worked before, so only the
 * kickoff ID is unknown. Returns any other observation unchanged.
 */
export function missingIfRouteKnown(observation: Observation, wasAnswered: () => boolean): Observation {
  return observation.kind === 'unanswered' && observation.trouble.kind === 'wrongAddress' && wasAnswered() ? unknownKickoff : observation;
}

/** Adds the time of the next poll to the problem of an observation. Changes nothing if `retryAt` is undefined. */
export function withRetry(observation: Extract<Observation, { kind: 'unanswered' }>, retryAt: number | undefined): Observation {
  return retryAt === undefined ? observation : { ...observation, trouble: { ...observation.trouble, retryAt } };
}

/** The time of an observation, and the epoch of the leader that made the observation. */
export interface ObservedAt {
  readonly now: number;
  /** Time of the first poll with a token. */
  readonly firstPollAt?: number | undefined;
  readonly epoch?: number;
  /** Epoch of the leader at the time of the update. Another window may have become the leader since the poll began. */
  readonly leaseEpoch?: number;
}

/**
 * Returns the update to store after an observation. If nothing changed or the observation is outdated, the update contains the stored
 * object itself.
 */
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
 * Whether an earlier leader made the observation. Storing such an observation could set the progress of the run back. A response that ends
 * the run is never outdated.
 */
function isOutdated(observation: Observation, epoch: number, newest: number): boolean {
  return epoch < newest && !(observation.kind === 'answered' && isSettled(observation.answer.phase));
}
