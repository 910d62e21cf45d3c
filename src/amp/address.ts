import { originOf, type DeploymentUrl } from '../core/deployment';

/**
 * The address of a route below a deployment's base, its parts percent-encoded.
 *
 * Undefined when the parsed address is not exactly what was put together (`..` survives encoding): nothing may be sent there.
 */
export function address(base: DeploymentUrl, parts: readonly string[]): URL | undefined {
  if (!URL.canParse(base) || !parts.every((part) => part !== '' && part.isWellFormed())) return undefined;

  const { pathname } = new URL(base);
  const wanted = [originOf(base) + pathname.replace(/\/+$/, ''), ...parts.map(encodeURIComponent)].join('/');
  const url = URL.canParse(wanted) ? new URL(wanted) : undefined;
  return url?.href === wanted && url.origin === originOf(base) ? url : undefined;
}
