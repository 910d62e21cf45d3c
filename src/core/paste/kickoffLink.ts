import type { DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { idInStatusUrl } from './statusUrls';

/** The run in a link, or the reason to reject the link, as the name of the message to show. */
type KickoffLink =
  | { readonly problem?: undefined; readonly url: DeploymentUrl; readonly id: KickoffId }
  | { readonly problem: 'linkUnknown' | 'linkContainsMore' | 'linkWithoutUrl' | 'linkWithoutId' };

/** Parses `/track?url=…&id=…`, or only a status URL as `url`. Except for `windowId`, rejects other content, which could be a token. */
export function parseKickoffLink({ path, query, fragment }: Readonly<Record<'path' | 'query' | 'fragment', string>>): KickoffLink {
  if (path !== '/track') return { problem: 'linkUnknown' };

  const parameters = new URLSearchParams(query.replaceAll('+', '%2B'));
  const urlText = parameters.get('url') ?? '';
  const names = [...parameters.keys()].filter((name) => name !== 'windowId');
  const hasOnlyKnownNames = names.every((name, index) => /^(?:url|id)$/.test(name) && names.indexOf(name) === index);
  // VS Code adds this parameter to send a link to one of its windows.
  const isWindowId = /^(?:_blank|\d*)$/.test(parameters.get('windowId') ?? '');
  if (!hasOnlyKnownNames || !isWindowId || fragment !== '' || /[?#]/.test(urlText)) return { problem: 'linkContainsMore' };

  const url = canonicalUrl(urlText);
  if (!url) return { problem: 'linkWithoutUrl' };
  const idText = parameters.get('id');
  const id = idText === null ? idInStatusUrl(urlText) : kickoffId(idText);
  return id ? { url, id } : { problem: 'linkWithoutId' };
}
