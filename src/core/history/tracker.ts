import type { Deployment, DeploymentChange, DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import { newKickoff, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { Emitter } from '#core/lib/event';
import type { Clock } from '#core/lib/types';
import type { Poller } from '#core/polling/poller';
import type { Inputs } from '#core/starts/attempt';
import type { Board } from './board';
import type { DeleteTokens, Removable, Store, StoreSnapshot } from './store';

const undoPeriodMs = 7 * 24 * 3_600_000;

/** A change of the tracked runs or deployments. `forgetting` comes before all data is deleted. */
export type ListChange = 'changed' | 'forgetting';

export interface TrackerParts {
  readonly store: Store & { readonly isReadOnly?: boolean };
  readonly board: Board;
  readonly poller: Pick<Poller, 'sync' | 'pollNow'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Data of a new run that is known before the first response. */
export interface KnownRunData extends Pick<Kickoff, 'label' | 'inputLabel'> {
  readonly inputs?: Inputs;
}

/** Loads the history into the board, and makes the user's changes. Stores each change before the board shows it. */
export class Tracker {
  readonly #listEmitter = new Emitter<ListChange>();
  readonly #loadEmitter = new Emitter<StoreSnapshot>();
  readonly onDidChangeList = this.#listEmitter.event;
  readonly onDidLoad = this.#loadEmitter.event;
  /** The revision of the store that the board shows. */
  #revision: number | undefined;

  constructor(private readonly parts: TrackerParts) {}

  get isReadOnly(): boolean {
    return !!this.parts.store.isReadOnly;
  }

  get isLoaded(): boolean {
    return this.#revision !== undefined;
  }

  async load(): Promise<void> {
    this.#show(await this.parts.store.load());
  }

  /** Shows all windows' changes since the last load. Shows all data at first, and after runs were deleted or the file was replaced. */
  async loadChanges(): Promise<void> {
    this.#show(await this.parts.store.load(this.#revision));
  }

  #show(snapshot: StoreSnapshot): void {
    const { board, poller } = this.parts;
    const { deployments, kickoffs, starts, isFullReload, revision } = snapshot;
    if (isFullReload) board.show(deployments, kickoffs);
    const needsSync = isFullReload || board.putAll(kickoffs, deployments);
    board.showStarts(starts);
    this.#revision = revision;
    this.#loadEmitter.fire(snapshot);
    // Not after every load, because changes include this window's own writes, whose runs are scheduled already.
    if (needsSync) poller.sync();
  }

  async addDeployment(url: DeploymentUrl, label: string, page?: string): Promise<Deployment> {
    const deployment = await this.parts.store.addDeployment(url, label, page);
    this.parts.board.putDeployment(deployment);
    this.#listEmitter.fire('changed');
    // Makes this window the leader, because only the leader checks whether the deployment has a token.
    this.parts.poller.pollNow([]);
    return deployment;
  }

  /** Stores new runs, the first one with known data, then polls them. Their times are a millisecond apart, to keep the order. */
  async trackAll(refs: readonly KickoffRef[], { inputs, ...fields }: KnownRunData = {}): Promise<readonly Kickoff[]> {
    const now = this.parts.clock.now();
    const newKickoffs = refs.map((ref, index) => ({ ...newKickoff(ref, now + index), ...(index === 0 && fields) }));
    const kickoffs = await this.parts.store.addKickoffs(newKickoffs, inputs);
    this.showNew(kickoffs);
    // The first run is highlighted, so it is polled first.
    if (kickoffs.length > 1) this.parts.poller.pollNow(kickoffs.slice(0, 1));
    return kickoffs;
  }

  showNew(kickoffs: readonly Kickoff[]): void {
    this.parts.board.putAll(kickoffs);
    this.#listEmitter.fire('changed');
    this.parts.poller.pollNow(kickoffs);
  }

  async move(ref: KickoffRef, deployment: DeploymentKey): Promise<Kickoff> {
    const movedRun = await this.parts.store.moveKickoff(ref, deployment, this.parts.clock.now());
    await this.#showListChange(1);
    this.parts.poller.pollNow([movedRun]);
    return movedRun;
  }

  /** Changes a deployment, and polls its runs if its URL changed. Returns false if the deployment doesn't exist. */
  async changeDeployment({ key, url }: Deployment, change: DeploymentChange): Promise<boolean> {
    const hasNewUrl = change.url !== undefined && change.url !== url;
    const datedChange = { ...change, ...(hasNewUrl && { urlSince: this.parts.clock.now() }) };
    const changedDeployment = await this.parts.store.changeDeployment(key, datedChange).finally(() => this.#listEmitter.fire('changed'));
    if (!changedDeployment) return false;
    this.parts.board.putDeployment(changedDeployment);
    if (hasNewUrl) this.parts.poller.pollNow(this.parts.board.kickoffsOf(changedDeployment));
    return true;
  }

  async remove(target: readonly Removable[] | DeploymentKey): Promise<number> {
    return this.#showListChange(await this.parts.store.remove(target, this.parts.clock.now()));
  }

  async removeOld(kickoffs: readonly KickoffRef[]): Promise<number> {
    const count = await this.parts.store.removeOld(kickoffs, this.parts.clock.now());
    return count === 0 ? 0 : this.#showListChange(count);
  }

  async #showListChange(count: number): Promise<number> {
    this.#listEmitter.fire('changed');
    await this.loadChanges();
    return count;
  }

  /** Restores removed runs, starts, or a deployment; without `target`, undoes the last removal. Returns false if nothing was restored. */
  async undoRemove(target?: readonly Removable[] | DeploymentKey): Promise<boolean> {
    const count = await this.#showListChange(await this.parts.store.undoRemove(target));
    // Takes the lease, so that restored runs are polled. An idle leader sends no heartbeats, so no window notices if it is gone.
    this.parts.poller.pollNow([]);
    return count > 0;
  }

  /** Deletes everything that was removed more than seven days ago, with its tokens. Keeps a deployment whose token can't be deleted. */
  async purge(deleteTokens: DeleteTokens): Promise<void> {
    await this.parts.store.purge(this.parts.clock.now() - undoPeriodMs, deleteTokens);
  }

  /** Deletes all data, tokens first, because only the history has their URLs. Keeps and returns the URLs whose tokens can't be deleted. */
  async deleteAll(deleteTokens: DeleteTokens): Promise<readonly DeploymentUrl[]> {
    const urls = await this.parts.store.urls();
    const urlsWithoutToken = new Set(await deleteTokens(urls));
    this.#listEmitter.fire('forgetting');
    const keptUrls = urls.filter((url) => !urlsWithoutToken.has(url));
    const deletedUrls = await this.parts.store.deleteAll(keptUrls).finally(() => this.#listEmitter.fire('changed'));
    // Another window may have added a deployment meanwhile.
    await deleteTokens(deletedUrls.filter((url) => !urlsWithoutToken.has(url)));
    return keptUrls;
  }

  /** Reloads the history, and erases deleted data from the disk. */
  async vacuum(): Promise<void> {
    await Promise.all([this.load(), this.parts.store.vacuum()]);
  }

  /** Sets the label of a run. An empty text removes the label. */
  async rename(ref: KickoffRef, label: string): Promise<void> {
    await this.#changeRuns([ref], ({ label: _, ...kickoff }) => (label === '' ? kickoff : { ...kickoff, label }));
  }

  async setMuted(refs: readonly KickoffRef[], isMuted: boolean): Promise<void> {
    await this.#changeRuns(refs, ({ isMuted: _, ...kickoff }) => (isMuted ? { ...kickoff, isMuted } : kickoff));
  }

  /** Marks runs as read. Writes nothing for runs that the board doesn't show as unread. */
  async markRead(refs: readonly KickoffRef[]): Promise<void> {
    const unreadRefs = refs.filter((ref) => this.parts.board.kickoff(ref)?.isUnread);
    if (unreadRefs.length > 0) await this.#changeRuns(unreadRefs, ({ isUnread: _, ...kickoff }) => kickoff);
  }

  async #changeRuns(refs: readonly KickoffRef[], change: (stored: Kickoff) => Kickoff): Promise<void> {
    this.parts.board.putAll(await this.parts.store.changeKickoffs(refs, change));
  }
}
