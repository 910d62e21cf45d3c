import type { DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, proposedLabel } from '#core/kickoff/deploymentUrl';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';

/** A run, or a deployment without runs. The ID backup is a copy of these rows outside the history file, and contains no secret. */
export interface BackupRow {
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

/** All rows of a history, and the versions whose changes the rows include. */
export interface IdSnapshot {
  readonly rows: readonly BackupRow[];
  /** The version of this history, then the versions of earlier files that were merged into it. Empty before the file exists. */
  readonly versions: readonly HistoryVersion[];
}

/** Returns the backup in its stored form, without removed rows: `{ history, url: { label, ids, pending } }`. Undefined without rows. */
export function toStoredBackup(rows: readonly BackupRow[], history: HistoryVersion | undefined): object | undefined {
  const keptRows = rows.filter(({ isRemoved }) => !isRemoved);
  if (keptRows.length === 0) return undefined;
  const entries = [...Map.groupBy(keptRows, ({ url }) => url)].map(([url, urlRows]) => {
    const ids = uniqueIds(urlRows.filter(({ isPending }) => !isPending));
    const pending = uniqueIds(urlRows.filter(({ isPending }) => isPending));
    return [url, { label: urlRows[0]?.label, ids, ...(pending.length > 0 && { pending }) }] as const;
  });
  return { ...(history && { history }), ...Object.fromEntries(entries) };
}

function uniqueIds(rows: readonly BackupRow[]): readonly KickoffId[] {
  return [...new Set(rows.flatMap(({ id }) => id ?? []))];
}

export function versionIn(value: unknown): HistoryVersion | undefined {
  const { history } = (value ?? {}) as { readonly history?: Partial<Record<keyof HistoryVersion, unknown>> };
  return typeof history?.id === 'string' && typeof history.revision === 'number'
    ? { id: history.id, revision: history.revision }
    : undefined;
}

/** Whether a stored backup has the history's version and no pending IDs. */
export function isCurrentBackup(value: unknown, version: HistoryVersion | undefined): boolean {
  const backupVersion = versionIn(value);
  if (!backupVersion || backupVersion.id !== version?.id || backupVersion.revision !== version.revision) return false;
  return Object.values(value as object).every((entry) => !(entry as { readonly pending?: unknown } | null)?.pending);
}

/** Whether a history contains all changes up to a backup's version. Runs that only such a backup contains were deleted, not lost. */
export function isOutdatedBackup(backupVersion: HistoryVersion | undefined, versions: readonly HistoryVersion[]): boolean {
  return backupVersion !== undefined && versions.some(({ id, revision }) => id === backupVersion.id && revision >= backupVersion.revision);
}

/** Reads a backup from its stored form. Ignores invalid URLs and IDs. */
export function readStoredBackup(value: unknown): readonly BackupRow[] {
  return Object.entries(Object(value) as Readonly<Record<string, unknown>>).flatMap(([text, entry]) => {
    const url = canonicalUrl(text);
    if (!url || url !== text || typeof entry !== 'object' || entry === null) return [];
    const label = 'label' in entry && typeof entry.label === 'string' ? entry.label : proposedLabel(url);
    const ids = idsOf('ids' in entry && entry.ids).map((id) => ({ url, label, id }));
    const pending = idsOf('pending' in entry && entry.pending).map((id) => ({ url, label, id, isPending: true }));
    return ids.length + pending.length === 0 ? [{ url, label }] : [...ids, ...pending];
  });
}

function idsOf(value: unknown): readonly KickoffId[] {
  return Array.isArray(value) ? value.flatMap((id) => (typeof id === 'string' ? (kickoffId(id) ?? []) : [])) : [];
}

/** Returns the rows that only the backup contains, and all pending rows. */
export function missingRows(backup: readonly BackupRow[], historyRows: readonly BackupRow[]): readonly BackupRow[] {
  const urls = new Set(historyRows.map(({ url }) => url));
  const historyKeys = new Set(historyRows.map(rowKey));
  const byId = Map.groupBy(historyRows, ({ id }) => id);
  const backupKeys = new Set(backup.filter(({ isPending }) => !isPending).map(rowKey));
  return backup.filter((one) => {
    if (one.isPending) return true;
    if (urls.has(one.url)) return one.id !== undefined && !historyKeys.has(rowKey(one));
    // A row with this ID that only the history has is the run at the deployment's new URL. Without such a row, the run is missing.
    return one.id === undefined || !byId.get(one.id)?.some((row) => !backupKeys.has(rowKey(row)));
  });
}

export function pendingRows(backup: readonly BackupRow[], trackedRows: readonly BackupRow[] = []): readonly BackupRow[] {
  const trackedKeys = new Set(trackedRows.map(rowKey));
  return backup.filter((one) => one.isPending && !trackedKeys.has(rowKey(one)));
}

function rowKey({ url, id }: BackupRow): string {
  return `${url} ${id ?? ''}`;
}
