import { Board } from '../../src/core/board';
import type { Deployment } from '../../src/core/deployment';
import { Health } from '../../src/core/health';
import type { Kickoff } from '../../src/core/kickoff';
import type { Leadership } from '../../src/core/lease';
import { Poller } from '../../src/core/poller';
import type { Clock, Network, Random, Source, Store } from '../../src/core/ports';
import { Tracking } from '../../src/core/tracking';
import { deployment, id, kickoff, MemoryStore, ScriptedNetwork, ScriptedSource, type Script } from './builders';
import { ManualClock } from './manualClock';

interface Shared {
  readonly clock: ManualClock;
  readonly source: ScriptedSource;
  readonly store: MemoryStore;
  readonly network: ScriptedNetwork;
}

/** What a window is built from; without a leadership it polls. */
interface WindowParts {
  readonly clock: Clock;
  readonly source: Source;
  readonly store: Store;
  readonly network: Network;
  readonly leadership?: Leadership;
  /** Without it each chance gives the latest. */
  readonly random?: Random;
}

/** One window, with what it is wired to, and all that it told. */
export class Window {
  isFocused = true;
  readonly ended: Kickoff[] = [];
  readonly told: Kickoff[] = [];
  readonly unsaved: unknown[] = [];
  readonly health: Health;
  /** What listeners threw. */
  readonly thrown: unknown[] = [];
  readonly board: Board;
  readonly poller: Poller;
  readonly tracking: Tracking;

  constructor(parts: WindowParts) {
    const { clock, store, random = () => 1 } = parts;
    this.health = new Health(random);
    this.board = new Board(this.health, (error) => this.thrown.push(error));
    const pace = () => ({ minimumSeconds: 3, maximumSeconds: 60, isFocused: this.isFocused });
    this.poller = new Poller({
      ...parts,
      random,
      board: this.board,
      health: this.health,
      pace,
      failed: (error) => this.thrown.push(error),
    });
    this.tracking = new Tracking(store, this.board, this.poller, clock);
    this.poller.onDidFailToSave((error) => this.unsaved.push(error));
    this.poller.onDidEnd(async (ended) => {
      this.ended.push(ended);
      if (await store.claimNotice(ended)) this.told.push(ended);
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
}: Setting): Shared {
  const clock = new ManualClock();
  const source = new ScriptedSource(clock, script);
  source.latency = latency;
  return { clock, source, store: new MemoryStore(deployments, kickoffs), network };
}

/** A window that has loaded what is stored; nothing is answered before the clock is turned. */
export async function polling(setting: Setting) {
  const parts = shared(setting);
  const window = new Window(parts);
  await window.tracking.load();
  const { board, ended, told, unsaved, poller, tracking } = window;
  return { ...parts, window, board, ended, told, unsaved, poller, tracking };
}

export function runs(count: number, of: Partial<Kickoff> = {}): readonly Kickoff[] {
  return Array.from({ length: count }, (_, index) => kickoff({ id: id(index + 1), ...of }));
}
