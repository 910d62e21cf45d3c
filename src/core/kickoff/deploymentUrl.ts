import type { Deployment, DeploymentUrl } from './deployment';
import type { Trouble } from './trouble';

/** No address is longer; what is matched below takes time by the square of the length. */
const longest = 2_000;

const routes = /\/(?:kickoff|inputs|resume|status(?:\/[^/]*)?|stop(?:\/[^/]*)?|[^/]+\/status)\/*$/;

/**
 * The base URL that a pasted address means, or undefined when it is none.
 * A known route at its end is cut; host in lower-case ASCII; no default port, userinfo, query, fragment or trailing slash; a base path stays.
 */
export function canonicalUrl(text: string): DeploymentUrl | undefined {
  const url = parsed(text);
  if (!url) return undefined;

  const path = withoutRoutes(url.pathname);
  return (url.origin + path) as DeploymentUrl;
}

/** The dashboard's own address, which people paste instead of the deployment's. */
export function isDashboard(url: DeploymentUrl): boolean {
  return new URL(url).hostname === 'app.crewai.com';
}

/** Whether what is sent there can be read on the way: `http:` to another machine. */
export function isUnencrypted(url: DeploymentUrl): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLoopback(hostname);
}

/** The label that is proposed: the host's first part without the hex digits that AMP adds. */
export function proposedLabel(url: DeploymentUrl): string {
  const { hostname } = new URL(url);
  if (isNumber(hostname)) return hostname;
  const [first = hostname] = hostname.split('.');
  return first.replace(/-[0-9a-f]{8}$/, '') || hostname;
}

/** Returns a function that adds a number to a label that is taken. It continues with the last number, since a file may contain thousands of equal labels. */
export function uniqueLabels(deployments: readonly Deployment[]): (proposed: string) => string {
  const taken = new Set(deployments.map(({ label }) => label));
  const lastOf = new Map<string, number>();
  return (proposed) => {
    let label = proposed;
    let count = lastOf.get(proposed) ?? 1;
    while (taken.has(label)) label = `${proposed} ${++count}`;
    lastOf.set(proposed, count);
    taken.add(label);
    return label;
  };
}

/** The origin of a deployment: what shares its health and what a token is kept to. Empty for a stored URL that was damaged. */
export function originOf(url: DeploymentUrl): string {
  return originAndHost(url).origin;
}

/** The name or number of a deployment's host. Empty for a stored URL that was damaged. */
export function hostOf(url: DeploymentUrl): string {
  return originAndHost(url).hostname;
}

/** Asked for each deployment at each answer, in each window: to read the few there are again and again was a tenth of the work. */
const originsAndHosts = new Map<DeploymentUrl, Pick<URL, 'origin' | 'hostname'>>();

function originAndHost(url: DeploymentUrl): Pick<URL, 'origin' | 'hostname'> {
  const known = originsAndHosts.get(url);
  if (known) return known;
  const { origin = '', hostname = '' } = parsedUrl(url) ?? {};
  const place = { origin, hostname };
  originsAndHosts.set(url, place);
  return place;
}

function withoutRoutes(path: string): string {
  const shorter = withoutSlashes(path.replace(routes, ''));
  return shorter === path ? path : withoutRoutes(shorter);
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}

/** Whether a host is given by its number, which needs no look-up. */
export function isNumber(hostname: string): boolean {
  return /^[\d.]+$|^\[/.test(hostname);
}

/** Whether a host is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127(\.\d+){3}$/.test(hostname) || hostname === '[::1]';
}

function parsed(text: string): URL | undefined {
  const trimmed = text.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  const url = /\s/.test(withScheme) || withScheme.length > longest ? undefined : parsedUrl(withScheme);
  if (!url) return undefined;

  const isNamed = /[^\d.]/.test(url.hostname) ? /\.|^localhost$|^\[/.test(url.hostname) : trimmed.includes(url.hostname);
  const isHost = (isNamed && /[^.]/.test(url.hostname)) || withScheme === trimmed;
  return isHost && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined;
}

/** Undefined when it is none. `URL.canParse` of Node 20 and 22 denies addresses that are not ASCII once V8 has optimised it. */
export function parsedUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** Where a deployment says that it is now, as far as that can be proposed: another origin, and one that no one on the way can read. */
export function redirectTarget({ url }: Deployment, trouble: Trouble | undefined): DeploymentUrl | undefined {
  const target = trouble?.kind === 'moved' ? canonicalUrl(trouble.detail ?? '') : undefined;
  return target?.startsWith('https:') && originOf(target) !== originOf(url) ? target : undefined;
}
