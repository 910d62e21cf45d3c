import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { RunHistory } from '#core/kickoff/runHistory';
import type { Trouble } from '#core/kickoff/trouble';
import type { Event } from '#core/lib/types';

export interface BoardChange {
  readonly kickoffs: readonly Kickoff[];
  /** Deployments with added, removed, or newly finished runs. */
  readonly reordered: readonly DeploymentKey[];
  /** Whether deployments were added, removed, or changed. */
  readonly haveDeploymentsChanged: boolean;
}

/** Read access to the deployments and runs of this window. */
export interface KickoffList {
  readonly onDidChange: Event<BoardChange>;
  readonly deployments: readonly Deployment[];
  /** All runs that aren't removed, newest first. */
  readonly kickoffs: readonly Kickoff[];
  /** The problem that prevents saving the history; undefined if no active run has an unsaved response. */
  readonly unsaved: Trouble | undefined;
  deployment(key: DeploymentKey): Deployment | undefined;
  kickoff(ref: KickoffRef): Kickoff | undefined;
  /** Returns a deployment's runs: the active runs, then the finished runs, each newest first. */
  kickoffsOf(deployment: Deployment): readonly Kickoff[];
  /** Returns the durations of a deployment's newest runs that succeeded or failed. */
  historyOf(key: DeploymentKey): RunHistory;
  /** Returns the problem of an active run: of its deployment or host, or else of the run. Undefined for a finished run. */
  troubleOf(kickoff: Kickoff): Trouble | undefined;
  /** Returns an active run's own problem, unless its deployment or host has a problem of the same kind. */
  ownTroubleOf(kickoff: Kickoff): Trouble | undefined;
  troubleOfDeployment(deployment: Deployment): Trouble | undefined;
}

/** Returns the runs of the same deployment that were tracked before a run, newest first. */
export function earlierRuns({ kickoffs }: Pick<KickoffList, 'kickoffs'>, { deployment, trackedAt }: Kickoff): readonly Kickoff[] {
  return kickoffs.filter((one) => one.deployment === deployment && one.trackedAt < trackedAt);
}
