import { Board } from '../../src/core/board';
import { Health } from '../../src/core/health';
import type { Kickoff, Observation } from '../../src/core/kickoff';
import { Leader } from '../../src/core/leader';
import { Poller } from '../../src/core/poller';
import type { Clock, Source } from '../../src/core/ports';
import { Tracking } from '../../src/core/tracking';
import { Windows } from '../../src/core/windows';
import type { ManualClock } from './manualClock';
import { shared, type Setting } from './polling';

type World = ReturnType<typeof shared>;

/** Windows on one store, of which only one polls. */
export function neighbourhood(setting: Setting) {
  const world = shared(setting);
  world.store.now = () => world.clock.now();
  return { ...world, open: (name: string) => Neighbour.open(world, name) };
}

/** One window among others. */
export class Neighbour {
  isFocused = false;
  isAlive = true;
  readonly told: Kickoff[] = [];
  readonly failed: unknown[] = [];
  readonly health = new Health(() => 1);
  readonly board = new Board(this.health);
  readonly leader: Leader;
  readonly poller: Poller;
  readonly tracking: Tracking;
  readonly windows: Windows;

  private constructor({ clock: time, source, store, network }: World, holder: string) {
    const clock = this.#own(time);
    const failed = (error: unknown): unknown => this.failed.push(error);
    const pace = () => ({ minimumSeconds: 3, maximumSeconds: 60, isFocused: this.isFocused });
    this.leader = new Leader({ clock, leases: store, holder, dueIn: () => this.poller.dueIn, failed });
    const graph = { store, board: this.board, health: this.health };
    const asking = { clock, random: () => 1, source: this.#asking(source), network, pace, leadership: this.leader };
    this.poller = new Poller({ ...graph, ...asking });
    this.tracking = new Tracking(store, this.board, this.poller, clock);
    this.windows = new Windows({ ...graph, leader: this.leader, poller: this.poller, tracking: this.tracking, clock, failed });
    this.poller.onDidEnd(async (ended) => {
      if (await store.claimNotice(ended)) this.told.push(ended);
    });
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
    this.leader.focus(isFocused);
  }

  /** Its process ends without a word. */
  kill(): void {
    this.isAlive = false;
  }

  async close(): Promise<void> {
    await this.leader.close();
    this.poller.dispose();
    this.windows.dispose();
  }

  #own(clock: ManualClock): Clock {
    return { now: () => clock.now(), after: (milliseconds, run) => clock.after(milliseconds, () => this.isAlive && run()) };
  }

  /** A process that has ended hears nothing. */
  #asking(source: Source): Source {
    return {
      observe: async (deployment, id, signal) => {
        const seen = await source.observe(deployment, id, signal);
        return this.isAlive ? seen : new Promise<Observation>(() => undefined);
      },
    };
  }
}
