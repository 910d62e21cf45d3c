import type { SharedStore, Store } from '#core/history/store';
import type { Observation } from '#core/kickoff/kickoff';
import type { Clock, Random } from '#core/lib/types';
import type { Poller } from '#core/polling/poller';
import type { Network, StatusSource } from '#core/polling/pollerParts';
import { LeaderElection } from '#core/windows/leaderElection';
import { WindowSync } from '#core/windows/windowSync';
import { followWindowUse } from '#core/windows/windowUse';
import { shared, Window, type Setting } from './polling';

interface World {
  readonly clock: Clock;
  readonly source: StatusSource;
  readonly store: Store & SharedStore;
  readonly network: Network;
  readonly random?: Random;
}

interface WindowSetting {
  /** Whether the window has the focus before it loads the history. */
  readonly isFocused?: boolean;
}

/** Creates a store and a function that opens windows with this store. Only one of the windows polls. */
export function neighborhood(setting: Setting) {
  const world = shared(setting);
  world.store.now = () => world.clock.now();
  return { ...world, open: (name: string, setting?: WindowSetting) => Neighbor.open(world, name, setting) };
}

/** A window that shares its store with other windows. */
export class Neighbor extends Window {
  override isFocused = false;
  readonly failed: readonly unknown[];
  readonly leader: LeaderElection;
  readonly windowSync: WindowSync;
  readonly #life: Life;
  readonly #use: ReturnType<typeof followWindowUse>;

  private constructor(world: World, holder: string) {
    const [life, failed] = [new Life(), [] as unknown[]];
    const parts = { store: world.store, clock: life.timed(world.clock), onError: (error: unknown): unknown => failed.push(error) };
    const built: { poller?: Poller } = {};
    const mayHaveActiveRuns = (): boolean => !this.tracker.isLoaded || this.board.hasActiveRuns;
    const dueInMs = (): number | undefined => built.poller?.dueInMs;
    const leader = new LeaderElection({ ...parts, leases: world.store, windowId: holder, mayHaveActiveRuns, dueInMs });
    super({ ...world, ...parts, source: life.connected(world.source), leader });
    const { board, health, poller, tracker } = this;
    built.poller = poller;
    this.#life = life;
    this.failed = failed;
    this.leader = leader;
    this.windowSync = new WindowSync({ ...parts, board, health, leader, poller, tracker });
    const historyLoader = { load: () => Promise.reject(new Error('the run history is already loaded')) };
    const tokens = { get: () => Promise.resolve(undefined) };
    const unused = { focused: false, active: false };
    this.#use = followWindowUse({ board, poller, leader, tracker, historyLoader, tokens, onError: parts.onError }, unused);
  }

  static async open(world: World, holder: string, { isFocused = false }: WindowSetting = {}): Promise<Neighbor> {
    const window = new Neighbor(world, holder);
    if (isFocused) window.focus(true);
    await window.tracker.load();
    return window;
  }

  get isPolling(): boolean {
    return this.leader.term !== undefined;
  }

  focus(isFocused: boolean): void {
    this.isFocused = isFocused;
    this.#use({ focused: isFocused, active: isFocused });
  }

  /** Ends the process of the window without cleanup. */
  kill(): void {
    this.#life.end();
    this.windowSync.dispose();
  }

  async close(): Promise<void> {
    await this.leader.close();
    this.poller.dispose();
    this.windowSync.dispose();
  }
}

/** The life of a window's process. After its end, the timers of the process don't run, and its connections are closed. */
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

  connected(source: StatusSource): StatusSource {
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
