import type { Board } from './board';
import type { Deployment, DeploymentUrl } from './deployment';
import { tracked, type Kickoff, type KickoffRef } from './kickoff';
import type { Poller } from './poller';
import type { Clock, Store } from './ports';

/** What a user can do to the list of runs. Each is stored before it is shown. */
export class Tracking {
  constructor(
    private readonly store: Store,
    private readonly board: Board,
    private readonly poller: Poller,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** Shows what is stored, by this window or another, and asks on for what is open. */
  async load(): Promise<void> {
    const { deployments, kickoffs } = await this.store.load();
    this.board.show(deployments, kickoffs);
    this.poller.sync();
  }

  async addDeployment(url: DeploymentUrl, label: string): Promise<Deployment> {
    const deployment = await this.store.addDeployment(url, label);
    this.board.putDeployment(deployment);
    return deployment;
  }

  /** Keeps an id, before any request is made for it; a known one is given back with its history. */
  async track(ref: KickoffRef, label?: string): Promise<Kickoff> {
    const kickoff = await this.store.addKickoff(tracked(ref, this.clock.now(), label));
    this.board.put(kickoff);
    this.poller.askNow([kickoff]);
    return kickoff;
  }

  /** Marks a run as removed: it and its history stay in the store. */
  async remove(ref: KickoffRef): Promise<void> {
    await this.#update(ref, (kickoff) => ({ ...kickoff, removedAt: this.clock.now() }));
    this.poller.sync();
  }

  /** Somebody has looked at how the run ended. */
  async markRead(ref: KickoffRef): Promise<void> {
    if (this.board.kickoff(ref)?.isUnread !== true) return;
    await this.#update(ref, ({ isUnread: _, ...kickoff }) => kickoff);
  }

  async #update(ref: KickoffRef, change: (stored: Kickoff) => Kickoff): Promise<void> {
    const kickoff = await this.store.update(ref, (stored) => ({ kickoff: change(stored) }));
    if (kickoff) this.board.put(kickoff);
  }
}
