import type { KickoffUpdate } from '#core/history/store';
import { defined } from '#core/lib/defined';
import { isSettled, missingAnswer, type Answer, type Kickoff, type Observation, type Phase, type Progress } from './kickoff';
import { progressSince } from './stall';
import { mergeTasks, tasksAfter } from './tasks';
import { isSameTrouble } from './trouble';

/** Returns the run after an observation; the same object if nothing is to be stored. A problem never changes the phase. */
export function advance(kickoff: Kickoff, observation: Observation, now: number): Kickoff {
  if (isSettled(kickoff.phase)) return kickoff;

  if (observation.kind === 'unanswered')
    return isSameTrouble(kickoff.trouble, observation.trouble) ? kickoff : { ...kickoff, trouble: observation.trouble };
  const { answer, retryAfterSeconds = 0 } = observation;
  const next = withAnswer(kickoff, answer, now);
  return retryAfterSeconds > 0 ? { ...next, notBefore: now + retryAfterSeconds * 1_000 } : next;
}

function withAnswer(kickoff: Kickoff, answer: Answer, now: number): Kickoff {
  const { trouble: _, notBefore: _until, ...before } = kickoff;
  const checked = { ...before, checkedAt: now };
  if (answer.phase.kind === 'missing') return { ...checked, ...phaseChange(kickoff, answer.phase, now) };

  const { executionSeconds, totalTokens, output, title, isFlow } = answer;
  const start = startTimeFields(kickoff, answer, now);
  const tasks = tasksAfter(kickoff, answer, taskEndTime(kickoff, answer, start.startedAt, now));
  const next: Kickoff = {
    ...checked,
    ...phaseChange(kickoff, answer.phase, now),
    progress: isSettled(answer.phase) ? finalProgress(kickoff, answer, tasks) : answer.progress,
    ...(!isSettled(answer.phase) && { progressSince: progressSince(kickoff, answer, now) }),
    tasks,
    ...start,
    ...(answer.phase.kind !== 'queued' && { hasRun: true }),
    ...defined({ executionSeconds, totalTokens, output: output?.format, title, isFlow }),
  };
  return isSettled(next.phase) ? withFinish(next, kickoff, now) : next;
}

/** Returns a finished run's progress. Values that the response lacks stay, except the current task's if a task finished meanwhile. */
function finalProgress({ progress, tasks }: Kickoff, answer: Answer, mergedTasks: Kickoff['tasks']): Progress {
  const { completed, total } = progress;
  return { ...(mergedTasks.length > tasks.length ? defined({ completed, total }) : progress), ...answer.progress };
}

/** Estimates the end of new tasks: midway from the previous response, or a later start, to now. Undefined for a first or final response. */
function taskEndTime({ checkedAt }: Kickoff, { phase }: Answer, startedAt = 0, now: number): number | undefined {
  return checkedAt === undefined || isSettled(phase) ? undefined : (Math.max(checkedAt, startedAt) + now) / 2;
}

/** Returns the earliest start that AMP reported, or else the time of the response that changed a queued run to running or waiting. */
function startTimeFields({ phase, checkedAt, startedAt, isStartObserved }: Kickoff, answer: Answer, now: number): Partial<Kickoff> {
  if (answer.startedAt !== undefined) {
    const isFirstReport = startedAt === undefined || isStartObserved === true;
    const earliest = isFirstReport ? answer.startedAt : Math.min(startedAt, answer.startedAt);
    return { startedAt: earliest, ...(isStartObserved !== undefined && { isStartObserved: false }) };
  }
  if (startedAt !== undefined) return { startedAt };
  const wasQueued = phase.kind === 'queued' && checkedAt !== undefined;
  const isRunning = answer.phase.kind === 'running' || answer.phase.kind === 'waiting';
  return wasQueued && isRunning ? { startedAt: now, isStartObserved: true } : {};
}

function phaseChange(kickoff: Kickoff, phase: Phase, now: number): Pick<Kickoff, 'phase' | 'phaseSince'> {
  return isSamePhase(kickoff.phase, phase) ? { phase: kickoff.phase, phaseSince: kickoff.phaseSince } : { phase, phaseSince: now };
}

function isSamePhase(one: Phase, other: Phase): boolean {
  if (one.kind === 'running' && other.kind === 'running') return one.stateText === other.stateText;
  return one.kind === other.kind;
}

/** Marks a run as finished now and unread, to notify of it. Skips a run not started here that seems to have finished before tracking. */
function withFinish(after: Kickoff, before: Kickoff, now: number): Kickoff {
  const { startedAt = 0, executionSeconds = 0 } = after;
  const hasFinishedBeforeTracking =
    !before.isStarted && before.checkedAt === undefined && startedAt + executionSeconds * 1_000 <= before.trackedAt;
  return hasFinishedBeforeTracking ? after : { ...after, finishedAt: now, isUnread: true };
}

/** Turns `wrongAddress` into the status `missing` if the URL has worked since its last change. Then only the kickoff ID is wrong. */
export function missingIfUrlWorked(observation: Observation, hasUrlWorked: () => boolean): Observation {
  const isIdUnknown = observation.kind === 'unanswered' && observation.trouble.kind === 'wrongAddress' && hasUrlWorked();
  return isIdUnknown ? { kind: 'answered', answer: missingAnswer, body: new Uint8Array() } : observation;
}

export function withRetryTime(observation: Extract<Observation, { kind: 'unanswered' }>, retryAt: number | undefined): Observation {
  return retryAt === undefined ? observation : { ...observation, trouble: { ...observation.trouble, retryAt } };
}

export interface PollTime {
  readonly now: number;
  /** The epoch of the window that polled. */
  readonly epoch?: number;
  /** The epoch of the stored lease. It is higher than `epoch` if another window became the leader during the poll. */
  readonly leaseEpoch?: number;
}

/** Applies an observation to the stored run. The update's run is the stored object if nothing changed or the observation is outdated. */
export function applyObservation(stored: Kickoff, observation: Observation, { now, epoch = 0, leaseEpoch = 0 }: PollTime): KickoffUpdate {
  if (isOutdated(observation, epoch, Math.max(stored.epoch ?? 0, leaseEpoch))) return { kickoff: stored };
  const next = advance(stored, observation, now);
  if (next === stored) return { kickoff: stored };
  const kickoff = epoch === 0 ? next : { ...next, epoch };
  if (observation.kind === 'unanswered')
    return observation.body && stored.checkedAt === undefined ? { kickoff, body: observation.body } : { kickoff };
  const { answer, body } = observation;
  const { outputs } = mergeTasks(stored.tasks, answer);
  return { kickoff, outputs, ...(body.length > 0 && { body }), ...defined({ requestId: answer.requestId }) };
}

/** Whether an observation comes from an earlier leader, so that it could set the progress back. A final status is never outdated. */
function isOutdated(observation: Observation, epoch: number, newestEpoch: number): boolean {
  return epoch < newestEpoch && !(observation.kind === 'answered' && isSettled(observation.answer.phase));
}
