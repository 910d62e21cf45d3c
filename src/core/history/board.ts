import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import { isSettled, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { durationsOf, type RunDurations } from '#core/kickoff/durations';
import { notSavedTrouble, scopeOf, type Trouble } from '#core/kickoff/trouble';
import { Emitter } from '#core/lib/event';
import type { Event } from '#core/lib/types';
import type { HostHealth } from '#core/polling/hostHealth';
import type { StartAttempt } from '#core/starts/attempt';

export function keyOf({ deployment, id }: KickoffRef): string {
  return `${deployment}/${id}`;
}

export interface BoardChange {
  readonly kickoffs: readonly Kickoff[];
  /** Deployments whose list of rows may have changed, for example after a run was added, removed, or finished. */
  readonly reorderedKeys: readonly DeploymentKey[];
  /** Deployments that were added, removed, or changed. */
  readonly changedKeys: readonly DeploymentKey[];
}

/** The stored deployments, runs, and unconfirmed starts, with problems and notes, as all views of this window show them. */
export class Board {
  #deployments: readonly Deployment[] = [];
  readonly #kickoffs = new Map<string, Kickoff>();
  #starts: readonly StartAttempt[] = [];
  readonly #notes = new Map<string, string>();
  /** A cache. A deployment's durations are deleted after one of its runs was added, removed, or finished. */
  readonly #durations = new Map<DeploymentKey, RunDurations>();
  /** Problems of runs whose last response couldn't be stored. The problems are only in memory, because the store can't be written. */
  readonly #saveTroubles = new Map<string, Trouble>();
  /** A cache of the sorted runs, because every view reads them after each change. `putAll` clears the cache. */
  #sortedCache: ReturnType<typeof sortKickoffs> | undefined;
  readonly #changeEmitter: Emitter<BoardChange>;

  readonly onDidChange: Event<BoardChange>;

  /** Passes errors of listeners to `onListenerError`, so that such an error doesn't stop polling, storing, or notifying. */
  constructor(
    private readonly health: HostHealth,
    onListenerError?: (error: unknown) => void,
  ) {
    this.#changeEmitter = new Emitter(onListenerError);
    this.onDidChange = this.#changeEmitter.event;
    health.onDidChange((origins) => this.#changeEmitter.fire({ ...this.#rowsAt(origins), changedKeys: [] }));
  }

  get deployments(): readonly Deployment[] {
    return this.#deployments;
  }

  /** All runs that aren't removed, newest first. */
  get kickoffs(): readonly Kickoff[] {
    return this.#sorted().all;
  }

  get hasActiveRuns(): boolean {
    return this.kickoffs.some(({ phase }) => !isSettled(phase));
  }

  deployment(key: DeploymentKey): Deployment | undefined {
    return this.#deployments.find((deployment) => deployment.key === key);
  }

  kickoff(ref: KickoffRef): Kickoff | undefined {
    return this.#kickoffs.get(keyOf(ref));
  }

  /** Returns a deployment's runs: the active runs, then the finished runs, each newest first. */
  kickoffsOf({ key }: Pick<Deployment, 'key'>): readonly Kickoff[] {
    return this.#sorted().byDeployment.get(key) ?? [];
  }

  /** All starts that AMP hasn't confirmed, oldest first. */
  get starts(): readonly StartAttempt[] {
    return this.#starts;
  }

  startOf(requestId: string): StartAttempt | undefined {
    return this.#starts.find((one) => one.requestId === requestId);
  }

  /** Returns the deployment's starts that AMP hasn't confirmed, oldest first. */
  startsOf({ key }: Deployment): readonly StartAttempt[] {
    return this.#starts.filter(({ deployment }) => deployment === key);
  }

  /** Returns the text of `showNote` for a run; undefined after the next stored response. */
  noteOf(ref: KickoffRef): string | undefined {
    return this.#notes.get(keyOf(ref));
  }

  #sorted(): ReturnType<typeof sortKickoffs> {
    this.#sortedCache ??= sortKickoffs(this.#kickoffs.values());
    return this.#sortedCache;
  }

  /** Returns the durations of a deployment's runs that succeeded or failed last. */
  durationsOf(key: DeploymentKey): RunDurations {
    const cachedDurations = this.#durations.get(key);
    if (cachedDurations) return cachedDurations;
    const durations = durationsOf([...this.#kickoffs.values()].filter(({ deployment }) => deployment === key));
    this.#durations.set(key, durations);
    return durations;
  }

  /** Returns an active run's problem: of its deployment, its host, or the network, or else its own. Undefined for a finished run. */
  troubleOf(kickoff: Kickoff): Trouble | undefined {
    if (isSettled(kickoff.phase)) return undefined;
    const deployment = this.deployment(kickoff.deployment);
    return (deployment && this.health.troubleOf(deployment)) ?? this.#saveTroubles.get(keyOf(kickoff)) ?? kickoff.trouble;
  }

  /** Returns an active run's own problem, unless its deployment or host has a problem of the same kind. */
  ownTroubleOf(kickoff: Kickoff): Trouble | undefined {
    if (isSettled(kickoff.phase)) return undefined;
    const ownTrouble = this.#saveTroubles.get(keyOf(kickoff)) ?? kickoff.trouble;
    if (!ownTrouble || !['run', 'none'].includes(scopeOf(ownTrouble.kind))) return undefined;
    const deployment = this.deployment(kickoff.deployment);
    return deployment && this.health.troubleOf(deployment)?.kind === ownTrouble.kind ? undefined : ownTrouble;
  }

  /** The problem that prevents saving the history; undefined if no active run has an unsaved response. */
  get saveTrouble(): Trouble | undefined {
    const isActive = (kickoff: Kickoff | undefined): boolean => kickoff !== undefined && !isSettled(kickoff.phase);
    return [...this.#saveTroubles].find(([key]) => isActive(this.#kickoffs.get(key)))?.[1];
  }

  markUnsaved(ref: KickoffRef, error: unknown): void {
    this.#saveTroubles.set(keyOf(ref), notSavedTrouble(error));
    this.#fireRunChange(ref);
  }

  markSaved(ref: KickoffRef): void {
    const hadNote = this.#notes.delete(keyOf(ref));
    if (this.#saveTroubles.delete(keyOf(ref)) || hadNote) this.#fireRunChange(ref);
  }

  /** Shows a translated text about the user's last command in the row of a run, until a response is stored. */
  showNote(ref: KickoffRef, text: string): void {
    this.#notes.set(keyOf(ref), text);
    this.#fireRunChange(ref);
  }

  troubleOfDeployment(deployment: Deployment): Trouble | undefined {
    return this.health.troubleOf(deployment);
  }

  #fireRunChange(ref: KickoffRef): void {
    const kickoff = this.kickoff(ref);
    if (kickoff) this.#changeEmitter.fire({ kickoffs: [kickoff], reorderedKeys: [], changedKeys: [] });
  }

  /** Returns the rows to redraw after a health change at these origins: their active runs, and their deployments without any runs. */
  #rowsAt(origins: readonly string[]): Pick<BoardChange, 'kickoffs' | 'reorderedKeys'> {
    const affectedDeployments = this.#deployments.filter(({ url }) => origins.includes(originOf(url)));
    const keys = new Set(affectedDeployments.map(({ key }) => key));
    return {
      kickoffs: this.kickoffs.filter(({ phase, deployment }) => !isSettled(phase) && keys.has(deployment)),
      reorderedKeys: affectedDeployments.filter((one) => this.kickoffsOf(one).length === 0).map(({ key }) => key),
    };
  }

  /** Replaces the board's deployments and runs with the stored ones. A run that the board shows as finished doesn't become active again. */
  show(deployments: readonly Deployment[], kickoffs: readonly Kickoff[]): void {
    const storedKeys = new Set(kickoffs.map(keyOf));
    const deletedRuns = [...this.#kickoffs.values()].filter((one) => !storedKeys.has(keyOf(one)));
    this.putAll([...kickoffs, ...deletedRuns.map((one) => ({ ...one, removedAt: 0 }))], deployments);
  }

  showStarts(starts: readonly StartAttempt[]): void {
    const before = this.#starts;
    if (JSON.stringify(before) === JSON.stringify(starts)) return;
    this.#starts = starts;
    const reorderedKeys = [...new Set([...before, ...starts].map(({ deployment }) => deployment))];
    this.#changeEmitter.fire({ kickoffs: [], reorderedKeys, changedKeys: [] });
  }

  putDeployment(deployment: Deployment): void {
    const others = this.#deployments.filter(({ key }) => key !== deployment.key);
    const sorted = [...others, deployment].sort((a, b) => a.key - b.key);
    this.putAll([], sorted);
  }

  /** Shows stored runs and deployments in one event. Returns whether a run was added, removed, or finished, or the deployments changed. */
  putAll(kickoffs: readonly Kickoff[], deployments = this.#deployments): boolean {
    const changedKeys = differentKeys(this.#deployments, deployments);
    if (changedKeys.length > 0) this.#deployments = deployments;
    const changedRuns: Kickoff[] = [];
    const reorderedKeys = new Set<DeploymentKey>();
    for (const one of kickoffs) {
      const key = keyOf(one);
      const before = this.#kickoffs.get(key);
      if (!before && one.removedAt !== undefined) continue;
      const kickoff = newerState(before, one);
      if (kickoff.removedAt !== undefined) this.#kickoffs.delete(key);
      else this.#kickoffs.set(key, kickoff);

      const isReordered = changesOrder(before, kickoff);
      if (isReordered) reorderedKeys.add(kickoff.deployment);
      if (isReordered || (before !== kickoff && JSON.stringify(before) !== JSON.stringify(kickoff))) changedRuns.push(kickoff);
    }
    this.#sortedCache = undefined;
    for (const key of reorderedKeys) this.#durations.delete(key);
    if (changedKeys.length > 0 || changedRuns.length > 0)
      this.#changeEmitter.fire({ kickoffs: changedRuns, reorderedKeys: [...reorderedKeys], changedKeys });
    return changedKeys.length > 0 || reorderedKeys.size > 0;
  }
}

/** Returns all runs newest first, and each deployment's runs with the active runs before the finished runs. */
function sortKickoffs(kickoffs: Iterable<Kickoff>) {
  const all = [...kickoffs].sort((one, other) => other.trackedAt - one.trackedAt);
  const activeFirst = [...all.filter(({ phase }) => !isSettled(phase)), ...all.filter(({ phase }) => isSettled(phase))];
  return { all, byDeployment: Map.groupBy(activeFirst, ({ deployment }) => deployment) };
}

/** Returns the keys of the deployments that only one of the lists contains, or that differ. */
function differentKeys(before: readonly Deployment[], after: readonly Deployment[]): readonly DeploymentKey[] {
  if (before === after) return [];
  const jsonSets = [before, after].map((list) => new Set(list.map((one) => JSON.stringify(one))));
  const differs = (one: Deployment): boolean => !jsonSets.every((set) => set.has(JSON.stringify(one)));
  return [...new Set([...before, ...after].filter(differs).map(({ key }) => key))];
}

function changesOrder(before: Kickoff | undefined, after: Kickoff): boolean {
  return !before || after.removedAt !== undefined || isSettled(before.phase) !== isSettled(after.phase);
}

/** Returns the state that was read from the store, unless a finished run would become active. A removal always counts. */
function newerState(before: Kickoff | undefined, stored: Kickoff): Kickoff {
  return before && isSettled(before.phase) && !isSettled(stored.phase) && stored.removedAt === undefined ? before : stored;
}
