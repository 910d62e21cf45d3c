import { canonicalUrl, isDashboard } from '#core/kickoff/deploymentUrl';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { trimEnd } from '#core/lib/trimEnd';
import { completeId, uuidSource, type FoundId } from './bareIds';

/** A deployment's URL in a text, with the ID if it is a status URL. The AMP dashboard isn't a deployment, so its `url` is undefined. */
export type FoundUrl = Omit<FoundId, 'id'> & Partial<Pick<FoundId, 'id'>>;

/** Matches a URL or a word, up to a quote, a bracket, or a comma. */
const urlOrWordPattern = /https?:\/\/(?:\[[\da-f:.]{2,45}\]|[\p{L}\p{N}.-]{1,253})[\w.~:/?#@!&+%=*…-]*|[\w.~:/?#@!&+%=*…-]+/giu;
const maxUrlLength = 2_000;

const leadingUuidPattern = new RegExp(`^${uuidSource}`);
const deploymentHostPattern = /-[0-9a-f]{8}\.crewai\.com$/i;
const statusUuidPattern = new RegExp(`^(.+)/status/(${uuidSource}[^/]*)`);
const idBeforeRoutePattern = /^(.+)\/([^/]+)\/status$/;
const idAfterRoutePattern = /^(.+)\/status\/([^/]*)$/;
const routeNamePattern = /^(?:kickoff|inputs|resume|status|stop)$/;
const routePattern = /\/(?:kickoff|inputs|resume|(?:status|stop)(?:\/[^/]*)?)$/;

/** Finds each status URL, and other URLs that look like a URL of a deployment. A status URL may lack its scheme. */
export function deploymentUrlsIn(text: string): readonly FoundUrl[] {
  const found: FoundUrl[] = [];
  const { length } = text.trim();
  for (const { 0: word, index } of text.matchAll(urlOrWordPattern)) {
    let offset = index;
    for (const part of word.split(/(?=https?:\/\/)/i)) {
      const url = part.length > maxUrlLength ? undefined : readUrl(part, length <= part.length + 2);
      if (url) found.push({ offset, ...url });
      offset += part.length;
    }
  }
  return found;
}

/** Returns the ID in a status URL without query and fragment: `…/status/{id}` or `…/{id}/status`. */
export function idInStatusUrl(url: string): KickoffId | undefined {
  const [, after, before = ''] = /[^/]\/(?:status\/([^/]+)|([^/]+)\/status)\/*$/.exec(url) ?? [];
  return kickoffId(after ?? before);
}

function readUrl(word: string, isWholeText: boolean): Omit<FoundUrl, 'offset'> | undefined {
  const scheme = /^https?:\/\//i.exec(word)?.[0] ?? '';
  const [withoutQuery = ''] = word.slice(scheme === '' ? word.lastIndexOf('=') + 1 : scheme.length).split(/[?#]/, 1);
  const urlText = trimEnd(withoutQuery, /[/.,:;!*_~&=+@]/);
  const idFirst = idBeforeRoutePattern.exec(urlText);
  // Before the route, a segment that isn't a UUID may also belong to the deployment's URL.
  const isIdFirst = leadingUuidPattern.test(idFirst?.[2] ?? '') || (isWholeText && scheme !== '' && /\d/.test(idFirst?.[2] ?? ''));
  const [, baseText = urlText, value] = statusUuidPattern.exec(urlText) ?? (isIdFirst ? idFirst : idAfterRoutePattern.exec(urlText)) ?? [];
  const idInUrl = value === undefined ? undefined : readId(value, isWholeText && !isIdFirst);
  const [host = ''] = urlText.split('/', 1);
  // An unset variable in front of the path leaves no host.
  if (host === '' || routeNamePattern.test(host) || leadingUuidPattern.test(host)) return undefined;
  if (!idInUrl && !deploymentHostPattern.test(host) && (scheme === '' || !routePattern.test(urlText))) return undefined;
  const deploymentUrl = canonicalUrl(scheme + baseText);
  return deploymentUrl && { isCertain: false, ...idInUrl, ...(!isDashboard(deploymentUrl) && { url: deploymentUrl }) };
}

/** Returns the ID in a URL. An ID that isn't a UUID is certain only if it has a digit and the URL is the whole text. */
function readId(value: string, isWholeText: boolean): Pick<FoundUrl, 'id' | 'isCertain'> | undefined {
  const uuid = leadingUuidPattern.exec(value)?.[0];
  const id = completeId(uuid ?? value);
  if (!id || /^v?\d+$/i.test(id)) return undefined;
  const looksLikeId = /\d/.test(id) && !/\.[a-z]{1,5}$/i.test(id);
  return { id, isCertain: uuid !== undefined || (isWholeText && looksLikeId) };
}
