import { keyOf } from '#core/history/board';
import { applyObservation, withRetryTime, type PollTime } from '#core/kickoff/advance';
import type { Deployment } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import { isSettled, type Kickoff, type Observation } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { Trouble } from '#core/kickoff/trouble';
import { Emitter } from '#core/lib/event';
import type { Connectivity } from './connectivity';
import type { RequestOutcome } from './hostHealth';
import type { PollerParts } from './pollerParts';
import type { ScheduledRuns } from './scheduledRuns';
import type { RateLimiter } from './rateLimiter';
import type { ScheduledRun } from './scheduledRun';

export interface LoggedPoll {
  readonly deployment: Deployment;
  readonly id: KickoffId;
  readonly observation: Observation;
  /** The time of the next poll after a problem. Undefined if the run waits for the user or for the network. */
  readonly nextAt: number | undefined;
}

interface PollRecorderParts extends Pick<PollerParts, 'random' | 'store' | 'board' | 'health' | 'onError'> {
  readonly connectivity: Connectivity;
  readonly rateLimiter: RateLimiter;
  readonly queue: ScheduledRuns;
}

/** Records results of polls, stores responses, and schedules the next poll. */
export class PollRecorder {
  readonly endEmitter = new Emitter<Kickoff>(this.parts.onError);
  readonly saveFailureEmitter = new Emitter<unknown>(this.parts.onError);
  readonly pollEmitter = new Emitter<LoggedPoll>(this.parts.onError);

  constructor(private readonly parts: PollRecorderParts) {}

  /** Stores a response or a problem of the run. `HostHealth` records the problems of hosts and deployments instead. */
  async record(scheduledRun: ScheduledRun, deployment: Deployment, observation: Observation, time: PollTime): Promise<void> {
    const { now } = time;
    const { board, health, random } = this.parts;
    // If the deployment's URL changed during the request, the result doesn't count.
    if (board.deployment(deployment.key)?.url !== deployment.url) return;
    const failures = scheduledRun.failures + 1;
    scheduledRun.recordResult(observation, now, random);
    this.#recordHealth(deployment, failures === 1 ? keyOf(scheduledRun.ref) : undefined, observation, now);
    const sharedTrouble = health.troubleOf(deployment);
    const nextAt = sharedTrouble ? sharedTrouble.retryAt : scheduledRun.dueAt;
    this.pollEmitter.fire({ deployment, id: scheduledRun.ref.id, observation, nextAt });
    const isOwnTrouble = scheduledRun.failures > 0;
    if (observation.kind === 'answered' || isOwnTrouble) await this.#store(scheduledRun, observation, time, failures);
  }

  /** Records the result of a request other than a poll, for which the user waited. */
  recordRequest(deployment: Deployment, trouble: Trouble | undefined, now: number): void {
    const { board, health, store, onError } = this.parts;
    // A server may lack a route although it answers polls. A command that misses a token asks for it.
    const isOwn = trouble?.kind === 'wrongAddress' && board.kickoffsOf(deployment).some(({ checkedAt }) => checkedAt !== undefined);
    if (board.deployment(deployment.key)?.url !== deployment.url || trouble?.kind === 'noToken' || isOwn) return;
    // The command already shows that the token is rejected, so no notification follows.
    if (trouble?.kind === 'tokenRefused') store.claimRejection(deployment.key).catch((error: unknown) => onError?.(error));
    // Replaces an earlier problem of the deployment, because the request used its current token.
    if (!health.throttlingOf(deployment, now)) health.allowRetry(deployment, now);
    const outcome: RequestOutcome = trouble ? { kind: 'unanswered', trouble: { ...trouble, failedAt: now } } : { kind: 'answered' };
    this.#recordHealth(deployment, undefined, outcome, now);
  }

  #recordHealth(deployment: Deployment, runKey: string | undefined, outcome: RequestOutcome, now: number): void {
    const { health, connectivity } = this.parts;
    const wasFailing = health.probeAt(deployment) !== undefined;
    health.record(deployment, runKey, outcome, now);
    if (wasFailing && health.probeAt(deployment) === undefined) this.#startRecovery(deployment, now);
    connectivity.checkAfterRequest(deployment, outcome);
  }

  async #store(scheduledRun: ScheduledRun, observation: Observation, time: PollTime, failures: number): Promise<void> {
    const { board, store, queue, random } = this.parts;
    const { now } = time;
    const before = board.kickoff(scheduledRun.ref);
    try {
      const observationToStore = observation.kind === 'unanswered' ? withRetryTime(observation, scheduledRun.dueAt) : observation;
      const after = await store.update(scheduledRun.ref, (stored, leaseEpoch) =>
        applyObservation(stored, observationToStore, { ...time, leaseEpoch }),
      );
      board.markSaved(scheduledRun.ref);
      if (after) board.putAll([after]);
      if (!after || isSettled(after.phase) || after.removedAt !== undefined) queue.delete(scheduledRun);
      else if (observation.kind === 'answered') queue.reschedule(scheduledRun, scheduledRun.withMissingTime(before, after, now), now);
      if (after?.finishedAt !== undefined && after.removedAt === undefined && before && !isSettled(before.phase))
        this.endEmitter.fire(after);
    } catch (error) {
      scheduledRun.retryAfterUnsaved(failures, now, random);
      board.markUnsaved(scheduledRun.ref, error);
      this.saveFailureEmitter.fire(error);
    }
  }

  /** Makes runs of a recovered host due now if their last poll failed. Limits the first requests to the host. */
  #startRecovery({ url }: Deployment, now: number): void {
    const { board, rateLimiter, queue } = this.parts;
    const origin = originOf(url);
    rateLimiter.beginSlowStart(origin, now);
    for (const scheduledRun of queue) {
      const deployment = board.deployment(scheduledRun.ref.deployment);
      if (scheduledRun.failures > 0 && deployment && originOf(deployment.url) === origin) scheduledRun.retryNow(now);
    }
  }
}
