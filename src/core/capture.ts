import { canonicalUrl, type DeploymentUrl } from './deployment';
import { kickoffId, type KickoffId } from './kickoffId';

/** What a pasted text names: a run, and the deployment when it is in the text. */
export interface Captured {
  readonly id: KickoffId;
  readonly url?: DeploymentUrl;
}

const spellings = [/^([^?#]*)\/status\/([^/?#]+)\/?(?:[?#].*)?$/, /^([^?#]*)\/([^/?#]+)\/status\/?(?:[?#].*)?$/];

/** Reads an id, or a status URL in either of the spellings that were published; undefined when the text is neither. */
export function captured(text: string): Captured | undefined {
  const trimmed = text.trim();
  const id = kickoffId(trimmed);
  if (id) return { id };

  if (trimmed.length > 2_000) return undefined;
  for (const spelling of spellings) {
    const [, base = '', last = ''] = spelling.exec(trimmed) ?? [];
    const named = kickoffId(decoded(last));
    const url = canonicalUrl(base);
    if (named && url) return { id: named, url };
  }
  return undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
