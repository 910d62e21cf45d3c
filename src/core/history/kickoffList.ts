import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { RunHistory } from '#core/kickoff/runHistory';
import type { Trouble } from '#core/kickoff/trouble';
import type { Event } from '#core/lib/types';

/** A change of the board. */
export interface BoardChange {
  readonly kickoffs: readonly Kickoff[];
  /** Deployments with added, removed, or newly finished runs. */
  readonly reordered: readonly DeploymentKey[];
  /** Deployments were added, removed, or changed. */
  readonly haveDeploymentsChanged: boolean;
}

/** Read access to the deployments and runs of this window. */
export interface KickoffList {
  readonly onDidChange: Event<BoardChange>;
  readonly deployments: readonly Deployment[];
  /** All runs that aren't removed, the newest first. */
  readonly kickoffs: readonly Kickoff[];
  /** The problem that prevents saving the history, while an active run waits for that. */
  readonly unsaved: Trouble | undefined;
  deployment(key: DeploymentKey): Deployment | undefined;
  kickoff(ref: KickoffRef): Kickoff | undefined;
  /** Returns the runs of a deployment: the active ones first, then the newest. */
  kickoffsOf(deployment: Deployment): readonly Kickoff[];
  /** Returns the history of a deployment's last runs. */
  historyOf(key: DeploymentKey): RunHistory;
  /** Returns the problem of a run, or else of its deployment or host. */
  troubleOf(kickoff: Kickoff): Trouble | undefined;
  /** Returns the problem that only this run has. */
  ownTroubleOf(kickoff: Kickoff): Trouble | undefined;
  troubleOfDeployment(deployment: Deployment): Trouble | undefined;
}
