import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import { isSettled, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { historyOf, type RunHistory } from '#core/kickoff/runHistory';
import { notSavedBecause, reachOf, type Trouble } from '#core/kickoff/trouble';
import { Emitter } from '#core/lib/event';
import type { Event } from '#core/lib/types';
import type { HostHealth } from '#core/polling/hostHealth';
import type { BoardChange, KickoffList } from './kickoffList';
import { sortKickoffs, type SortedKickoffs } from './sortKickoffs';

/** One text that names a run. */
export function keyOf({ deployment, id }: KickoffRef): string {
  return `${deployment}/${id}`;
}

/** This window's picture of all deployments and kickoffs: what every surface shows. */
export class Board implements KickoffList {
  #deployments: readonly Deployment[] = [];
  readonly #kickoffs = new Map<string, Kickoff>();
  /** Computed when it is wanted, and again after a run of that deployment came to its end. */
  readonly #histories = new Map<DeploymentKey, RunHistory>();
  /** Runs of which something was heard that could not be stored. Held in memory alone: it could not be stored either. */
  readonly #unsaved = new Map<string, Trouble>();
  /** Put in order when it is wanted, and again after a change: every surface asks after each. */
  #inOrder: SortedKickoffs | undefined;
  readonly #changed: Emitter<BoardChange>;

  readonly onDidChange: Event<BoardChange>;

  /** What cannot be drawn is told to `failed`, and keeps nothing from being asked, stored or told. */
  constructor(
    private readonly health: HostHealth,
    failed?: (error: unknown) => void,
  ) {
    this.#changed = new Emitter(failed);
    this.onDidChange = this.#changed.event;
    health.onDidChange((origins) => this.#changed.fire({ kickoffs: this.#openAt(origins), moved: [], isFullReload: false }));
  }

  get deployments(): readonly Deployment[] {
    return this.#deployments;
  }

  /** Every run that is not removed, newest first. */
  get kickoffs(): readonly Kickoff[] {
    return this.#ordered().all;
  }

  deployment(key: DeploymentKey): Deployment | undefined {
    return this.#deployments.find((deployment) => deployment.key === key);
  }

  kickoff(ref: KickoffRef): Kickoff | undefined {
    return this.#kickoffs.get(keyOf(ref));
  }

  /** A deployment's runs: open ones first, then the newest. */
  kickoffsOf({ key }: Deployment): readonly Kickoff[] {
    return this.#ordered().of.get(key) ?? [];
  }

  #ordered(): SortedKickoffs {
    this.#inOrder ??= sortKickoffs(this.#kickoffs.values());
    return this.#inOrder;
  }

  /** How the last runs of a deployment went. */
  historyOf(key: DeploymentKey): RunHistory {
    const known = this.#histories.get(key);
    if (known) return known;
    const history = historyOf([...this.#kickoffs.values()].filter(({ deployment }) => deployment === key));
    this.#histories.set(key, history);
    return history;
  }

  /** Why a run cannot be heard, whether the cause is its own, its deployment's or its host's; or why what was heard last is not shown. */
  troubleOf(kickoff: Kickoff): Trouble | undefined {
    if (isSettled(kickoff.phase)) return undefined;
    const deployment = this.deployment(kickoff.deployment);
    return (deployment && this.health.troubleOf(deployment)) ?? this.#unsaved.get(keyOf(kickoff)) ?? kickoff.trouble;
  }

  /** Returns the problem that only this run has. A problem of its deployment or host is shown once, by the deployment's row. */
  ownTroubleOf(kickoff: Kickoff): Trouble | undefined {
    if (isSettled(kickoff.phase)) return undefined;
    const own = this.#unsaved.get(keyOf(kickoff)) ?? kickoff.trouble;
    if (!own || !['run', 'none'].includes(reachOf(own.kind))) return undefined;
    const deployment = this.deployment(kickoff.deployment);
    return deployment && this.health.troubleOf(deployment)?.kind === own.kind ? undefined : own;
  }

  /** Why history cannot be saved, as long as some open run waits for that; undefined when it can. */
  get unsaved(): Trouble | undefined {
    const isWaiting = (kickoff: Kickoff | undefined): boolean => kickoff !== undefined && !isSettled(kickoff.phase);
    return [...this.#unsaved].find(([key]) => isWaiting(this.#kickoffs.get(key)))?.[1];
  }

  /** What was heard of a run could not be stored. */
  notSaved(ref: KickoffRef, error: unknown): void {
    this.#unsaved.set(keyOf(ref), notSavedBecause(error));
    this.#notify(ref);
  }

  /** What was heard of a run is stored. */
  saved(ref: KickoffRef): void {
    if (this.#unsaved.delete(keyOf(ref))) this.#notify(ref);
  }

  troubleOfDeployment(deployment: Deployment): Trouble | undefined {
    return this.health.troubleOf(deployment);
  }

  #notify(ref: KickoffRef): void {
    const kickoff = this.kickoff(ref);
    if (kickoff) this.#changed.fire({ kickoffs: [kickoff], moved: [], isFullReload: false });
  }

  #openAt(origins: readonly string[]): readonly Kickoff[] {
    const keys = new Set(this.#deployments.filter(({ url }) => origins.includes(originOf(url))).map(({ key }) => key));
    return this.kickoffs.filter(({ phase, deployment }) => !isSettled(phase) && keys.has(deployment));
  }

  /** Shows what the store holds. */
  show(deployments: readonly Deployment[], kickoffs: readonly Kickoff[]): void {
    const before = new Map(this.#kickoffs);
    const isFullReload = JSON.stringify(this.#deployments) !== JSON.stringify(deployments);
    this.#deployments = deployments;
    this.#inOrder = undefined;
    this.#kickoffs.clear();
    this.#histories.clear();
    for (const kickoff of kickoffs) this.#kickoffs.set(keyOf(kickoff), newest(before.get(keyOf(kickoff)), kickoff));
    const gone = [...before.values()].filter((kickoff) => !this.#kickoffs.has(keyOf(kickoff)));
    const changed = this.kickoffs.filter((kickoff) => isOther(before.get(keyOf(kickoff)), kickoff));
    const moved = [...gone, ...changed.filter((kickoff) => moves(before.get(keyOf(kickoff)), kickoff))];
    if (!isFullReload && moved.length === 0 && changed.length === 0) return;
    this.#changed.fire({ kickoffs: changed, moved: [...new Set(moved.map(({ deployment }) => deployment))], isFullReload });
  }

  /** Shows what became of some runs; removed ones leave the board. True when something came or went, or left the open runs. */
  merge(deployments: readonly Deployment[], kickoffs: readonly Kickoff[]): boolean {
    const isFullReload = JSON.stringify(this.#deployments) !== JSON.stringify(deployments);
    if (isFullReload) this.#deployments = deployments;
    return this.#putAll(kickoffs, isFullReload);
  }

  /** A deployment that is new, or has another label. */
  putDeployment(deployment: Deployment): void {
    this.#deployments = [...this.#deployments.filter(({ key }) => key !== deployment.key), deployment].sort((a, b) => a.key - b.key);
    this.#changed.fire({ kickoffs: [], moved: [], isFullReload: true });
  }

  /** A run as the store has it now; a removed one leaves the board. True when it came, went, or left the open ones. */
  put(kickoff: Kickoff): boolean {
    return this.#putAll([kickoff], false);
  }

  /** Tells once, of all: every surface looks at the whole list each time. */
  #putAll(read: readonly Kickoff[], isFullReload: boolean): boolean {
    const changed: Kickoff[] = [];
    const moved = new Set<DeploymentKey>();
    for (const one of read) {
      const before = this.#kickoffs.get(keyOf(one));
      if (!before && one.removedAt !== undefined) continue;
      const kickoff = newest(before, one);
      if (kickoff.removedAt !== undefined) this.#kickoffs.delete(keyOf(kickoff));
      else this.#kickoffs.set(keyOf(kickoff), kickoff);

      const hasMoved = moves(before, kickoff);
      if (hasMoved) moved.add(kickoff.deployment);
      if (hasMoved || isOther(before, kickoff)) changed.push(kickoff);
    }
    this.#inOrder = undefined;
    for (const key of moved) this.#histories.delete(key);
    if (isFullReload || changed.length > 0) this.#changed.fire({ kickoffs: changed, moved: [...moved], isFullReload });
    return isFullReload || moved.size > 0;
  }
}

/** Whether a run comes, goes, or leaves the open ones. */
function moves(before: Kickoff | undefined, after: Kickoff): boolean {
  return !before || after.removedAt !== undefined || isSettled(before.phase) !== isSettled(after.phase);
}

/** What was read before the end was seen is older than the end. */
function newest(before: Kickoff | undefined, read: Kickoff): Kickoff {
  return before && isSettled(before.phase) && !isSettled(read.phase) && read.removedAt === undefined ? before : read;
}

function isOther(before: Kickoff | undefined, after: Kickoff): boolean {
  return before !== after && (!before || JSON.stringify(before) !== JSON.stringify(after));
}
