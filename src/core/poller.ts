import { keyOf, type Board } from './board';
import { Budget } from './budget';
import { changeBy, interpreted, withRetry } from './change';
import { originOf, type Deployment, type DeploymentKey } from './deployment';
import { Emitter } from './event';
import { backOff, type Health } from './health';
import { isSettled, type Kickoff, type KickoffRef, type Observation } from './kickoff';
import { asWaitedFor } from './missed';
import { Offline } from './offline';
import { nextDelay } from './pace';
import type { Clock, Disposable, Network, Pace, Random, Source, Store } from './ports';
import { retryAt } from './retry';
import { reachOf } from './trouble';
import { gateOf, plan, turnBack, turns, watch, type Gate, type Watched } from './turns';

/** So few are asked for by somebody who waits for them. */
const fewRuns = 3;

/** What the poller is built from. */
export interface PollerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly source: Source;
  readonly network: Network;
  readonly store: Pick<Store, 'update'> & { readonly isReadOnly?: boolean };
  readonly board: Board;
  readonly health: Health;
  /** Read each time, so that a change of settings or focus needs no listener. */
  readonly pace: () => Pace;
}

/** Asks every open run in its time and stores what it hears. At most one timer, and one request a run; settled means silent. */
export class Poller implements Disposable {
  readonly #watched = new Map<string, Watched>();
  readonly #ended = new Emitter<Kickoff>();
  readonly #unsaved = new Emitter<unknown>();
  #timer: Disposable | undefined;
  readonly #budget = new Budget();
  readonly #offline: Offline;
  #isDisposed = false;
  #lastNow = 0;

  /** A run was seen to end, and its body is on disk. */
  readonly onDidEnd = this.#ended.event;
  /** What was heard could not be stored; it will be asked again. */
  readonly onDidFailToSave = this.#unsaved.event;

  constructor(private readonly parts: PollerParts) {
    this.#offline = new Offline(parts, () => this.#wake());
  }

