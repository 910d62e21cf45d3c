import type { DeploymentUrl } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import type { Tokens } from '#core/polling/ports';

/** Read and write access to tokens. */
export interface TokenStore extends Tokens {
  set(url: DeploymentUrl, token: string): Promise<void>;
  delete(url: DeploymentUrl): Promise<void>;
}

/** The old and the new URL of a deployment. */
interface UrlChange {
  readonly from: DeploymentUrl;
  readonly to: DeploymentUrl;
}

/**
 * Changes the URL of a deployment with `change`. Moves the token if the origin stays the same, and otherwise deletes the token. If `change`
 * fails, restores the token. Deletes the token before the change, and stores it after the change. So each stored token has the URL of a
 * deployment at any time, even if VS Code ends in between.
 */
export async function changeUrlWithToken(tokens: TokenStore, { from, to }: UrlChange, change: () => Promise<void>): Promise<void> {
  if (from === to) return change();
  const token = await tokens.get(from);
  if (token !== undefined) await tokens.delete(from);
  try {
    await change();
  } catch (error) {
    if (token !== undefined) await tokens.set(from, token);
    throw error;
  }
  if (token !== undefined && originOf(from) === originOf(to)) await tokens.set(to, token);
}
