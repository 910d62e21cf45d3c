import type { KickoffUpdate } from '#core/history/store';
import { isSettled, newKickoff, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import { nextDelay } from '#core/polling/pollInterval';
import { deployment, id, key, MemoryStore, ScriptedNetwork } from '#test/support/builders';
import { ManualClock, start } from '#test/support/manualClock';
import { Neighbour } from '#test/support/neighbours';
import { kinds, runsOf } from './dayRuns';
import { DayServer, Host } from './dayServer';
import { DayWaits } from './dayWaits';
import { DayWindows } from './dayWindows';
import { seeded, type Run } from './paceWorkloads';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Runs take longer by this factor if more of them are active, since at most ten start per minute. */
const asTheyAre = 50;
/** So many ended runs of a deployment stay on the list. */
const keptEnded = 20;
/** So long a host that could not be asked may still be left in peace, by what it asked for and by our own back-off. */
const healingMs = 6 * minute;
/** Another window takes over this long after the polling one was killed. */
const takeoverMs = 22 * second;

/** Parameters of the simulation. */
export interface Setting {
  readonly windows: number;
  /** How many are open at any time: where one is seen to end, the next begins. */
  readonly runs: number;
  readonly hosts: number;
  readonly hours: number;
  readonly seed: number;
  /** So many times as often as in a day windows take the focus, come and go. */
  readonly restless: number;
}

/** Results. All times are in seconds, except the times of requests. */
export interface Day {
  readonly hosts: readonly Pick<Host, 'asked' | 'mostInFlight'>[];
  readonly asked: readonly number[];
  readonly mostInFlight: number;
  /** How long runs were open on the list, all together. */
  readonly openHours: number;
  /** From each end to the moment it was stored. */
  readonly late: readonly number[];
  /** From an answer to the next request for that run. */
  readonly waits: readonly number[];
  /** The longest of these by the run's own interval, and by what the ceiling leaves of it. */
  readonly longestByInterval: number;
  readonly longestByShare: number;
  /** Requests by a window that did not hold the lease. */
  readonly strangers: number;
  readonly epochs: number;
}

/** A run on the list. */
interface Listed {
  readonly ref: KickoffRef;
  readonly host: number;
  readonly place: number;
  readonly end: number;
  readonly since: number;
}

/** Simulates a day: the product's own classes in so many windows, by a clock that is turned, against hosts that are simulated. */
export async function simulated(setting: Setting): Promise<Day> {
  const day = new Simulation(setting);
  await day.clock.advance(setting.hours * hour);
  return day.figures();
}

/** A store that says what it was given. */
class DayStore extends MemoryStore {
  told: (kickoff: Kickoff) => void = () => undefined;

  override async update(ref: KickoffRef, change: (stored: Kickoff) => KickoffUpdate): Promise<Kickoff | undefined> {
    const after = await super.update(ref, change);
    this.written.length = 0;
    if (after) this.told(after);
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
  readonly #late: number[] = [];
  #openMs = 0;
  #ids = 0;
  #strangers = 0;
  /** How often the lease was taken when all were last planned. */
  #planned = 0;
  /** When the window that asks was last without the focus. */
  #unseenAt = 0;

  constructor(private readonly setting: Setting) {
    const { windows, runs, hosts, seed, restless } = setting;
    const chance = (of: number) => seeded(seed + 1_000 * of);
    this.#chance = chance(1);
    this.#slower = Math.max(1, runs / asTheyAre);
    this.#decks = Array.from({ length: hosts * kinds.length }, (_, index) => runsOf(index % kinds.length, seed + 7 * index, this.#slower));
    const all = Array.from({ length: hosts }, (_, index) => new Host(weatherOf(index)));
    this.#troubles = all.map(({ weather: { down, busy } }) => [down, busy].map(([from, to]) => [from, to + healingMs]));
    this.#waits = new DayWaits(hosts, this.#troubles);
    this.#server = new DayServer(all, this.clock, chance(2), (by, of) => this.#isAsked(by, of));
    const deployments = this.#decks.map((_, index) =>
      deployment({ key: index + 1, url: `https://host${Math.floor(index / kinds.length)}.example.com/${index}`, label: `${index}` }),
    );
    const before = Array.from({ length: runs }, (_, place) => this.#kickedOff(place, true));
    this.#store = new DayStore(
      deployments,
      before.map(({ ref, since }) => newKickoff(ref, start + since)).sort((one, other) => one.trackedAt - other.trackedAt),
    );
    this.#store.now = () => this.clock.now();
    this.#store.told = (kickoff) => this.#told(kickoff);
    const world = { clock: this.clock, store: this.#store, network: new ScriptedNetwork(), random: chance(3) };
    this.#windows = new DayWindows(windows, {
      clock: this.clock,
      seed: seed + 4_000,
      restless,
      open: (name) => Neighbour.open({ ...world, source: this.#server.by(name) }, name),
      isGone: () => this.#isUnasked(),
    });
    this.#tidy();
  }

  figures(): Day {
    const { hosts, asked, mostInFlight } = this.#server;
    for (const { since } of this.#listed.values()) this.#openMs += this.clock.elapsed - Math.max(0, since);
    return {
      hosts: hosts.map((host) => ({ asked: host.asked, mostInFlight: host.mostInFlight })),
      asked,
      mostInFlight,
      openHours: this.#openMs / hour,
      late: this.#late,
      waits: this.#waits.seconds,
      longestByInterval: this.#waits.longestByInterval,
      longestByShare: this.#waits.longestByShare,
      strangers: this.#strangers,
      epochs: this.#store.lease.epoch,
    };
  }

  /** A place is taken by a run of the next deployment of its host; one that was there before the day began is somewhere in its course. */
  #kickedOff(place: number, isUnderWay = false): Listed {
    const host = place % this.setting.hosts;
    const kind = this.#ids++ % kinds.length;
    const run = this.#decks[host * kinds.length + kind]?.() ?? { queued: 0, tasks: [] };
    const lasts = second * run.tasks.reduce((sum, task) => sum + task, run.queued);
    const since = this.clock.elapsed - (isUnderWay ? this.#chance() * Math.min(lasts, hour * this.#slower) : 0);
    const listed = { ref: { deployment: key(host * kinds.length + kind + 1), id: id(this.#ids) }, host, place, end: since + lasts, since };
    this.#listed.set(listed.ref.id, listed);
    this.#waits.heard(listed.ref.id, host, Math.min(60, Math.max(3, (0.05 * (this.clock.elapsed - since)) / second)));
    this.#server.runs.set(listed.ref.id, { run, host, begin: since, end: listed.end });
    const horizon = second * this.#slower * (kinds[kind]?.horizon ?? Infinity);
    if (lasts === Infinity && horizon < Infinity) this.clock.after(horizon, () => void this.#givenUp(listed));
    return listed;
  }

  /** Somebody begins a run and has it tracked, as soon as there is a window. */
  #begin(place: number): void {
    const window = this.#windows.used(this.#chance);
    if (window) void window.tracker.track(this.#kickedOff(place).ref);
    else this.clock.after(second, () => this.#begin(place));
  }

  #isOver({ ref, place, since }: Listed): void {
    this.#openMs += this.clock.elapsed - Math.max(0, since);
    this.#waits.gone(ref.id);
    this.#listed.delete(ref.id);
    this.clock.after(second + 9 * second * this.#chance(), () => this.#begin(place));
  }

  async #givenUp(listed: Listed): Promise<void> {
    const window = this.#windows.used(this.#chance);
    if (!window || !this.#listed.has(listed.ref.id)) return;
    this.#isOver(listed);
    await window.tracker.remove([listed.ref]);
  }

  #told(kickoff: Kickoff): void {
    const listed = this.#listed.get(kickoff.id);
    if (!listed || kickoff.checkedAt !== this.clock.now()) return;
    if (isSettled(kickoff.phase)) {
      this.#late.push((this.clock.elapsed - listed.end) / second);
      this.#isOver(listed);
      return;
    }
    this.#waits.heard(kickoff.id, listed.host, this.#intervalOf(kickoff), this.clock.elapsed);
  }

  #isAsked(by: string, of: KickoffId): void {
    const listed = this.#listed.get(of);
    if (this.#store.lease.holder !== by) this.#strangers++;
    this.#replan();
    if (listed) this.#waits.asked(of, this.#intervalOf(this.#store.stored(listed.ref), this.#waits.since(of)), this.clock.elapsed);
  }

  /** Who took over planned all that wait, before it asked anybody. */
  #replan(): void {
    if (this.#store.lease.epoch === this.#planned) return;
    this.#planned = this.#store.lease.epoch;
    this.#waits.replanned((id) => {
      const listed = this.#listed.get(id);
      return listed ? this.#intervalOf(this.#store.stored(listed.ref)) : 0;
    });
  }

  /** Seconds that the pace gives a run in the window that asks - or gave it, when nobody has looked at one meanwhile. */
  #intervalOf(kickoff: Kickoff, since = this.clock.elapsed): number {
    const window = this.#windows.all.find(({ isPolling }) => isPolling) ?? this.#windows.all[0];
    if (window?.isFocused !== true) this.#unseenAt = this.clock.elapsed;
    const history = window?.board.historyOf(kickoff.deployment);
    const pace = { minimumSeconds: 3, maximumSeconds: 60, isFocused: this.#unseenAt < since };
    return (nextDelay(kickoff, { history, now: this.clock.now(), pace, random: () => 0.5 }) ?? Infinity) / second;
  }

  /** A window went that asked: the next one begins a little later. */
  #isUnasked(): void {
    if (this.#windows.all.some(({ isPolling }) => isPolling)) return;
    for (const troubles of this.#troubles) troubles.push([this.clock.elapsed, this.clock.elapsed + takeoverMs]);
  }

  /** Ended runs leave the list, as they do where somebody keeps it short. */
  #tidy(): void {
    this.clock.after(10 * minute, () => this.#tidy());
    const window = this.#windows.used(this.#chance);
    const old = (window?.board.deployments ?? []).flatMap((one) =>
      (window?.board.kickoffsOf(one) ?? []).filter(({ phase }) => isSettled(phase)).slice(keptEnded),
    );
    if (old.length > 0) void window?.tracker.remove(old);
  }
}

/** Each host is down for five minutes and asks for time once, not all at the same hour. */
function weatherOf(host: number): Host['weather'] {
  const [down, busy] = [(2 + 3 * host) * hour, (5 + 3 * host) * hour];
  return { down: [down, down + 5 * minute], busy: [busy, busy + 10 * second] };
}
