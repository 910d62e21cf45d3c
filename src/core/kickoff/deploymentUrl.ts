import { trimEnd } from '#core/lib/trimEnd';
import type { Deployment, DeploymentUrl } from './deployment';
import type { Trouble } from './trouble';

/** The maximum length of a URL, because matching `routePattern` takes quadratic time. */
const maxUrlLength = 2_000;

const routePattern = /\/(?:kickoff|inputs|resume|status(?:\/[^/]*)?|stop(?:\/[^/]*)?|[^/]+\/status)\/*$/;

/** Returns a text's base URL, without known routes, query, and credentials. Adds a missing `https://`. Undefined for invalid URLs. */
export function canonicalUrl(text: string): DeploymentUrl | undefined {
  const url = httpUrl(text);
  return url && ((url.origin + withoutRoutes(url.pathname)) as DeploymentUrl);
}

/** Whether a URL belongs to the AMP dashboard, which isn't a deployment. Users sometimes paste such a URL. */
export function isDashboard(url: DeploymentUrl): boolean {
  return hostOf(url) === 'app.crewai.com';
}

/** Returns the URL of a deployment's page in AMP that a text contains; undefined if there is none. */
export function deploymentPageUrlIn(text: string): string | undefined {
  const [, deploymentNumber] = /(?<![\w.-])app\.crewai\.com\/crewai_plus\/deployments\/(\d{1,18})\b/i.exec(text) ?? [];
  return deploymentNumber === undefined ? undefined : `https://app.crewai.com/crewai_plus/deployments/${deploymentNumber}`;
}

/** Returns the URL of a deployment's page in AMP, or of the dashboard. Undefined if the page is unknown and the host isn't CrewAI's. */
export function deploymentPageUrl({ page, url }: Deployment): string | undefined {
  return page ?? (/(?:^|\.)crewai\.com$/.test(hostOf(url)) ? 'https://app.crewai.com' : undefined);
}

/** Returns a URL without user name and password. Adds a missing `https://`. Undefined if the URL isn't valid HTTP or HTTPS. */
export function canonicalPageUrl(text: string): string | undefined {
  const url = httpUrl(text);
  if (!url) return undefined;
  [url.username, url.password] = ['', ''];
  return url.href;
}

/** Whether requests to a URL can be read in transit: `http:` to another machine. */
export function isUnencrypted(url: DeploymentUrl): boolean {
  return url.startsWith('http:') && !isLoopback(hostOf(url));
}

/** Returns a label for a new deployment: the IP address, or the host name's first part without AMP's suffix, such as `-1a2b3c4d`. */
export function proposedLabel(url: DeploymentUrl): string {
  const hostname = hostOf(url);
  if (isIpAddress(hostname)) return hostname;
  const [firstPart = hostname] = hostname.split('.');
  return firstPart.replace(/-[0-9a-f]{8}$/, '') || hostname;
}

/** Returns a function that adds a number to a label in use. Remembers the last numbers, so that thousands of equal labels are fast. */
export function uniqueLabelMaker(deployments: readonly Deployment[]): (proposed: string) => string {
  const usedLabels = new Set(deployments.map(({ label }) => label));
  const lastNumbers = new Map<string, number>();
  return (proposed) => {
    let label = proposed;
    let number = lastNumbers.get(proposed) ?? 1;
    while (usedLabels.has(label)) label = `${proposed} ${++number}`;
    lastNumbers.set(proposed, number);
    usedLabels.add(label);
    return label;
  };
}

/** Returns the origin of a deployment's URL; empty if the stored URL is damaged. */
export function originOf(url: DeploymentUrl): string {
  return cachedUrl(url)?.origin ?? '';
}

export function hostOf(url: DeploymentUrl): string {
  return cachedUrl(url)?.hostname ?? '';
}

/** A cache, because parsing URLs each time would take a tenth of the extension's CPU time. */
const urlCache = new Map<DeploymentUrl, URL | undefined>();

function cachedUrl(url: DeploymentUrl): URL | undefined {
  if (!urlCache.has(url)) urlCache.set(url, parseUrl(url));
  return urlCache.get(url);
}

function withoutRoutes(path: string): string {
  const shorterPath = trimEnd(path.replace(routePattern, ''), /\//);
  return shorterPath === path ? path : withoutRoutes(shorterPath);
}

/** Returns the status URL of a run, which contains no secret. Users can paste the URL into Track Kickoff. */
export function statusUrl(deploymentUrl: string, id: string): string {
  return `${deploymentUrl}/status/${id}`;
}

/** Whether a host is an IP address, which needs no DNS lookup. */
export function isIpAddress(hostname: string): boolean {
  return /^[\d.]+$|^\[/.test(hostname);
}

/** Whether a host is this machine. Only these three, because VS Code sends requests to `crew.localhost` or `127.0.0.2` to a proxy. */
export function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function httpUrl(text: string): URL | undefined {
  const trimmed = text.trim();
  const urlText = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  const url = /\s/.test(urlText) || urlText.length > maxUrlLength ? undefined : parseUrl(urlText);
  if (!url) return undefined;

  const hasHostName = /[^\d.]/.test(url.hostname) ? /\.|^localhost$|^\[/.test(url.hostname) : trimmed.includes(url.hostname);
  const looksLikeUrl = (hasHostName && /[^.]/.test(url.hostname)) || urlText === trimmed;
  return looksLikeUrl && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined;
}

/** Parses a URL; returns undefined if it is invalid. */
export function parseUrl(text: string, base?: string): URL | undefined {
  return URL.parse(text, base) ?? undefined;
}

/** Returns the HTTPS URL at another origin that a deployment redirects to; undefined if there is none. */
export function redirectTarget({ url }: Deployment, trouble: Trouble | undefined): DeploymentUrl | undefined {
  const target = trouble?.kind === 'moved' ? canonicalUrl(trouble.detail ?? '') : undefined;
  return target?.startsWith('https:') && originOf(target) !== originOf(url) ? target : undefined;
}
