import { canonicalUrl, originOf, type Deployment, type DeploymentUrl } from './deployment';
import type { Trouble } from './trouble';

/** Where a deployment says that it is now, as far as that can be proposed: another origin, and one that no one on the way can read. */
export function movedTo({ url }: Deployment, trouble: Trouble | undefined): DeploymentUrl | undefined {
  const target = trouble?.kind === 'moved' ? canonicalUrl(trouble.says ?? '') : undefined;
  return target?.startsWith('https:') && originOf(target) !== originOf(url) ? target : undefined;
}
