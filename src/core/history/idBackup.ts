import type { DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, proposedLabel } from '#core/kickoff/deploymentUrl';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';

/** A deployment in the ID backup, with the IDs of its runs. Contains no secret. */
export interface BackedUpDeployment {
  readonly url: DeploymentUrl;
  readonly label: string;
  readonly ids: readonly KickoffId[];
  /** IDs that couldn't be stored in the history yet. The next successful load adds these IDs. */
  readonly pending?: readonly KickoffId[];
}

/** A copy of the tracked IDs outside the history file, in case that file is lost. */
export type IdBackup = readonly BackedUpDeployment[];

/** The version of a history: the random ID of its file, and the number of changes to its list of runs and deployments. */
export interface HistoryVersion {
  readonly id: string;
  readonly revision: number;
}

/** All rows of a history, and its version. Other versions are earlier files whose copies are merged into this one. */
export interface TrackedIds {
  readonly rows: readonly TrackedId[];
  /** The version of this history comes first. Empty before the file exists. */
  readonly versions: readonly HistoryVersion[];
}

/** A row of the history: a run, or a deployment without runs. */
export interface TrackedId {
  readonly url: DeploymentUrl;
  readonly label: string;
  readonly id?: KickoffId;
  readonly isRemoved: boolean;
}

/** Returns the backup in its stored form, `{ history, url: { label, ids, pending } }`. Returns `undefined` for an empty backup. */
export function toStored(copy: IdBackup, history: HistoryVersion | undefined): object | undefined {
  if (copy.length === 0) return undefined;
  return { ...(history && { history }), ...Object.fromEntries(copy.map(({ url, ...entry }) => [url, entry])) };
}

export function versionIn(value: unknown): HistoryVersion | undefined {
  const { history } = (value ?? {}) as { readonly history?: Partial<Record<keyof HistoryVersion, unknown>> };
  return typeof history?.id === 'string' && typeof history.revision === 'number'
    ? { id: history.id, revision: history.revision }
    : undefined;
}

/** Whether a history contains all changes up to a backup's version. Runs that only such a backup contains were deleted, not lost. */
export function isOutdated(backup: HistoryVersion | undefined, versions: readonly HistoryVersion[]): boolean {
  return backup !== undefined && versions.some(({ id, revision }) => id === backup.id && revision >= backup.revision);
}

/** Returns the backup from its stored form. Ignores invalid URLs and IDs. */
export function fromStored(value: unknown): IdBackup {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([address, entry]: [string, unknown]) => {
    const url = canonicalUrl(address);
    if (!url || url !== address || typeof entry !== 'object' || entry === null) return [];
    const label = 'label' in entry && typeof entry.label === 'string' ? entry.label : proposedLabel(url);
    return [backedUpDeployment({ url, label }, idsOf('ids' in entry && entry.ids), idsOf('pending' in entry && entry.pending))];
  });
}

function idsOf(value: unknown): readonly KickoffId[] {
  return Array.isArray(value) ? value.flatMap((id) => (typeof id === 'string' ? (kickoffId(id) ?? []) : [])) : [];
}

function backedUpDeployment(
  { url, label }: Pick<BackedUpDeployment, 'url' | 'label'>,
  ids: readonly KickoffId[],
  pending: readonly KickoffId[],
): BackedUpDeployment {
  return { url, label, ids, ...(pending.length > 0 && { pending }) };
}

/**
 * Returns the runs and empty deployments that only the backup contains, and all pending IDs. If the history doesn't contain a run's URL,
 * the deployment may have a new URL. The run is then missing only if the history lacks its ID, or the backup has the ID at both URLs.
 */
export function missingFrom(copy: IdBackup, known: readonly TrackedId[]): IdBackup {
  const urls = new Set(known.map(({ url }) => url));
  const places = new Set(known.map(({ url, id }) => `${url} ${id ?? ''}`));
  const byId = Map.groupBy(known, ({ id }) => id);
  const named = placesIn(copy);
  return copy.flatMap(({ url, label, ids, pending = [] }) => {
    const isKnown = (id: KickoffId): boolean | undefined =>
      places.has(`${url} ${id}`) || (!urls.has(url) && byId.get(id)?.some((one) => !named.has(`${one.url} ${id}`)));
    const lost = [...new Set([...ids.filter((id) => !isKnown(id)), ...pending])];
    return lost.length > 0 || (ids.length === 0 && !urls.has(url)) ? [{ url, label, ids: lost }] : [];
  });
}

function placesIn(copy: IdBackup): ReadonlySet<string> {
  return new Set(copy.flatMap(({ url, ids }) => ids.map((id) => `${url} ${id}`)));
}

export function pendingIn(copy: IdBackup, tracked: IdBackup = []): IdBackup {
  const done = placesIn(tracked);
  return copy.flatMap(({ url, label, pending = [] }) => {
    const left = pending.filter((id) => !done.has(`${url} ${id}`));
    return left.length > 0 ? [{ url, label, ids: [], pending: left }] : [];
  });
}

/** Returns the backup for a history. Leaves out removed runs and removed deployments. */
export function toIdBackup(known: readonly TrackedId[]): IdBackup {
  const copy = new Map<DeploymentUrl, { url: DeploymentUrl; label: string; ids: KickoffId[] }>();
  for (const { url, label, id, isRemoved } of known) {
    if (isRemoved) continue;
    const entry = copy.get(url) ?? { url, label, ids: [] };
    copy.set(url, entry);
    if (id !== undefined) entry.ids.push(id);
  }
  return [...copy.values()];
}

/** Merges two backups into one entry for each URL. If the labels differ, the label in `one` counts. */
export function mergeBackups(one: IdBackup, other: IdBackup): IdBackup {
  const urls = [...new Set([...one, ...other].map(({ url }) => url))];
  return urls.flatMap((url) => {
    const all = [...one, ...other].filter((entry) => entry.url === url);
    const [ids, pending] = [new Set(all.flatMap((entry) => entry.ids)), new Set(all.flatMap((entry) => entry.pending ?? []))];
    return all[0] ? [backedUpDeployment(all[0], [...ids], [...pending])] : [];
  });
}
