import type { Kickoff } from '#core/kickoff/kickoff';
import type { Board } from './board';

/** Read access to the deployments and runs of this window. Commands may add notes. */
export type KickoffList = Omit<Board, 'notSaved' | 'saved' | 'show' | 'showStarts' | 'putDeployment' | 'put' | 'putAll'>;

/** Returns the runs of the same deployment that were tracked before a run, newest first. */
export function earlierRuns({ kickoffs }: Pick<KickoffList, 'kickoffs'>, { deployment, trackedAt }: Kickoff): readonly Kickoff[] {
  return kickoffs.filter((one) => one.deployment === deployment && one.trackedAt < trackedAt);
}
