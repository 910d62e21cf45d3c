import { canonicalUrl, type DeploymentUrl } from './deployment';
import { kickoffId, type KickoffId } from './kickoffId';

/** The run that a link names, or what is wrong with the link. */
export type Link =
  | { readonly wrong?: undefined; readonly url: DeploymentUrl; readonly id: KickoffId }
  | { readonly wrong: 'unknown' | 'holdsMore' | 'withoutUrl' | 'withoutId' };

/** The editor adds this to send a link to one of its windows. */
const windowName = 'windowId';

/**
 * Reads `/track?url=…&id=…`, where the URL may be a status address that holds the ID.
 * A link that says anything else is refused as a whole: it could be a token.
 */
export function linkOf({ path, query, fragment }: { readonly path: string; readonly query: string; readonly fragment: string }): Link {
  if (path !== '/track') return { wrong: 'unknown' };

  const said = new URLSearchParams(query.replaceAll('+', '%2B'));
  const address = said.get('url') ?? '';
  const names = [...said.keys()].filter((name) => name !== windowName);
  const isKnown = names.every((name, index) => /^(?:url|id)$/.test(name) && names.indexOf(name) === index);
  const isWindow = /^(?:_blank|\d*)$/.test(said.get(windowName) ?? '');
  if (!isKnown || !isWindow || fragment !== '' || /[?#]/.test(address)) return { wrong: 'holdsMore' };

  const url = canonicalUrl(address);
  if (!url) return { wrong: 'withoutUrl' };
  const id = kickoffId(said.get('id') ?? idIn(address));
  return id ? { url, id } : { wrong: 'withoutId' };
}

function idIn(address: string): string {
  const [, after, before = ''] = /\/(?:status\/([^/]+)|([^/]+)\/status)\/*$/.exec(address) ?? [];
  return after ?? before;
}
