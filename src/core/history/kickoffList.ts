import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Board } from './board';

/** Read access to the deployments and runs of this window. Commands may add notes. */
export type KickoffList = Omit<Board, 'markUnsaved' | 'markSaved' | 'show' | 'showStarts' | 'putDeployment' | 'putAll'>;

/** Returns the runs of the same deployment that were tracked before a run, newest first. */
export function earlierRuns({ kickoffs }: Pick<KickoffList, 'kickoffs'>, { deployment, trackedAt }: Kickoff): readonly Kickoff[] {
  return kickoffs.filter((one) => one.deployment === deployment && one.trackedAt < trackedAt);
}

/** Returns the deployment with a URL, if it isn't removed. */
export function deploymentAt({ deployments }: Pick<KickoffList, 'deployments'>, url: DeploymentUrl | undefined): Deployment | undefined {
  return deployments.find((one) => one.url === url);
}

/** Returns the deployment with a URL in any spelling, or else with a label. */
export function namedDeployment(board: Pick<KickoffList, 'deployments'>, name: string): Deployment | undefined {
  return deploymentAt(board, canonicalUrl(name)) ?? board.deployments.find(({ label }) => label === name);
}
