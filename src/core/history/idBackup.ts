import type { DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, proposedLabel } from '#core/kickoff/deploymentUrl';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';

/** A run, or a deployment without runs. The ID backup is a copy of these rows outside the history file, and contains no secret. */
export interface TrackedId {
  readonly url: DeploymentUrl;
  readonly label: string;
  readonly id?: KickoffId;
  readonly isRemoved?: boolean;
  /** Whether the ID couldn't be stored in the history yet. The next successful load adds it. */
  readonly isPending?: boolean;
}

/** The version of a history: the random ID of its file, and the number of changes to its list of runs and deployments. */
export interface HistoryVersion {
  readonly id: string;
  readonly revision: number;
}

/** All rows of a history, and the versions that they contain. */
export interface TrackedIds {
  readonly rows: readonly TrackedId[];
  /** The version of this history, then the versions of earlier files that were merged into it. Empty before the file exists. */
  readonly versions: readonly HistoryVersion[];
}

/** Returns the backup in its stored form, without removed rows: `{ history, url: { label, ids, pending } }`. Undefined without rows. */
export function toStored(rows: readonly TrackedId[], history: HistoryVersion | undefined): object | undefined {
  const copied = rows.filter(({ isRemoved }) => !isRemoved);
  if (copied.length === 0) return undefined;
  const entries = [...Map.groupBy(copied, ({ url }) => url)].map(([url, ofUrl]) => {
    const ids = uniqueIds(ofUrl.filter(({ isPending }) => !isPending));
    const pending = uniqueIds(ofUrl.filter(({ isPending }) => isPending));
    return [url, { label: ofUrl[0]?.label, ids, ...(pending.length > 0 && { pending }) }] as const;
  });
  return { ...(history && { history }), ...Object.fromEntries(entries) };
}

function uniqueIds(rows: readonly TrackedId[]): readonly KickoffId[] {
  return [...new Set(rows.flatMap(({ id }) => id ?? []))];
}

export function versionIn(value: unknown): HistoryVersion | undefined {
  const { history } = (value ?? {}) as { readonly history?: Partial<Record<keyof HistoryVersion, unknown>> };
  return typeof history?.id === 'string' && typeof history.revision === 'number'
    ? { id: history.id, revision: history.revision }
    : undefined;
}

/** Whether a stored backup has the history's version and no pending IDs. */
export function isCurrent(value: unknown, version: HistoryVersion | undefined): boolean {
  const copied = versionIn(value);
  if (!copied || copied.id !== version?.id || copied.revision !== version.revision) return false;
  return Object.values(value as object).every((entry) => !(entry as { readonly pending?: unknown } | null)?.pending);
}

/** Whether a history contains all changes up to a backup's version. Runs that only such a backup contains were deleted, not lost. */
export function isOutdated(backup: HistoryVersion | undefined, versions: readonly HistoryVersion[]): boolean {
  return backup !== undefined && versions.some(({ id, revision }) => id === backup.id && revision >= backup.revision);
}

/** Reads a backup from its stored form. Ignores invalid URLs and IDs. */
export function fromStored(value: unknown): readonly TrackedId[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([address, entry]: [string, unknown]) => {
    const url = canonicalUrl(address);
    if (!url || url !== address || typeof entry !== 'object' || entry === null) return [];
    const label = 'label' in entry && typeof entry.label === 'string' ? entry.label : proposedLabel(url);
    const ids = idsOf('ids' in entry && entry.ids).map((id) => ({ url, label, id }));
    const pending = idsOf('pending' in entry && entry.pending).map((id) => ({ url, label, id, isPending: true }));
    return ids.length + pending.length === 0 ? [{ url, label }] : [...ids, ...pending];
  });
}

function idsOf(value: unknown): readonly KickoffId[] {
  return Array.isArray(value) ? value.flatMap((id) => (typeof id === 'string' ? (kickoffId(id) ?? []) : [])) : [];
}

/** Returns the rows that only the backup contains, and all pending IDs. */
export function missingFrom(copy: readonly TrackedId[], known: readonly TrackedId[]): readonly TrackedId[] {
  const urls = new Set(known.map(({ url }) => url));
  const places = new Set(known.map(placeOf));
  const byId = Map.groupBy(known, ({ id }) => id);
  const named = new Set(copy.filter(({ isPending }) => !isPending).map(placeOf));
  return copy.filter((one) => {
    if (one.isPending) return true;
    if (urls.has(one.url)) return one.id !== undefined && !places.has(placeOf(one));
    // The deployment may have a new URL in the history. The run is missing there if the backup has the ID at both URLs.
    return one.id === undefined || !byId.get(one.id)?.some((there) => !named.has(placeOf(there)));
  });
}

export function pendingIn(copy: readonly TrackedId[], tracked: readonly TrackedId[] = []): readonly TrackedId[] {
  const done = new Set(tracked.map(placeOf));
  return copy.filter((one) => one.isPending && !done.has(placeOf(one)));
}

function placeOf({ url, id }: TrackedId): string {
  return `${url} ${id ?? ''}`;
}
