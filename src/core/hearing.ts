import { keyOf, type Board } from './board';
import type { Budget } from './budget';
import { changeBy, withRetry } from './change';
import { originOf, type Deployment } from './deployment';
import { Emitter } from './event';
import { backOff, type Health } from './health';
import { isSettled, type Kickoff, type Observation } from './kickoff';
import { asWaitedFor } from './missed';
import type { Offline } from './offline';
import type { Event, Random, Store } from './ports';
import { retryAt } from './retry';
import { reachOf } from './trouble';
import type { Watched } from './watched';
import type { WatchList } from './watchList';

/** What one request brought, and under which holder of the lease it was sent. */
export interface Heard {
  readonly deployment: Deployment;
  readonly seen: Observation;
  readonly epoch: number;
  readonly now: number;
}

/** Whom it concerns. */
interface HearingParts {
  readonly random: Random;
  readonly store: Pick<Store, 'update'>;
  readonly board: Board;
  readonly health: Health;
  readonly offline: Offline;
  readonly budget: Budget;
  readonly list: WatchList;
  readonly failed?: (error: unknown) => void;
}

/** Takes what each poll brings: stores it, shows it, and plans the next one. */
export class Hearing {
  readonly #ended: Emitter<Kickoff>;
  readonly #unsaved: Emitter<unknown>;
  readonly onDidEnd: Event<Kickoff>;
  readonly onDidFailToSave: Event<unknown>;

  constructor(private readonly parts: HearingParts) {
    [this.#ended, this.#unsaved] = [new Emitter(parts.failed), new Emitter(parts.failed)];
    [this.onDidEnd, this.onDidFailToSave] = [this.#ended.event, this.#unsaved.event];
  }

  async take(watched: Watched, { deployment, seen, epoch, now }: Heard): Promise<void> {
    const { board, health, offline, random } = this.parts;
    // What was asked at another URL says nothing of the one that the deployment has by now.
    if (board.deployment(deployment.key)?.url !== deployment.url) return;
    const isOwnTrouble = seen.kind === 'unanswered' && reachOf(seen.trouble.kind) === 'run';
    const failures = watched.failures + 1;
    watched.failures = isOwnTrouble ? failures : 0;
    watched.due = retryAt(seen, watched.failures, now, random);
    const wasSick = health.probeAt(deployment) !== undefined;
    health.heard(deployment, keyOf(watched.ref), seen, now, failures === 1);
    if (wasSick && health.probeAt(deployment) === undefined) this.#healed(deployment, now);
    offline.heard(deployment, seen);
    if (seen.kind === 'unanswered' && reachOf(seen.trouble.kind) === 'deployment') watched.askedSince = undefined;
    if (seen.kind === 'answered' || isOwnTrouble) await this.#store(watched, { seen, epoch, now }, failures);
  }

  async #store(watched: Watched, { seen, epoch, now }: Omit<Heard, 'deployment'>, failures: number): Promise<void> {
    const { board, store, random } = this.parts;
    const before = board.kickoff(watched.ref);
    try {
      const told = seen.kind === 'unanswered' ? withRetry(seen, watched.due) : seen;
      const at = { now, askedSince: watched.askedSince, epoch };
      const after = await store.update(watched.ref, (stored) => changeBy(stored, told, at));
      this.#stored(watched, before, after, seen, now);
    } catch (error) {
      watched.failures = failures;
      watched.due = now + backOff(failures, random);
      board.notSaved(watched.ref, error);
      this.#unsaved.fire(error);
    }
  }

  #stored(watched: Watched, before: Kickoff | undefined, after: Kickoff | undefined, seen: Observation, now: number): void {
    const { board, list } = this.parts;
    board.saved(watched.ref);
    if (after) board.put(after);
    if (!after || isSettled(after.phase) || after.removedAt !== undefined) list.delete(watched);
    else if (seen.kind === 'answered') {
      watched.notBefore = after.notBefore;
      list.plan(watched, asWaitedFor(watched, { before, after, now }), now);
    }
    if (after?.finishedAt !== undefined && after.removedAt === undefined && before && !isSettled(before.phase)) this.#ended.fire(after);
  }

  /** One good answer heals the host: runs that had trouble of their own there wait for their turn alone, as all there do. */
  #healed({ url }: Deployment, now: number): void {
    const { board, budget, list } = this.parts;
    const origin = originOf(url);
    budget.ease(origin, now);
    for (const watched of list) {
      const deployment = board.deployment(watched.ref.deployment);
      if (watched.failures > 0 && watched.due !== undefined && deployment && originOf(deployment.url) === origin) watched.due = now;
    }
  }
}
