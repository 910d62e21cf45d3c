import { Board } from '#core/history/board';
import type { Store } from '#core/history/store';
import { Tracker } from '#core/history/tracker';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Clock, Random } from '#core/lib/types';
import { HostHealth } from '#core/polling/hostHealth';
import { Poller } from '#core/polling/poller';
import type { Network, PollerParts, StatusSource } from '#core/polling/pollerParts';
import { deployment, id, key, kickoff, MemoryStore, ScriptedNetwork, ScriptedSource, type Script } from './builders';
import { day, ManualClock, start } from './manualClock';

/** The dependencies of a window. Without `leader`, the window polls. */
interface WindowParts {
  readonly clock: Clock;
  readonly source: StatusSource;
  readonly store: Store;
  readonly network: Network;
  readonly leader?: PollerParts['leader'];
  /** The default always returns 1, which gives the longest random waits. */
  readonly random?: Random;
}

/** The leader of a window that always polls. */
const alone: PollerParts['leader'] = {
  term: { epoch: 0, previousBeatAt: -Infinity, isTakeover: false },
  take: () => Promise.resolve(),
  renewSooner: () => undefined,
};

/** One window with its components and its recorded events. */
export class Window {
  isFocused = true;
  readonly ended: Kickoff[] = [];
  readonly notified: Kickoff[] = [];
  readonly unsaved: unknown[] = [];
  readonly health: HostHealth;
  /** The errors that listeners threw. */
  readonly thrown: unknown[] = [];
  readonly board: Board;
  readonly poller: Poller;
  readonly tracker: Tracker;

  constructor(parts: WindowParts) {
    const { clock, store, random = () => 1, leader = alone } = parts;
    this.health = new HostHealth(random);
    this.board = new Board(this.health, (error) => this.thrown.push(error));
    const settings = () => ({ minimumSeconds: 3, maximumSeconds: 60, isFocused: this.isFocused });
    this.poller = new Poller({
      ...parts,
      random,
      leader,
      board: this.board,
      health: this.health,
      settings,
      onError: (error) => this.thrown.push(error),
    });
    this.tracker = new Tracker({ store, board: this.board, poller: this.poller, clock });
    this.poller.onDidFailToSave((error) => this.unsaved.push(error));
    this.poller.onDidEnd(async (ended) => {
      this.ended.push(ended);
      if (await store.claimNotice(ended)) this.notified.push(ended);
    });
  }
}

export interface Setting {
  readonly script: Script;
  readonly kickoffs?: readonly Kickoff[];
  readonly deployments?: readonly Deployment[];
  readonly latency?: number;
  readonly network?: ScriptedNetwork;
}

export function shared({
  script,
  kickoffs = [kickoff()],
  deployments = [deployment()],
  latency = 0,
  network = new ScriptedNetwork(),
}: Setting) {
  const clock = new ManualClock();
  const source = new ScriptedSource(clock, script);
  source.latency = latency;
  return { clock, source, store: new MemoryStore(deployments, kickoffs), network };
}

/** Opens a window that has loaded the stored runs. No responses arrive before the clock advances. */
export async function polling(setting: Setting) {
  const parts = shared(setting);
  const window = new Window(parts);
  await window.tracker.load();
  const { board, ended, notified, unsaved, poller, tracker } = window;
  return { ...parts, window, board, ended, notified, unsaved, poller, tracker };
}

/** Returns runs that were tracked a day ago, and their deployments on different hosts. */
export function spreadRuns(count: number, hosts: number): Pick<Required<Setting>, 'deployments' | 'kickoffs'> {
  const deployments = Array.from({ length: hosts }, (_, index) => deployment({ key: index + 1, url: `https://host${index}.example.com` }));
  const kickoffs = runs(count, { trackedAt: start - day });
  return { deployments, kickoffs: kickoffs.map((run, index) => ({ ...run, deployment: key((index % hosts) + 1) })) };
}

export function runs(count: number, of: Partial<Kickoff> = {}): readonly Kickoff[] {
  return Array.from({ length: count }, (_, index) => kickoff({ id: id(index + 1), ...of }));
}
