import type { DeploymentUrl } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import type { Tokens } from '#core/polling/ports';

/** Tokens as somebody sees them who may change them. */
export interface TokenStore extends Tokens {
  set(url: DeploymentUrl, token: string): Promise<void>;
  delete(url: DeploymentUrl): Promise<void>;
}

/** From where to where a deployment goes. */
interface UrlChange {
  readonly from: DeploymentUrl;
  readonly to: DeploymentUrl;
}

/**
 * Changes a deployment's address and takes its token along where the origin stays; the one at the old address goes last.
 * At the other address it is before the change, and where that fails all is as it was.
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
