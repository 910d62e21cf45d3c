import type { Observation } from '../../src/core/kickoff';
import { Leader } from '../../src/core/leader';
import type { Poller } from '../../src/core/poller';
import type { Clock, Network, Random, SharedStore, Source, Store } from '../../src/core/ports';
import { WindowUse } from '../../src/core/windowUse';
import { Windows } from '../../src/core/windows';
import { shared, Window, type Setting } from './polling';

/** What all windows have in common. */
interface World {
  readonly clock: Clock;
  readonly source: Source;
  readonly store: Store & SharedStore;
  readonly network: Network;
  readonly random?: Random;
}

/** Windows on one store, of which only one polls. */
export function neighbourhood(setting: Setting) {
  const world = shared(setting);
  world.store.now = () => world.clock.now();
  return { ...world, open: (name: string) => Neighbour.open(world, name) };
}

/** One window among others. */
export class Neighbour extends Window {
  override isFocused = false;
  readonly failed: readonly unknown[];
  readonly leader: Leader;
  readonly windows: Windows;
  readonly #life: Life;
  readonly #use: WindowUse;

  private constructor(world: World, holder: string) {
    const [life, failed] = [new Life(), [] as unknown[]];
    const parts = { store: world.store, clock: life.timed(world.clock), failed: (error: unknown): unknown => failed.push(error) };
    const built: { poller?: Poller } = {};
    const leader = new Leader({ ...parts, leases: world.store, holder, dueIn: () => built.poller?.dueIn });
    super({ ...world, ...parts, source: life.asking(world.source), leadership: leader });
    const { board, health, poller, tracking } = this;
    built.poller = poller;
    this.#life = life;
    this.failed = failed;
    this.leader = leader;
    this.windows = new Windows({ ...parts, board, health, leader, poller, tracking });
    const custody = { catchUp: () => Promise.reject(new Error('the list was read before')) };
    const tokens = { get: () => Promise.resolve(undefined) };
    const unused = { focused: false, active: false };
    this.#use = new WindowUse({ board, poller, leader, windows: this.windows, custody, tokens, failed: parts.failed }, unused);
  }

  static async open(world: World, holder: string): Promise<Neighbour> {
    const window = new Neighbour(world, holder);
    await window.tracking.load();
    return window;
  }

  get isPolling(): boolean {
    return this.leader.tenure !== undefined;
  }

  focus(isFocused: boolean): void {
    this.isFocused = isFocused;
    this.#use.changed({ focused: isFocused, active: isFocused });
  }

  /** Its process ends without a word. */
  kill(): void {
    this.#life.end();
    this.windows.dispose();
  }

  async close(): Promise<void> {
    await this.leader.close();
    this.poller.dispose();
    this.windows.dispose();
  }
}

/** A process: when it has ended no timer of it runs, its connections are closed, and it hears nothing. */
class Life {
  isOver = false;
  readonly #requests = new Set<AbortController>();

  end(): void {
    this.isOver = true;
    for (const request of this.#requests) request.abort();
  }

  timed(clock: Clock): Clock {
    return { now: () => clock.now(), after: (milliseconds, run) => clock.after(milliseconds, () => !this.isOver && run()) };
  }

  asking(source: Source): Source {
    return {
      observe: async (deployment, id, signal) => {
        const request = new AbortController();
        signal.addEventListener('abort', () => request.abort());
        this.#requests.add(request);
        const seen = await source.observe(deployment, id, request.signal);
        this.#requests.delete(request);
        return this.isOver ? new Promise<Observation>(() => undefined) : seen;
      },
    };
  }
}
