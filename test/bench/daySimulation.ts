import type { KickoffUpdate } from '#core/history/store';
import { isSettled, newKickoff, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import { nextPollDelayMs } from '#core/polling/pollInterval';
import { deployment, id, key, MemoryStore, ScriptedNetwork } from '#test/support/builders';
import { hour, ManualClock, minute, second, start } from '#test/support/manualClock';
import { Neighbor } from '#test/support/neighbors';
import { kinds, runsOf } from './dayRuns';
import { DayServer, Host } from './dayServer';
import { DayWaits } from './dayWaits';
import { DayWindows } from './dayWindows';
import { seeded, type Run } from './paceWorkloads';

/** The largest number of active runs that take their usual time. More runs take longer, since at most ten can start per minute. */
const mostUnslowed = 50;
/** The number of finished runs per deployment that stay in the view. */
const shownFinished = 20;
/** The time after a fault in which a host may not be polled yet, because of Retry-After or back-off. */
const healingMs = 6 * minute;
/** The maximum time until another window takes over after the polling window was killed. */
const takeoverMs = 22 * second;

export interface Setting {
  readonly windows: number;
  /** The number of active runs at any time. When a run finishes, the next run starts. */
  readonly runs: number;
  readonly hosts: number;
  readonly hours: number;
  readonly seed: number;
}

/** The results of a day. Times of requests are milliseconds since its start. */
export interface Day {
  readonly hosts: readonly { readonly requests: Host['requests']; readonly mostInFlight: number }[];
  readonly requests: readonly number[];
  readonly mostInFlight: number;
  /** The total time in which runs were active. */
  readonly openHours: number;
  /** The number of runs whose end was stored. */
  readonly finished: number;
  /** The longest wait in multiples of the wait that is fair at the request limit. */
  readonly longestByShare: number;
}

interface Listed {
  readonly ref: KickoffRef;
  readonly host: number;
  readonly place: number;
  readonly end: number;
  readonly since: number;
}

/** Simulates a day with the extension's own classes, a manual clock, and simulated hosts. */
export async function simulated(setting: Setting): Promise<Day> {
  const day = new Simulation(setting);
  await day.clock.advance(setting.hours * hour);
  return day.figures();
}

/** A store that reports each update. */
class DayStore extends MemoryStore {
  onUpdate: (kickoff: Kickoff) => void = () => undefined;

  override async update(ref: KickoffRef, change: (stored: Kickoff, leaseEpoch: number) => KickoffUpdate): Promise<Kickoff | undefined> {
    const after = await super.update(ref, change);
    this.written.length = 0;
    if (after) this.onUpdate(after);
    return after;
  }
}

class Simulation {
  readonly clock = new ManualClock();
  readonly #server: DayServer;
  readonly #store: DayStore;
  readonly #windows: DayWindows;
  readonly #waits: DayWaits;
  readonly #troubles: [number, number][][];
  readonly #listed = new Map<KickoffId, Listed>();
  readonly #decks: readonly (() => Run)[];
  readonly #chance;
  readonly #slower: number;
  #finished = 0;
  #openMs = 0;
  #ids = 0;
  /** The epoch of the lease when all runs were last planned. */
  #planned = 0;
  /** The last time at which the polling window wasn't focused. */
  #unseenAt = 0;

  constructor(private readonly setting: Setting) {
    const { windows, runs, hosts, seed } = setting;
    const chance = (of: number) => seeded(seed + 1_000 * of);
    this.#chance = chance(1);
    this.#slower = Math.max(1, runs / mostUnslowed);
    this.#decks = Array.from({ length: hosts * kinds.length }, (_, index) => runsOf(index % kinds.length, seed + 7 * index, this.#slower));
    const all = Array.from({ length: hosts }, (_, index) => new Host(weatherOf(index)));
    this.#troubles = all.map(({ weather: { down, busy } }) => [down, busy].map(([from, to]) => [from, to + healingMs]));
    this.#waits = new DayWaits(hosts, this.#troubles);
    this.#server = new DayServer(all, this.clock, chance(2), (of) => this.#polled(of));
    const deployments = this.#decks.map((_, index) =>
      deployment({ key: index + 1, url: `https://host${Math.floor(index / kinds.length)}.example.com/${index}`, label: `${index}` }),
    );
    const before = Array.from({ length: runs }, (_, place) => this.#startRun(place, true));
    this.#store = new DayStore(
      deployments,
      before.map(({ ref, since }) => newKickoff(ref, start + since)).sort((one, other) => one.trackedAt - other.trackedAt),
    );
    this.#store.now = () => this.clock.now();
    this.#store.onUpdate = (kickoff) => this.#updated(kickoff);
    const world = { clock: this.clock, store: this.#store, network: new ScriptedNetwork(), random: chance(3) };
    this.#windows = new DayWindows(windows, {
      clock: this.clock,
      seed: seed + 4_000,
      open: (name) => Neighbor.open({ ...world, source: this.#server.sourceOf(name) }, name),
      onClose: () => this.#windowClosed(),
    });
    this.#tidy();
  }

  figures(): Day {
    const { hosts, requests, inFlight } = this.#server;
    for (const { since } of this.#listed.values()) this.#openMs += this.clock.elapsed - Math.max(0, since);
    return {
      hosts: hosts.map((host) => ({ requests: host.requests, mostInFlight: host.inFlight.most })),
      requests,
      mostInFlight: inFlight.most,
      openHours: this.#openMs / hour,
      finished: this.#finished,
      longestByShare: this.#waits.longestByShare,
    };
  }

  /** Starts a run of the next deployment of the host. A run that started before the day is in the middle of its course. */
  #startRun(place: number, isInProgress = false): Listed {
    const host = place % this.setting.hosts;
    const kind = this.#ids++ % kinds.length;
    const run = this.#decks[host * kinds.length + kind]?.() ?? { queued: 0, tasks: [] };
    const lasts = second * run.tasks.reduce((sum, task) => sum + task, run.queued);
    const since = this.clock.elapsed - (isInProgress ? this.#chance() * Math.min(lasts, hour * this.#slower) : 0);
    const listed = { ref: { deployment: key(host * kinds.length + kind + 1), id: id(this.#ids) }, host, place, end: since + lasts, since };
    this.#listed.set(listed.ref.id, listed);
    this.#waits.respond(listed.ref.id, host, Math.min(60, Math.max(3, (0.05 * (this.clock.elapsed - since)) / second)));
    this.#server.runs.set(listed.ref.id, { run, host, begin: since, end: listed.end });
    const horizon = second * this.#slower * (kinds[kind]?.horizon ?? Infinity);
    if (lasts === Infinity && horizon < Infinity) this.clock.after(horizon, () => void this.#giveUp(listed));
    return listed;
  }

  /** Starts and tracks a run, like a user, as soon as a window is open. */
  #begin(place: number): void {
    const window = this.#windows.inUse(this.#chance);
    if (window) void window.tracker.trackAll([this.#startRun(place).ref]);
    else this.clock.after(second, () => this.#begin(place));
  }

  #isOver({ ref, place, since }: Listed): void {
    this.#openMs += this.clock.elapsed - Math.max(0, since);
    this.#waits.remove(ref.id);
    this.#listed.delete(ref.id);
    this.clock.after(second + 9 * second * this.#chance(), () => this.#begin(place));
  }

  async #giveUp(listed: Listed): Promise<void> {
    const window = this.#windows.inUse(this.#chance);
    if (!window || !this.#listed.has(listed.ref.id)) return;
    this.#isOver(listed);
    await window.tracker.remove([listed.ref]);
  }

  #updated(kickoff: Kickoff): void {
    const listed = this.#listed.get(kickoff.id);
    if (!listed || kickoff.checkedAt !== this.clock.now()) return;
    if (isSettled(kickoff.phase)) {
      this.#finished++;
      this.#isOver(listed);
      return;
    }
    this.#waits.respond(kickoff.id, listed.host, this.#intervalOf(kickoff), this.clock.elapsed);
  }

  #polled(of: KickoffId): void {
    const listed = this.#listed.get(of);
    this.#replan();
    if (listed) this.#waits.poll(of, this.#intervalOf(this.#store.stored(listed.ref), this.#waits.since(of)), this.clock.elapsed);
  }

  /** Plans all waiting runs again if another window has taken over. That window does the same before its first poll. */
  #replan(): void {
    if (this.#store.lease.epoch === this.#planned) return;
    this.#planned = this.#store.lease.epoch;
    this.#waits.replan((id) => {
      const listed = this.#listed.get(id);
      return listed ? this.#intervalOf(this.#store.stored(listed.ref)) : 0;
    });
  }

  /** Returns the poll interval of a run, in seconds. Uses the longer interval if the polling window lacked the focus after `since`. */
  #intervalOf(kickoff: Kickoff, since = this.clock.elapsed): number {
    const window = this.#windows.all.find(({ isPolling }) => isPolling) ?? this.#windows.all[0];
    if (window?.isFocused !== true) this.#unseenAt = this.clock.elapsed;
    const history = window?.board.durationsOf(kickoff.deployment);
    const pace = { minimumSeconds: 3, maximumSeconds: 60, isFocused: this.#unseenAt < since };
    return (
      (nextPollDelayMs(kickoff, { durations: history, now: this.clock.now(), settings: pace, random: () => 0.5 }) ?? Infinity) / second
    );
  }

  /** Excludes the time until another window polls from the waits, if the polling window was closed. */
  #windowClosed(): void {
    if (this.#windows.all.some(({ isPolling }) => isPolling)) return;
    for (const troubles of this.#troubles) troubles.push([this.clock.elapsed, this.clock.elapsed + takeoverMs]);
  }

  /** Removes finished runs regularly, like a user who keeps the view short. */
  #tidy(): void {
    this.clock.after(10 * minute, () => this.#tidy());
    const window = this.#windows.inUse(this.#chance);
    const old = (window?.board.deployments ?? []).flatMap((one) =>
      (window?.board.kickoffsOf(one) ?? []).filter(({ phase }) => isSettled(phase)).slice(shownFinished),
    );
    if (old.length > 0) void window?.tracker.remove(old);
  }
}

/** Returns the faults of a host. Each host is down for five minutes and throttles once, at a different hour. */
function weatherOf(host: number): Host['weather'] {
  const [down, busy] = [(2 + 3 * host) * hour, (5 + 3 * host) * hour];
  return { down: [down, down + 5 * minute], busy: [busy, busy + 10 * second] };
}
