import { canonicalUrl, proposedLabel, type DeploymentUrl } from './deployment';
import { kickoffId, type KickoffId } from './kickoffId';

/** One deployment in the copy, with what is needed to find its runs again, and nothing secret. */
export interface LostRuns {
  readonly url: DeploymentUrl;
  readonly label: string;
  readonly ids: readonly KickoffId[];
  /** IDs that couldn't be stored yet. They are added whatever the history contains. */
  readonly aside?: readonly KickoffId[];
}

/** A second copy of the tracked IDs, for when the history file is lost. */
export type SecondCopy = readonly LostRuns[];

/** A row of the history: a run, or a deployment that has none. */
export interface KnownId {
  readonly url: DeploymentUrl;
  readonly label: string;
  readonly id?: KickoffId;
  readonly isRemoved: boolean;
}

/** Returns the stored form, `{ url: { label, ids, aside } }`. */
export function toStored(copy: SecondCopy): object {
  return Object.fromEntries(copy.map(({ url, ...entry }) => [url, entry]));
}

/** Reads the stored form. Ignores invalid URLs and IDs. */
export function fromStored(value: unknown): SecondCopy {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([address, entry]: [string, unknown]) => {
    const url = canonicalUrl(address);
    if (!url || url !== address || typeof entry !== 'object' || entry === null) return [];
    const label = 'label' in entry && typeof entry.label === 'string' ? entry.label : proposedLabel(url);
    return [lostRuns({ url, label }, idsOf('ids' in entry && entry.ids), idsOf('aside' in entry && entry.aside))];
  });
}

function idsOf(value: unknown): readonly KickoffId[] {
  return Array.isArray(value) ? value.flatMap((id) => (typeof id === 'string' ? (kickoffId(id) ?? []) : [])) : [];
}

function lostRuns({ url, label }: Pick<LostRuns, 'url' | 'label'>, ids: readonly KickoffId[], aside: readonly KickoffId[]): LostRuns {
  return { url, label, ids, ...(aside.length > 0 && { aside }) };
}

/**
 * Returns the runs of the copy that the history doesn't contain, even as removed, and all IDs that wait. If the history doesn't have a URL, its
 * runs may be there under the new URL of a moved deployment, unless the copy has them under that URL too.
 */
export function lostOf(copy: SecondCopy, known: readonly KnownId[]): SecondCopy {
  const urls = new Set(known.map(({ url }) => url));
  const places = new Set(known.map(({ url, id }) => `${url} ${id ?? ''}`));
  const byId = Map.groupBy(known, ({ id }) => id);
  const named = placesIn(copy);
  return copy.flatMap(({ url, label, ids, aside = [] }) => {
    const isKnown = (id: KickoffId): boolean | undefined =>
      places.has(`${url} ${id}`) || (!urls.has(url) && byId.get(id)?.some((one) => !named.has(`${one.url} ${id}`)));
    const lost = [...new Set([...ids.filter((id) => !isKnown(id)), ...aside])];
    return lost.length > 0 || (ids.length === 0 && !urls.has(url)) ? [{ url, label, ids: lost }] : [];
  });
}

function placesIn(copy: SecondCopy): ReadonlySet<string> {
  return new Set(copy.flatMap(({ url, ids }) => ids.map((id) => `${url} ${id}`)));
}

/** Returns the IDs that wait, without those in `tracked`. */
export function asideIn(copy: SecondCopy, tracked: SecondCopy = []): SecondCopy {
  const done = placesIn(tracked);
  return copy.flatMap(({ url, label, aside = [] }) => {
    const left = aside.filter((id) => !done.has(`${url} ${id}`));
    return left.length > 0 ? [{ url, label, ids: [], aside: left }] : [];
  });
}

/** Returns the copy of a history. */
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

/** Returns the union of two copies. */
export function union(one: SecondCopy, other: SecondCopy): SecondCopy {
  const urls = [...new Set([...one, ...other].map(({ url }) => url))];
  return urls.flatMap((url) => {
    const all = [...one, ...other].filter((entry) => entry.url === url);
    const [ids, aside] = [new Set(all.flatMap((entry) => entry.ids)), new Set(all.flatMap((entry) => entry.aside ?? []))];
    return all[0] ? [lostRuns(all[0], [...ids], [...aside])] : [];
  });
}
