import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { keyOf, type BoardChange } from './board';
import type { KickoffList } from './kickoffList';

export class ChangedRuns {
  #deployments: ReadonlyMap<DeploymentKey, string>;

  constructor(private readonly board: KickoffList) {
    this.#deployments = textsOf(board.deployments);
  }

  /** Returns the changed runs, and all runs of changed deployments, since other extensions see label and URL with each run. */
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
