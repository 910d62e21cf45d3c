import type { Board } from './board';
import { Budget } from './budget';
import { interpreted } from './change';
import type { Deployment, DeploymentKey } from './deployment';
import type { Health } from './health';
import { Hearing } from './hearing';
import type { Kickoff, KickoffRef } from './kickoff';
import { alone, type Leadership, type Tenure } from './lease';
import { Offline } from './offline';
import { nextDelay } from './pace';
import type { Clock, Disposable, Event, Network, Pace, Random, Source, Store } from './ports';
import { reachOf } from './trouble';
import { gateOf, turns, type Gate } from './turns';
import type { Watched } from './watched';
import { WatchList } from './watchList';

/** So few are asked for by somebody who waits for them. */
const fewRuns = 3;
/** After its last sign of life a window may have asked for so long. */
const unheardMs = 4_000;

/** What the poller is built from. */
export interface PollerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly source: Source;
  readonly network: Network;
  readonly store: Pick<Store, 'update'> & { readonly isReadOnly?: boolean };
  readonly board: Board;
  readonly health: Health;
  /** Which window polls; without it this one does. */
  readonly leadership?: Leadership;
  /** Read each time, so that a change of settings or focus needs no listener. */
  readonly pace: () => Pace;
  /** Where it is told what a listener threw. */
  readonly failed?: (error: unknown) => void;
}

/** Asks every open run in its time, as long as this window polls for all. At most one timer, and one request a run; settled means silent. */
export class Poller implements Disposable {
  readonly #list: WatchList;
  readonly #budget = new Budget();
  readonly #offline: Offline;
  readonly #hearing: Hearing;
  readonly #leadership: Leadership;
  #tenure: Tenure | undefined;
  /** Since when this window polls. */
  #since = 0;
  #timer: Disposable | undefined;
  /** When somebody's turn comes by itself; `Infinity`: never. */
  #next = Infinity;
  /** How many requests are. */
  #underWay = 0;
  #isDisposed = false;
  #lastNow = 0;

  /** A run was seen to end, and its body is on disk. */
  readonly onDidEnd: Event<Kickoff>;
  /** What was heard could not be stored; it will be asked again. */
  readonly onDidFailToSave: Event<unknown>;

  constructor(private readonly parts: PollerParts) {
    const { board, pace, random, leadership = alone } = parts;
    this.#leadership = leadership;
    this.#list = new WatchList(board, (kickoff, history) => nextDelay(kickoff, history, this.#now(), pace(), random));
    this.#offline = new Offline(parts, () => this.#wake());
    this.#hearing = new Hearing({ ...parts, offline: this.#offline, budget: this.#budget, list: this.#list });
    ({ onDidEnd: this.onDidEnd, onDidFailToSave: this.onDidFailToSave } = this.#hearing);
  }

  /** In how many milliseconds something is to be asked or looked for; undefined: not before something happens here. */
  get dueIn(): number | undefined {
    if (this.#offline.isLooking || this.#underWay > 0) return 0;
    return this.#next < Infinity ? Math.max(0, this.#next - this.parts.clock.now()) : undefined;
  }

  /** Watches what the board holds, while this window polls: new open runs are asked at once, settled and removed ones no more. */
  sync(): void {
    const { tenure } = this.#leadership;
    const isNew = tenure?.epoch !== this.#tenure?.epoch;
    if (isNew) this.#succeed(tenure);
    const { board, store } = this.parts;
    this.#list.sync(!tenure || store.isReadOnly ? [] : board.kickoffs, this.#now(), isNew && tenure?.isHeir === true);
    this.#offline.sync();
    this.#wake();
  }

  /** Asks these runs now, whatever they waited for; only a host or run whose server asked for time is left in peace, and all while there is no network. */
  askNow(refs: readonly KickoffRef[]): void {
    if (!this.#leadership.tenure) return void this.#leadership.take().then(() => this.#leadership.tenure && this.askNow(refs));
    this.sync();
    for (const ref of refs) {
      const watched = this.#list.get(ref);
      const deployment = this.parts.board.deployment(ref.deployment);
      if (!watched || !deployment) continue;
      this.parts.health.forgive(deployment, this.#now());
      watched.due = Math.max(this.#now(), watched.notBefore ?? 0);
      watched.isUrgent ||= refs.length <= fewRuns;
    }
    if (this.parts.health.isOffline) void this.#offline.look(true);
    this.#wake();
  }

  /** The window is looked at again: no healthy run waits longer than a focused window would let it. */
  hurry(): void {
    this.#list.hurry();
    this.#wake();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    this.#offline.dispose();
    this.#list.abort();
  }

  /** Another window polls, or this one does from now on. What is under way is still heard. */
  #succeed(tenure: Tenure | undefined): void {
    const { board, health } = this.parts;
    this.#tenure = tenure;
    this.#list.clear();
    if (!tenure) {
      this.#offline.rest();
      return;
    }
    const now = this.#now();
    this.#since = now;
    this.#budget.inherit(Math.min(now, tenure.heldUntil + unheardMs));
    if (!tenure.isHeir) for (const deployment of board.deployments) health.forgive(deployment, now);
    if (health.isOffline) void this.#offline.look();
  }

  /** Asks those whose turn it is, and sets the one timer for what comes next. */
  #wake(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#isDisposed) return;

    const now = this.#now();
    const { ask, next } = turns(this.#list, { gateOf: (key) => this.#gateOf(key), budget: this.#budget, now });
    ask.forEach((watched) => void this.#ask(watched));
    this.#next = next;
    if (next < Infinity) this.#timer = this.parts.clock.after(next - now, () => this.#wake());
    this.#leadership.replan();
  }

  /** The time; when somebody set it back, what was planned by it moves with it, later rather than early. */
  #now(): number {
    const now = this.parts.clock.now();
    const back = this.#lastNow - now;
    this.#lastNow = now;
    if (back <= 0) return now;
    this.parts.health.turnedBack(back);
    this.#budget.turnedBack(back);
    this.#list.turnBack(back);
    return now;
  }

  #gateOf(key: DeploymentKey): Gate {
    return gateOf(this.parts.board.deployment(key), this.parts.health);
  }

  /** Whoever polled before has asked since the run was tracked, unless there was no token for that. */
  #askedSince({ ref, askedAt }: Watched, deployment: Deployment): number {
    const { board, health } = this.parts;
    const { kind } = health.troubleOf(deployment) ?? {};
    const trackedAt = board.kickoff(ref)?.trackedAt ?? askedAt;
    return trackedAt < this.#since && (!kind || reachOf(kind) !== 'deployment') ? trackedAt : askedAt;
  }

  async #ask(watched: Watched): Promise<void> {
    const { board, source } = this.parts;
    const deployment = board.deployment(watched.ref.deployment);
    if (!deployment) return;

    const abort = new AbortController();
    watched.request = { dispose: () => abort.abort() };
    watched.askedAt = this.#now();
    watched.isUrgent = false;
    this.#underWay++;
    watched.askedSince ??= this.#askedSince(watched, deployment);
    const epoch = this.#tenure?.epoch ?? 0;
    try {
      const said = await source.observe(deployment, watched.ref.id, abort.signal);
      const seen = interpreted(said, () => board.kickoffsOf(deployment).some(({ checkedAt }) => checkedAt !== undefined));
      if (!abort.signal.aborted) await this.#hearing.take(watched, { deployment, seen, epoch, now: this.#now() });
    } finally {
      this.#underWay--;
      watched.request = undefined;
      this.#wake();
    }
  }
}
