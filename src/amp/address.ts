import { originOf, parsedUrl, type DeploymentUrl } from '../core/deployment';

/**
 * The address of a route below a deployment's base, its parts percent-encoded.
 *
 * Undefined when the parsed address is not exactly what was put together (`..` survives encoding): nothing may be sent there.
 */
export function address(base: DeploymentUrl, parts: readonly string[]): URL | undefined {
  const parsedBase = parsedUrl(base);
  if (!parsedBase || !parts.every((part) => part !== '' && part.isWellFormed())) return undefined;

  const wanted = [originOf(base) + parsedBase.pathname.replace(/\/+$/, ''), ...parts.map(encodeURIComponent)].join('/');
  const url = parsedUrl(wanted);
  return url?.href === wanted && url.origin === originOf(base) ? url : undefined;
}
