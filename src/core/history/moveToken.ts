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
 * Changes the URL of a deployment with `change`. Moves the token if the origin stays the same, and otherwise deletes the token.
 * Sets the token at the new URL first. If `change` fails, restores the earlier token of the new URL. Deletes the old token last.
 */
export async function changeUrlWithToken(tokens: TokenStore, { from, to }: UrlChange, change: () => Promise<void>): Promise<void> {
  if (from === to) return change();
  const token = originOf(from) === originOf(to) ? await tokens.get(from) : undefined;
  const before = token === undefined ? undefined : await tokens.get(to);
  if (token !== undefined) await tokens.set(to, token);
  try {
    await change();
  } catch (error) {
    if (token !== undefined) await (before === undefined ? tokens.delete(to) : tokens.set(to, before));
    throw error;
  }
  await tokens.delete(from);
}