  /** Watches what the board holds: new open runs are asked at once, settled and removed ones no more. */
  sync(): void {
    const all = this.parts.store.isReadOnly === true ? [] : this.parts.board.kickoffs;
    const open = new Map(all.filter(({ phase }) => !isSettled(phase)).map((kickoff) => [keyOf(kickoff), kickoff]));
    for (const [key, { request }] of this.#watched) {
      if (open.has(key)) continue;
      this.#watched.delete(key);
      request?.dispose();
    }
    for (const [key, ref] of open) if (!this.#watched.has(key)) this.#watched.set(key, watch(ref, this.#now(), this.#paced(ref)));
    this.#offline.sync();
    this.#wake();
  }

  /** Asks these runs now, whatever they waited for; only a throttled host is left in peace, and all while there is no network. */
  askNow(refs: readonly KickoffRef[]): void {
    this.sync();
    for (const ref of refs) {
      const watched = this.#watched.get(keyOf(ref));
      const deployment = this.parts.board.deployment(ref.deployment);
      if (!watched || !deployment) continue;
      this.parts.health.forgive(deployment, this.#now());
      watched.due = this.#now();
      watched.isUrgent ||= refs.length <= fewRuns;
    }
    if (this.parts.health.isOffline) void this.#offline.look();
    this.#wake();
  }

  /** The window is looked at again: no healthy run waits longer than a focused window would let it. */
  hurry(): void {
    for (const watched of this.#watched.values()) {
      const kickoff = this.parts.board.kickoff(watched.ref);
      const delay = kickoff && watched.failures === 0 ? this.#paced(kickoff) : undefined;
      if (delay === undefined || watched.due === undefined) continue;
      watched.interval = delay;
      watched.due = Math.min(watched.due, Math.max(watched.askedAt + delay, watched.notBefore ?? 0));
    }
    this.#wake();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    this.#offline.dispose();
    for (const { request } of this.#watched.values()) request?.dispose();
    this.#watched.clear();
  }

  /** Asks those whose turn it is, and sets the one timer for what comes next. */
  #wake(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#isDisposed) return;

    const now = this.#now();
    const { ask, next } = turns(this.#watched.values(), { gateOf: (key) => this.#gateOf(key), budget: this.#budget, now });
    ask.forEach((watched) => void this.#ask(watched));
    if (next < Infinity) this.#timer = this.parts.clock.after(next - now, () => this.#wake());
  }

  /** The time; when somebody set it back, what was planned by it moves with it, later rather than early. */
  #now(): number {
    const now = this.parts.clock.now();
    const back = this.#lastNow - now;
    this.#lastNow = now;
    if (back <= 0) return now;
    this.parts.health.turnedBack(back);
    this.#budget.turnedBack(back);
    for (const watched of this.#watched.values()) turnBack(watched, back);
    return now;
  }

  #gateOf(key: DeploymentKey): Gate {
    return gateOf(this.parts.board.deployment(key), this.parts.health);
  }

  async #ask(watched: Watched): Promise<void> {
    const { board, source } = this.parts;
    const deployment = board.deployment(watched.ref.deployment);
    if (!deployment) return;

    const abort = new AbortController();
    watched.request = { dispose: () => abort.abort() };
    watched.askedAt = this.#now();
    watched.isUrgent = false;
    watched.askedSince ??= watched.askedAt;
    try {
      const said = await source.observe(deployment, watched.ref.id, abort.signal);
      const seen = interpreted(said, () => board.kickoffsOf(deployment).some(({ checkedAt }) => checkedAt !== undefined));
      if (!abort.signal.aborted) await this.#heard(watched, deployment, seen);
    } finally {
      watched.request = undefined;
      this.#wake();
    }
  }

  async #heard(watched: Watched, deployment: Deployment, seen: Observation): Promise<void> {
    const now = this.#now();
    const isOwnTrouble = seen.kind === 'unanswered' && reachOf(seen.trouble.kind) === 'run';
    const failures = watched.failures + 1;
    watched.failures = isOwnTrouble ? failures : 0;
    watched.due = retryAt(seen, watched.failures, now, this.parts.random);
    const wasSick = this.parts.health.probeAt(deployment) !== undefined;
    this.parts.health.heard(deployment, keyOf(watched.ref), seen, now, failures === 1);
    if (wasSick && this.parts.health.probeAt(deployment) === undefined) this.#healed(deployment, now);
    this.#offline.heard(deployment, seen);
    if (seen.kind === 'unanswered' && reachOf(seen.trouble.kind) === 'deployment') watched.askedSince = undefined;
    if (seen.kind === 'unanswered' && !isOwnTrouble) return;

    const before = this.parts.board.kickoff(watched.ref);
    try {
      const told = seen.kind === 'unanswered' ? withRetry(seen, watched.due) : seen;
      const after = await this.parts.store.update(watched.ref, (stored) => changeBy(stored, told, now, watched.askedSince));
      this.#stored(watched, before, after, seen, now);
    } catch (error) {
      watched.failures = failures;
      watched.due = now + backOff(failures, this.parts.random);
      this.parts.board.notSaved(watched.ref, error);
      this.#unsaved.fire(error);
    }
  }

  #stored(watched: Watched, before: Kickoff | undefined, after: Kickoff | undefined, seen: Observation, now: number): void {
    this.parts.board.saved(watched.ref);
    if (after) this.parts.board.put(after);
    if (!after || isSettled(after.phase) || after.removedAt !== undefined) this.#watched.delete(keyOf(watched.ref));
    else if (seen.kind === 'answered') {
      watched.notBefore = now + (seen.retryAfterSeconds ?? 0) * 1_000;
      plan(watched, now, this.#paced(asWaitedFor(watched, { before, after, now })));
    }
    if (after?.finishedAt !== undefined && after.removedAt === undefined && before && !isSettled(before.phase)) this.#ended.fire(after);
  }

  /** One good answer heals the host: runs that had trouble of their own there wait for their turn alone, as all there do. */
  #healed({ url }: Deployment, now: number): void {
    this.#budget.ease(originOf(url), now);
    for (const watched of this.#watched.values()) {
      if (watched.failures === 0 || watched.due === undefined || this.#gateOf(watched.ref.deployment).origin !== originOf(url)) continue;
      watched.due = now;
    }
  }

  #paced(kickoff: Kickoff): number | undefined {
    return nextDelay(kickoff, this.parts.board.historyOf(kickoff.deployment), this.#now(), this.parts.pace(), this.parts.random);
  }
}
