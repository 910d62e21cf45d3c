import { keyOf, type Board } from '#core/history/board';
import type { Store } from '#core/history/store';
import { applyObservation, withRetry } from '#core/kickoff/advance';
import type { Deployment } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import { isSettled, type Kickoff, type Observation } from '#core/kickoff/kickoff';
import { reachOf, waitsForUser } from '#core/kickoff/trouble';
import { Emitter } from '#core/lib/event';
import type { Event, Random } from '#core/lib/types';
import type { Connectivity } from './connectivity';
import { backOff, type HostHealth } from './hostHealth';
import type { PollQueue } from './pollQueue';
import type { RateLimiter } from './rateLimiter';
import type { ScheduledRun } from './scheduledRun';

/** The result of one request, and the epoch in which it was sent. */
export interface PollResult {
  readonly deployment: Deployment;
  readonly seen: Observation;
  readonly epoch: number;
  readonly now: number;
}

/** Dependencies of `PollResults`. */
interface PollResultsParts {
  readonly random: Random;
  readonly store: Pick<Store, 'update'>;
  readonly board: Board;
  readonly health: HostHealth;
  readonly connectivity: Connectivity;
  readonly rateLimiter: RateLimiter;
  readonly queue: PollQueue;
  readonly failed?: (error: unknown) => void;
}

/** A stored observation, and the run before and after it. */
interface StoredResult {
  readonly before: Kickoff | undefined;
  readonly after: Kickoff | undefined;
  readonly seen: Observation;
  readonly now: number;
}

/** Stores and shows the result of each poll, and schedules the next poll. */
export class PollResults {
  readonly #ended: Emitter<Kickoff>;
  readonly #unsaved: Emitter<unknown>;
  readonly onDidEnd: Event<Kickoff>;
  readonly onDidFailToSave: Event<unknown>;

  constructor(private readonly parts: PollResultsParts) {
    [this.#ended, this.#unsaved] = [new Emitter(parts.failed), new Emitter(parts.failed)];
    [this.onDidEnd, this.onDidFailToSave] = [this.#ended.event, this.#unsaved.event];
  }

  async take(scheduledRun: ScheduledRun, { deployment, seen, epoch, now }: PollResult): Promise<void> {
    const { board, health, connectivity, random } = this.parts;
    // The result of a former URL says nothing about the current URL of the deployment.
    if (board.deployment(deployment.key)?.url !== deployment.url) return;
    const isOwnTrouble = seen.kind === 'unanswered' && reachOf(seen.trouble.kind) === 'run';
    const failures = scheduledRun.failures + 1;
    scheduledRun.failures = isOwnTrouble ? failures : 0;
    scheduledRun.due = retryAt(seen, scheduledRun.failures, now, random);
    const wasSick = health.probeAt(deployment) !== undefined;
    health.record(deployment, failures === 1 ? keyOf(scheduledRun.ref) : undefined, seen, now);
    if (wasSick && health.probeAt(deployment) === undefined) this.#recovered(deployment, now);
    connectivity.record(deployment, seen);
    if (seen.kind === 'unanswered' && reachOf(seen.trouble.kind) === 'deployment') scheduledRun.askedSince = undefined;
    if (seen.kind === 'answered' || isOwnTrouble) await this.#store(scheduledRun, { seen, epoch, now }, failures);
  }

  async #store(scheduledRun: ScheduledRun, { seen, epoch, now }: Omit<PollResult, 'deployment'>, failures: number): Promise<void> {
    const { board, store, random } = this.parts;
    const before = board.kickoff(scheduledRun.ref);
    try {
      const told = seen.kind === 'unanswered' ? withRetry(seen, scheduledRun.due) : seen;
      const at = { now, askedSince: scheduledRun.askedSince, epoch };
      const after = await store.update(scheduledRun.ref, (stored, leaseEpoch) => applyObservation(stored, told, { ...at, leaseEpoch }));
      this.#show(scheduledRun, { before, after, seen, now });
    } catch (error) {
      scheduledRun.failures = failures;
      scheduledRun.due = now + backOff(failures, random);
      board.notSaved(scheduledRun.ref, error);
      this.#unsaved.fire(error);
    }
  }

  #show(scheduledRun: ScheduledRun, { before, after, seen, now }: StoredResult): void {
    const { board, queue } = this.parts;
    board.saved(scheduledRun.ref);
    if (after) board.put(after);
    if (!after || isSettled(after.phase) || after.removedAt !== undefined) queue.delete(scheduledRun);
    else if (seen.kind === 'answered') {
      scheduledRun.notBefore = after.notBefore;
      queue.reschedule(scheduledRun, withMissingTime(scheduledRun, { before, after, now }), now);
    }
    if (after?.finishedAt !== undefined && after.removedAt === undefined && before && !isSettled(before.phase)) this.#ended.fire(after);
  }

  /** Makes all runs of a recovered host due. Runs with a problem no longer wait for their retry time. */
  #recovered({ url }: Deployment, now: number): void {
    const { board, rateLimiter, queue } = this.parts;
    const origin = originOf(url);
    rateLimiter.slowStart(origin, now);
    for (const scheduledRun of queue) {
      const deployment = board.deployment(scheduledRun.ref.deployment);
      if (scheduledRun.failures > 0 && scheduledRun.due !== undefined && deployment && originOf(deployment.url) === origin)
        scheduledRun.due = now;
    }
  }
}

/** Returns the time of the next poll after a problem of the run; undefined if it waits for the user. For other results returns `now`. */
export function retryAt(seen: Observation, failures: number, now: number, random: Random): number | undefined {
  if (seen.kind === 'answered' || reachOf(seen.trouble.kind) !== 'run') return now;
  return waitsForUser(seen.trouble.kind) ? undefined : now + backOff(failures, random);
}

/** A run before and after a stored response. */
interface StoredAnswer {
  readonly before: Kickoff | undefined;
  readonly after: Kickoff;
  readonly now: number;
}

/** Returns the run with the time that it was missing while it was polled. Sleep and clock changes don't use up its intervals. */
export function withMissingTime(scheduledRun: ScheduledRun, { before, after, now }: StoredAnswer): Kickoff {
  const missedAt = before?.phase.kind === 'missing' ? before.checkedAt : undefined;
  if (after.phase.kind !== 'missing' || missedAt === undefined) {
    scheduledRun.missingFor = undefined;
    return after;
  }
  const untilThen = scheduledRun.missingFor ?? Math.max(0, missedAt - after.phaseSince);
  scheduledRun.missingFor = untilThen + Math.min(Math.max(0, now - missedAt), scheduledRun.interval);
  return { ...after, phaseSince: now - scheduledRun.missingFor };
}
