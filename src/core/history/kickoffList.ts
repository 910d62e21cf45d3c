import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Board, BoardChange } from './board';

/** Read access to this window's deployments, runs, and starts. The only change that it permits is `showNote`. */
export type KickoffList = Omit<Board, 'markUnsaved' | 'markSaved' | 'show' | 'showStarts' | 'putDeployment' | 'putAll'>;

/** Returns the changed runs that aren't removed, and all runs of changed deployments, because the API's runs contain the label and URL. */
export function changedRuns(board: KickoffList, { kickoffs, changedKeys }: BoardChange): readonly Kickoff[] {
  const others = kickoffs.filter((one) => !changedKeys.includes(one.deployment) && board.kickoff(one));
  return [...others, ...changedKeys.flatMap((key) => board.kickoffsOf({ key }))];
}

/** Returns the runs of the same deployment that were tracked before a run, newest first. */
export function earlierRuns({ kickoffs }: Pick<KickoffList, 'kickoffs'>, { deployment, trackedAt }: Kickoff): readonly Kickoff[] {
  return kickoffs.filter((one) => one.deployment === deployment && one.trackedAt < trackedAt);
}

/** Returns the deployment with a URL, if it isn't removed. */
export function deploymentAt({ deployments }: Pick<KickoffList, 'deployments'>, url: DeploymentUrl | undefined): Deployment | undefined {
  return deployments.find((one) => one.url === url);
}

/** Returns the deployment with a URL in any spelling, or else with a label. */
export function deploymentByUrlOrLabel(board: Pick<KickoffList, 'deployments'>, urlOrLabel: string): Deployment | undefined {
  return deploymentAt(board, canonicalUrl(urlOrLabel)) ?? board.deployments.find(({ label }) => label === urlOrLabel);
}
