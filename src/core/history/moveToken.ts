import type { DeploymentUrl, Tokens } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';

export interface TokenStore extends Tokens {
  set(url: DeploymentUrl, token: string): Promise<void>;
  delete(url: DeploymentUrl): Promise<void>;
}

type UrlChange = Readonly<Record<'from' | 'to', DeploymentUrl>>;

/** Changes a deployment's URL. Keeps its token only if the origin stays the same or the change fails. */
export async function changeUrlWithToken(tokens: TokenStore, { from, to }: UrlChange, change: () => Promise<void>): Promise<void> {
  const token = from === to ? undefined : await tokens.get(from);
  if (token === undefined) return change();
  // Deletes the token first, so that no token stays at a URL without a deployment if this window closes meanwhile.
  await tokens.delete(from);
  try {
    await change();
  } catch (error) {
    await tokens.set(from, token);
    throw error;
  }
  if (originOf(from) === originOf(to)) await tokens.set(to, token);
}
