import { isCutUuid, isStandIn, isUuid, uuidPattern } from './captureText';
import { canonicalUrl, isDashboard, type DeploymentUrl } from './deployment';
import { kickoffId, type KickoffId } from './kickoffId';

/** What an address says: the deployment and the run that it names. */
export interface Route {
  readonly base?: DeploymentUrl;
  readonly id?: KickoffId;
  /** The id could also be an ordinary word of the path. */
  readonly isDoubtful?: boolean;
}

/** No address is longer. */
const longest = 2_000;

const deploymentHost = /-[0-9a-f]{8}\.crewai\.com$/i;
const startingUuid = new RegExp(`^${uuidPattern}`);
const foreignHost = /^(?:www\.|mobile\.)?(?:x|twitter)\.com$/i;

/** Reads one address, with or without its host; undefined when it is none of a deployment. */
export function routeOf(part: string): Route | undefined {
  if (part.length > longest) return undefined;
  const scheme = /^https?:\/\//i.exec(part)?.[0] ?? '';
  const rest = scheme ? part.slice(scheme.length) : part.slice(part.lastIndexOf('=') + 1);
  const segments = trimmedEnd(rest.split(/[?#]/, 1)[0] ?? '', '.,:;!*_~&=+@/').split('/');
  const [host = '', ...path] = segments;
  if (foreignHost.test(host) || path.some((one) => one.startsWith('@'))) return undefined;

  const { id, isDoubtful, length } = namedIn(segments);
  if (id) return { id, ...baseOf(scheme, segments.slice(0, length)), ...(isDoubtful && { isDoubtful }) };
  if (scheme && callsAt(segments.length - 1, segments)) return baseOf(scheme, segments);
  if (scheme && callsAt(segments.length - 2, segments)) return baseOf(scheme, segments.slice(0, -2));
  return deploymentHost.test(host) ? baseOf(scheme, segments) : undefined;
}

interface Named extends Omit<Route, 'base'> {
  /** How many segments the base has. */
  readonly length: number;
}

/** The run that a path names: a UUID beside a route, else what ends the path behind `status` or `stop`. */
function namedIn(segments: readonly string[]): Named {
  const route = segments.findLastIndex((one, index) => /^(?:status|stop|kickoff)$/.test(one) && isUuid(segments[index + 1] ?? ''));
  const last = segments.at(-1) ?? '';
  if (route >= 0) return { ...named(segments[route + 1] ?? ''), length: route };
  if (last === 'status' && isUuid(segments.at(-2) ?? '')) return { ...named(segments.at(-2) ?? ''), length: segments.length - 2 };
  if (/^(?:status|stop)$/.test(segments.at(-2) ?? '')) return { ...named(last), length: segments.length - 2 };
  return segments.length === 2 && isUuid(last) ? { ...named(last), isDoubtful: true, length: 1 } : { length: 0 };
}

function callsAt(index: number, segments: readonly string[]): boolean {
  return /^(?:kickoff|inputs|resume|status)$/.test(segments[index] ?? '');
}

function baseOf(scheme: string, segments: readonly string[]): { readonly base?: DeploymentUrl } {
  const url = canonicalUrl(scheme + segments.join('/'));
  return url && !isDashboard(url) ? { base: url } : {};
}

/** An id that is no UUID needs letters and digits; else it is as likely a word, a code or a version of something. */
function named(segment: string): Omit<Named, 'length'> {
  const whole = decoded(segment);
  const uuid = startingUuid.exec(whole)?.[0] ?? whole;
  const id = kickoffId(uuid);
  if (!id || isStandIn(id) || /^v?\d{1,3}$/.test(id)) return {};
  const isSure = uuid === whole && /\d/.test(id) && /[a-z]/i.test(id) && !isCutUuid(id) && !/\.[a-z]{1,5}$/i.test(id);
  return { id, isDoubtful: !isSure };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function trimmedEnd(text: string, signs: string): string {
  let end = text.length;
  while (end > 0 && signs.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
