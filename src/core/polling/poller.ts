import { missingIfUrlWorked } from '#core/kickoff/advance';
import type { Deployment } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import type { Kickoff, KickoffRef, Observation } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import type { Disposable } from '#core/lib/types';
import type { LeaderTerm } from '#core/windows/leaderElection';
import { Connectivity } from './connectivity';
import { nextPollDelayMs } from './pollInterval';
import { ScheduledRuns } from './scheduledRuns';
import { PollRecorder } from './pollRecorder';
import type { PollerParts } from './pollerParts';
import { RateLimiter } from './rateLimiter';
import { gateOf, planRequests } from './schedule';
import type { ScheduledRun } from './scheduledRun';

/** The maximum number of runs that `pollNow` makes urgent, because the user waits for their results. With more runs, none is urgent. */
const maxUrgentRuns = 3;
/** The time after the last heartbeat in which a killed window may have sent requests. */
const abandonedLeaseMs = 4_000;
/** If the system clock is set back by less, the planned times stay, and each wait becomes longer by at most this time. */
const ignoredSetBackMs = 1_000;

/** Polls every active run while this window is the leader. Uses one timer for all polls, and at most one request per run at a time. */
export class Poller implements Disposable {
  readonly #rateLimiter = new RateLimiter();
  readonly #connectivity = new Connectivity(this.parts, () => this.#pollDueRuns());
  readonly #queue = new ScheduledRuns(this.parts.board, (kickoff) => this.#delayMsOf(kickoff));
  readonly #pollRecorder = new PollRecorder({
    ...this.parts,
    connectivity: this.#connectivity,
    rateLimiter: this.#rateLimiter,
    queue: this.#queue,
  });
  #term: LeaderTerm | undefined;
  #timer: Disposable | undefined;
  #nextRequestAt = Infinity;
  #isDisposed = false;
  #lastNow = 0;

  /** Fires when a run finished and its response is stored. Doesn't fire for a run that finished before tracking. */
  readonly onDidEnd = this.#pollRecorder.endEmitter.event;
  readonly onDidFailToSave = this.#pollRecorder.saveFailureEmitter.event;
  readonly onDidPoll = this.#pollRecorder.pollEmitter.event;

  constructor(private readonly parts: PollerParts) {}

  /** The milliseconds until the next request; undefined if none is planned. Zero during requests, and while this leader is offline. */
  get dueInMs(): number | undefined {
    if ((this.#term && this.parts.health.isOffline) || [...this.#queue].some(({ isInFlight }) => isInFlight)) return 0;
    return this.#nextRequestAt < Infinity ? Math.max(0, this.#nextRequestAt - this.parts.clock.now()) : undefined;
  }

  sync(): void {
    const { term } = this.parts.leader;
    const isNew = term?.epoch !== this.#term?.epoch;
    if (isNew) this.#setTerm(term);
    this.#syncQueue(isNew && term?.isTakeover === true);
    this.#connectivity.endOfflineIfIdle();
    this.#pollDueRuns();
  }

  #syncQueue(isTakeover: boolean): void {
    const { board, store } = this.parts;
    if (this.#term) this.#queue.sync(store.isReadOnly ? [] : board.kickoffs, this.#now(), isTakeover);
  }

  /** Makes this window the leader, and the runs due despite problems. Polls wait for the rate limiter, the network, and `Retry-After`. */
  pollNow(refs: readonly KickoffRef[]): void {
    if (!this.parts.leader.term) return void this.parts.leader.take().then(() => this.parts.leader.term && this.pollNow(refs));
    this.sync();
    const now = this.#now();
    for (const ref of refs) {
      const scheduledRun = this.#queue.get(ref);
      const deployment = this.parts.board.deployment(ref.deployment);
      if (!scheduledRun || !deployment) continue;
      this.parts.health.allowRetry(deployment, now);
      scheduledRun.makeDue(now, refs.length <= maxUrgentRuns);
    }
    if (this.parts.health.isOffline) void this.#connectivity.check({ countsFailedLookups: false });
    this.#pollDueRuns();
  }

  /**
   * Counts a request other than a poll, and waits for the rate limiter. Returns a problem if the host is throttling requests, so that no
   * request may be sent. Makes this window the leader: only the leader counts requests.
   */
  async acquireRequestSlot(deployment: Deployment): Promise<Trouble | undefined> {
    const { leader, health, clock } = this.parts;
    if (!leader.term) await leader.take().then(() => this.sync());
    const [origin, now] = [originOf(deployment.url), this.#now()];
    const throttling = health.throttlingOf(deployment, now);
    if (throttling) return throttling;
    const waitMs = this.#rateLimiter.readyAt({ origin, isUrgent: true }, now) - now;
    this.#rateLimiter.spend(origin, now);
    if (waitMs > 0) await new Promise<void>((resolve) => clock.after(waitMs, resolve));
    return health.throttlingOf(deployment, this.#now());
  }

  /** Records the result of a request other than a poll, so that polls and other requests respect it, too. */
  recordRequest(deployment: Deployment, trouble: Trouble | undefined): void {
    this.#pollRecorder.recordRequest(deployment, trouble, this.#now());
    this.#pollDueRuns();
  }

  rescheduleSooner(): void {
    this.#queue.rescheduleSooner();
    this.#pollDueRuns();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    this.#connectivity.stop();
    this.#queue.abortAll();
  }

  /** Starts or ends a term. Pending requests continue, and their responses are stored unless they are outdated. */
  #setTerm(term: LeaderTerm | undefined): void {
    this.#term = term;
    this.#queue.deleteIdle();
    if (!term) {
      this.#connectivity.stop();
      return;
    }
    const now = this.#now();
    this.#rateLimiter.emptyBuckets(Math.min(now, term.previousBeatAt + abandonedLeaseMs));
    const { board, health } = this.parts;
    if (!term.isTakeover) for (const deployment of board.deployments) health.allowRetry(deployment, now);
    if (health.isOffline) void this.#connectivity.check({ countsFailedLookups: true });
  }

  #pollDueRuns(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#isDisposed) return;

    const { board, health } = this.parts;
    const now = this.#now();
    const gates = new Map(board.deployments.map((one) => [one.key, gateOf(one, health)]));
    const { runsToPoll, nextAt } = planRequests(this.#queue, { gates, rateLimiter: this.#rateLimiter, now });
    runsToPoll.forEach((scheduledRun) => void this.#poll(scheduledRun, now));
    this.#nextRequestAt = nextAt;
    if (nextAt < Infinity) this.#timer = this.parts.clock.after(nextAt - now, () => this.#pollDueRuns());
    this.parts.leader.renewSooner();
  }

  #delayMsOf(kickoff: Kickoff): number | undefined {
    const { board, settings, random } = this.parts;
    return nextPollDelayMs(kickoff, { durations: board.durationsOf(kickoff.deployment), now: this.#now(), settings: settings(), random });
  }

  /** Returns the current time. If the system clock was set back, plans all polls again as after a takeover. */
  #now(): number {
    const now = this.parts.clock.now();
    const setBackMs = this.#lastNow - now;
    this.#lastNow = now;
    if (setBackMs > ignoredSetBackMs) {
      this.parts.health.shiftTimes(setBackMs);
      this.#rateLimiter.emptyBuckets(now);
      this.#queue.deleteIdle();
      this.#syncQueue(true);
    }
    return now;
  }

  async #poll(scheduledRun: ScheduledRun, now: number): Promise<void> {
    const { board, source, onError } = this.parts;
    const deployment = board.deployment(scheduledRun.ref.deployment);
    if (!deployment) return;

    const signal = scheduledRun.startRequest(now);
    const epoch = this.#term?.epoch ?? 0;
    try {
      const polledObservation = await source.observe(deployment, scheduledRun.ref.id, signal).catch((error: unknown): Observation => {
        onError?.(error);
        return { kind: 'unanswered', trouble: { kind: 'unreachable' } };
      });
      const observation = missingIfUrlWorked(polledObservation, () =>
        board.kickoffsOf(deployment).some(({ checkedAt = -Infinity }) => checkedAt > (deployment.urlSince ?? -Infinity)),
      );
      if (!signal.aborted) await this.#pollRecorder.record(scheduledRun, deployment, observation, { now: this.#now(), epoch });
    } finally {
      scheduledRun.endRequest();
      // If this window isn't the leader anymore, another window polls the run.
      if (!this.#term) this.#queue.delete(scheduledRun);
      this.#pollDueRuns();
    }
  }
}
