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

/** What one request brought, and under which holder of the lease it was sent. */
export interface PollResult {
  readonly deployment: Deployment;
  readonly seen: Observation;
  readonly epoch: number;
  readonly now: number;
}

/** Whom it concerns. */
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

/** Takes what each poll brings: stores it, shows it, and plans the next one. */
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
    // What was asked at another URL says nothing of the one that the deployment has by now.
    if (board.deployment(deployment.key)?.url !== deployment.url) return;
    const isOwnTrouble = seen.kind === 'unanswered' && reachOf(seen.trouble.kind) === 'run';
    const failures = scheduledRun.failures + 1;
    scheduledRun.failures = isOwnTrouble ? failures : 0;
    scheduledRun.due = retryAt(seen, scheduledRun.failures, now, random);
    const wasSick = health.probeAt(deployment) !== undefined;
    health.record(deployment, keyOf(scheduledRun.ref), seen, now, failures === 1);
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
      const after = await store.update(scheduledRun.ref, (stored) => applyObservation(stored, told, at));
      this.#show(scheduledRun, before, after, seen, now);
    } catch (error) {
      scheduledRun.failures = failures;
      scheduledRun.due = now + backOff(failures, random);
      board.notSaved(scheduledRun.ref, error);
      this.#unsaved.fire(error);
    }
  }

  #show(scheduledRun: ScheduledRun, before: Kickoff | undefined, after: Kickoff | undefined, seen: Observation, now: number): void {
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

  /** One good answer heals the host: runs that had trouble of their own there wait for their turn alone, as all there do. */
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

/** When a run is asked next by what its last poll brought: a trouble of its own makes it wait, or wait for its user. Its pace is planned apart. */
export function retryAt(seen: Observation, failures: number, now: number, random: Random): number | undefined {
  if (seen.kind === 'answered' || reachOf(seen.trouble.kind) !== 'run') return now;
  return waitsForUser(seen.trouble.kind) ? undefined : now + backOff(failures, random);
}

/** What was on the board when an answer came, and what came of it. */
interface StoredAnswer {
  readonly before: Kickoff | undefined;
  readonly after: Kickoff;
  readonly now: number;
}

/** The run as its pace is to see it: missing for as long as it was waited for. Neither a sleep nor a clock that somebody set ahead uses up its waits. */
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
