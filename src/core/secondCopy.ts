import { canonicalUrl, proposedLabel, type DeploymentUrl } from './deployment';
import { kickoffId, type KickoffId } from './kickoffId';

/** One deployment as it stands in the second copy: what is needed to find its runs again, and nothing secret. */
export interface LostRuns {
  readonly url: DeploymentUrl;
  readonly label: string;
  readonly ids: readonly KickoffId[];
}

/** The ids beside the history, for the day on which its file is lost. */
export type SecondCopy = readonly LostRuns[];

/** A row of the history: a run, or a deployment that has none. */
export interface KnownId {
  readonly url: DeploymentUrl;
  readonly label: string;
  readonly id?: KickoffId;
  readonly isRemoved: boolean;
}

/** How the copy is stored: `{ url: { label, ids } }`. */
export function toStored(copy: SecondCopy): object {
  return Object.fromEntries(copy.map(({ url, label, ids }) => [url, { label, ids }]));
}

/** Reads what is stored; whatever is no address or no id is left out. */
export function fromStored(value: unknown): SecondCopy {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([address, entry]: [string, unknown]) => {
    const url = canonicalUrl(address);
    if (!url || url !== address || typeof entry !== 'object' || entry === null) return [];
    const label = 'label' in entry && typeof entry.label === 'string' ? entry.label : proposedLabel(url);
    const ids = 'ids' in entry && Array.isArray(entry.ids) ? entry.ids : [];
    return [{ url, label, ids: ids.flatMap((id) => (typeof id === 'string' ? (kickoffId(id) ?? []) : [])) }];
  });
}

/** What the copy names and the history does not; a removed run is known, and one that moved to another address with its deployment too. */
export function lostOf(copy: SecondCopy, known: readonly KnownId[]): SecondCopy {
  const ids = new Set(known.map(({ id }) => id));
  const urls = new Set(known.map(({ url }) => url));
  return copy.flatMap((one) => {
    const lost = one.ids.filter((id) => !ids.has(id));
    return lost.length > 0 || (one.ids.length === 0 && !urls.has(one.url)) ? [{ ...one, ids: lost }] : [];
  });
}

/** The copy of what the history shows. */
export function copyOf(known: readonly KnownId[]): SecondCopy {
  const copy = new Map<DeploymentUrl, { url: DeploymentUrl; label: string; ids: KickoffId[] }>();
  for (const { url, label, id, isRemoved } of known) {
    if (isRemoved) continue;
    const entry = copy.get(url) ?? { url, label, ids: [] };
    copy.set(url, entry);
    if (id !== undefined) entry.ids.push(id);
  }
  return [...copy.values()];
}

/** Both together. */
export function union(one: SecondCopy, other: SecondCopy): SecondCopy {
  const urls = [...new Set([...one, ...other].map(({ url }) => url))];
  return urls.flatMap((url) => {
    const [first, ...rest] = [...one, ...other].filter((entry) => entry.url === url);
    return first ? [{ ...first, ids: [...new Set([first, ...rest].flatMap(({ ids }) => ids))] }] : [];
  });
}
