import type { HistoryVersion, BackupRow, IdSnapshot } from '#core/history/idBackup';
import type { Deployment, DeploymentChange, DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import type { KickoffId } from '#core/kickoff/kickoffId';
import { HistoryFailure } from '#core/lib/errors';
import { parseJson } from '#core/lib/json';
import type { OpenDatabase } from '#store/connection';
import * as sql from '#store/statements';
import type { DatabaseRow } from './kickoffCodec';

export function loadDeployments(database: OpenDatabase): readonly Deployment[] {
  return database.statement(sql.selectDeployments).all().map(toDeployment);
}

export function addDeployment(database: OpenDatabase, url: DeploymentUrl, label: string, page?: string): Deployment {
  database.statement(sql.addDeployment).run({ url, label, page: page ?? null });
  return toDeployment(database.statement(sql.selectDeployment).get({ url }) ?? {});
}

export function changeDeployment(database: OpenDatabase, key: DeploymentKey, { url, label, page, urlSince, inputNames }: DeploymentChange) {
  if (url !== undefined && database.statement(sql.selectUrlOwner).get({ url, key })) throw new HistoryFailure('taken');
  const values = { url: url ?? null, label: label ?? null, page: page ?? null, urlSince: urlSince ?? null };
  const namesText = inputNames ? JSON.stringify(inputNames) : null;
  const row = database.statement(sql.changeDeployment).get({ key, ...values, inputNames: namesText });
  return row && toDeployment(row);
}

export function loadHistoryVersions(database: OpenDatabase): readonly HistoryVersion[] {
  const rows = database.statement(sql.selectHistoryVersions).all();
  return rows.map((row) => ({ id: String(row[0]), revision: Number(row[1]) }));
}

export function loadTrackedIds(database: OpenDatabase): IdSnapshot {
  const rows = database.statement(sql.selectTrackedIds).all().map(toBackupRow);
  return { rows, versions: loadHistoryVersions(database) };
}

function toDeployment(row: DatabaseRow): Deployment {
  const inputNames = typeof row[5] === 'string' ? parseJson(row[5]) : undefined;
  return {
    key: Number(row[0]) as DeploymentKey,
    url: String(row[1]) as DeploymentUrl,
    label: String(row[2]),
    ...(typeof row[3] === 'string' && { page: row[3] }),
    ...(typeof row[4] === 'number' && { urlSince: row[4] }),
    ...(Array.isArray(inputNames) && { inputNames: inputNames.map(String) }),
  };
}

function toBackupRow(row: DatabaseRow): BackupRow {
  const fields = { url: String(row[0]) as DeploymentUrl, label: String(row[1]), isRemoved: typeof row[3] === 'number' };
  return typeof row[2] === 'string' ? { ...fields, id: row[2] as KickoffId } : fields;
}
