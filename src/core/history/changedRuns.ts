import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { keyOf } from './board';
import type { BoardChange, KickoffList } from './kickoffList';

/** Finds the runs that look different to other extensions after a change of the board. */
export class ChangedRuns {
  #deployments: ReadonlyMap<DeploymentKey, string>;

  constructor(private readonly board: KickoffList) {
    this.#deployments = textsOf(board.deployments);
  }

  /**
   * Returns the changed runs without removed ones. Adds all runs of changed deployments, since other extensions see label and URL with each
   * run. Must be called for each change.
   */
  of({ kickoffs, haveDeploymentsChanged }: BoardChange): readonly Kickoff[] {
    if (!haveDeploymentsChanged) return kickoffs.filter((one) => this.board.kickoff(one));
    const before = this.#deployments;
    this.#deployments = textsOf(this.board.deployments);
    const changed = new Set(kickoffs.map(keyOf));
    return this.board.kickoffs.filter(
      (one) => changed.has(keyOf(one)) || before.get(one.deployment) !== this.#deployments.get(one.deployment),
    );
  }
}

function textsOf(deployments: readonly Deployment[]): ReadonlyMap<DeploymentKey, string> {
  return new Map(deployments.map((deployment) => [deployment.key, JSON.stringify(deployment)]));
}
