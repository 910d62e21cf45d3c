import type { KickoffList } from '#core/history/kickoffList';
import type { Store } from '#core/history/store';
import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import { needsToken } from '#core/kickoff/trouble';

export interface TokenRejectionsParts {
  readonly board: Pick<KickoffList, 'deployments' | 'troubleOfDeployment'>;
  readonly store: Pick<Store, 'claimRejection' | 'claimLostToken' | 'forgetRejection'>;
  readonly notify: (deployment: Deployment, isTokenLost: boolean) => void;
  readonly onError: (error: unknown) => void;
}

/** Notifies once, over all windows, of each token that a deployment rejected, and of each token that VS Code lost. */
export class TokenRejections {
  readonly #claimedKeys = new Set<DeploymentKey>();
  /** Deployments with a new token that no response has rejected. A rejection on the board is about the old token. */
  readonly #uncheckedKeys = new Set<DeploymentKey>();
  /** The last claim or release. The next one waits for it, so that the store gets them in order. */
  #lastWork: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: TokenRejectionsParts) {}

  onTokenChange({ key }: Deployment): void {
    this.#uncheckedKeys.add(key);
    this.#release(key);
  }

  recordRejection(key: DeploymentKey): void {
    this.#uncheckedKeys.delete(key);
  }

  updateClaims(): void {
    for (const deployment of this.parts.board.deployments) {
      const { key } = deployment;
      const kind = this.parts.board.troubleOfDeployment(deployment)?.kind;
      const hasNoGoodToken = kind !== undefined && needsToken(kind);
      if (!hasNoGoodToken && this.#claimedKeys.has(key)) this.#release(key);
      if (hasNoGoodToken && !this.#claimedKeys.has(key) && !this.#uncheckedKeys.has(key)) this.#claim(deployment, kind === 'noToken');
    }
  }

  #claim(deployment: Deployment, isTokenLost: boolean): void {
    const { store, notify } = this.parts;
    const { key } = deployment;
    this.#claimedKeys.add(key);
    this.#enqueue(async () => {
      try {
        if (await (isTokenLost ? store.claimLostToken(key) : store.claimRejection(key))) notify(deployment, isTokenLost);
      } catch (error) {
        this.#claimedKeys.delete(key);
        throw error;
      }
    });
  }

  #release(key: DeploymentKey): void {
    this.#claimedKeys.delete(key);
    this.#enqueue(() => this.parts.store.forgetRejection(key));
  }

  #enqueue(work: () => Promise<unknown>): void {
    this.#lastWork = this.#lastWork.then(work).catch(this.parts.onError);
  }
}
