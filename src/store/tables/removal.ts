import { setImmediate } from 'node:timers/promises';
import type { DeleteTokens, Removable } from '#core/history/store';
import type { DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import { newKickoff, startFields, userFields, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { defined } from '#core/lib/defined';
import { refCondition, refParameters, type OpenDatabase, type Transactions } from '#store/connection';
import { deleteBackup, deleteCopies } from '#store/files';
import * as sql from '#store/statements';
import type { DatabaseRow } from './kickoffCodec';
import { addKickoff, changeKickoffs, findKickoff } from './kickoffs';
import { addInputs, loadInputs } from './starts';

const removeKickoffSql = `UPDATE kickoff SET removed_at = :now WHERE ${refCondition} AND removed_at IS NULL`;
const removeDeploymentSql = 'UPDATE deployment SET removed_at = :now WHERE key = :key AND removed_at IS NULL';
const removeKickoffsSql = 'UPDATE kickoff SET removed_at = :now WHERE deployment = :key AND removed_at IS NULL';
const removeStartsSql = 'UPDATE start SET removed_at = :now WHERE deployment = :key AND removed_at IS NULL';
const removableTables = ['kickoff', 'start', 'deployment'] as const;
const lastRemovalTimeSql = `SELECT max(removed_at) FROM (${removableTables.map((table) => `SELECT removed_at FROM ${table}`).join(' UNION ALL ')})`;
/** The time of a deployment's removal. If the deployment was restored with one of its runs, the time when the other runs were removed. */
const deploymentRemovalTimeSql = `SELECT coalesce(removed_at, (SELECT max(removed_at) FROM kickoff WHERE deployment = :key))
  FROM deployment WHERE key = :key`;
const undoStatements = removableTables.map((table) => `UPDATE ${table} SET removed_at = NULL WHERE removed_at = :at`);
const restoreDeploymentsSql = `UPDATE deployment SET removed_at = NULL WHERE removed_at IS NOT NULL
  AND key IN (SELECT deployment FROM kickoff WHERE removed_at IS NULL UNION ALL SELECT deployment FROM start WHERE removed_at IS NULL)`;
/** Deletes a few runs at a time, because their bodies may be large. Uses `abs`, because moved runs have a negative time. */
const purgeKickoffsSql = 'DELETE FROM kickoff WHERE key IN (SELECT key FROM kickoff WHERE abs(removed_at) < :before LIMIT 20)';
const purgeStartsSql = 'DELETE FROM start WHERE removed_at < :before';
const purgeCondition = 'removed_at < :before AND NOT EXISTS (SELECT 1 FROM kickoff WHERE deployment = deployment.key)';
const unusedUrlsSql = `SELECT url FROM deployment WHERE ${purgeCondition}`;
const purgeDeploymentSql = `DELETE FROM deployment WHERE url = :url AND ${purgeCondition}`;
const deleteDeploymentsSql = 'DELETE FROM deployment WHERE url NOT IN (SELECT value FROM json_each(:kept)) RETURNING url';

/** Removes runs and starts, or a deployment with both. Uses a unique time, by which Undo identifies the removal. */
export function remove(database: OpenDatabase, target: readonly Removable[] | DeploymentKey, now: number): number {
  const time = nextRemovalTime(database, now);
  if (typeof target === 'object') return changeRows(database, target, { run: removeKickoffSql, start: sql.removeStart }, { now: time });
  for (const statement of [removeDeploymentSql, removeStartsSql]) database.statement(statement).run({ key: target, now: time });
  return Number(database.statement(removeKickoffsSql).run({ key: target, now: time }).changes);
}

/** Moves a run with its inputs, user fields, and start fields, but no responses. Undo skips the old row, whose removal time is negative. */
export function moveKickoff(database: OpenDatabase, oldRef: KickoffRef, deployment: DeploymentKey, now: number): Kickoff {
  const oldRun: Partial<Kickoff> = findKickoff(database, oldRef) ?? {};
  const keptFields = { ...startFields(oldRun), ...userFields(oldRun) };
  database.statement(removeKickoffSql).run({ ...refParameters(oldRef), now: -now });
  const newRef = { deployment, id: oldRef.id };
  const isRestored = findKickoff(database, newRef)?.removedAt !== undefined;
  const movedRun = addKickoff(database, defined({ ...newKickoff(newRef, now), ...keptFields, trackedAt: oldRun.trackedAt ?? now }));
  const inputs = loadInputs(database, oldRef);
  if (inputs) addInputs(database, newRef, inputs);
  if (!isRestored) return movedRun;
  // The restored row's label and muting are outdated: the user may have changed or removed them in the old deployment.
  const [restoredRun = movedRun] = changeKickoffs(database, [newRef], (stored) => defined({ ...stored, ...keptFields }));
  return restoredRun;
}

/** Removes old runs. Removes each run for its age only once, so that a restored run stays. */
export function removeOld(database: OpenDatabase, kickoffs: readonly KickoffRef[], now: number): number {
  return changeRows(database, kickoffs, { run: sql.removeByAge, start: sql.removeStart }, { now: nextRemovalTime(database, now) });
}

/** Undoes the removal of `target`, or the last removal. Returns the number of rows, except deployments restored with runs or starts. */
export function undoRemove(database: OpenDatabase, target?: readonly Removable[] | DeploymentKey): number {
  const statements = { run: sql.restoreKickoff, start: sql.restoreStart };
  const restoredCount = typeof target === 'object' ? changeRows(database, target, statements) : restoreByTime(database, target);
  database.statement(restoreDeploymentsSql).run();
  return restoredCount;
}

/**
 * Deletes everything removed before a time, and the backup, too. Keeps a deployment whose token `deleteTokens` couldn't delete. Returns
 * whether it deleted anything.
 */
export async function purge(transactions: Transactions, cutoff: number, deleteTokens: DeleteTokens): Promise<boolean> {
  let deletedCount = 0;
  for (let hasMore = true; hasMore;) {
    const { starts, runs } = await transactions.write((database) => purgeBatch(database, cutoff));
    deletedCount += starts + runs;
    hasMore = runs !== 0;
    if (hasMore) await setImmediate();
  }
  const urls = await deleteTokens(await transactions.read((database) => toUrls(database.statement(unusedUrlsSql).all({ before: cutoff }))));
  if (urls.length === 0) return deletedCount > 0;
  await transactions.write((database) => {
    deleteBackup(database.path);
    for (const url of urls) database.statement(purgeDeploymentSql).run({ url, before: cutoff });
  });
  return true;
}

export function loadUrls(database: OpenDatabase): readonly DeploymentUrl[] {
  return toUrls(database.statement('SELECT url FROM deployment').all());
}

/** Deletes all data except the deployments to keep. If deleting the file's copies fails, the rows stay. Returns the deleted URLs. */
export function deleteAll(database: OpenDatabase, keptUrls: readonly DeploymentUrl[]): readonly DeploymentUrl[] {
  deleteCopies(database.path);
  for (const statement of ['DELETE FROM kickoff', 'DELETE FROM start', sql.deleteHealthRecords]) database.statement(statement).run();
  return toUrls(database.statement(deleteDeploymentsSql).all({ kept: JSON.stringify(keptUrls) }));
}

function restoreByTime(database: OpenDatabase, key: DeploymentKey | undefined): number {
  const removedAt = key === undefined ? selectTime(database, lastRemovalTimeSql) : selectTime(database, deploymentRemovalTimeSql, { key });
  if (removedAt === undefined || removedAt < 0) return 0;
  return undoStatements.reduce((sum, statement) => sum + Number(database.statement(statement).run({ at: removedAt }).changes), 0);
}

/** Deletes some of the rows to purge, and the backup, which may contain them. Returns their numbers. */
function purgeBatch(database: OpenDatabase, cutoff: number): { readonly starts: number; readonly runs: number } {
  const deleteWith = (query: string): number => Number(database.statement(query).run({ before: cutoff }).changes);
  const [starts, runs] = [deleteWith(purgeStartsSql), deleteWith(purgeKickoffsSql)];
  if (starts !== 0 || runs !== 0) deleteBackup(database.path);
  return { starts, runs };
}

function changeRows(database: OpenDatabase, items: readonly Removable[], statements: Record<'run' | 'start', string>, values = {}): number {
  const changedItems = items.filter((one) => {
    const [statement, key] = 'requestId' in one ? [statements.start, { requestId: one.requestId }] : [statements.run, refParameters(one)];
    return database.statement(statement).run({ ...key, ...values }).changes === 1;
  });
  return changedItems.length;
}

function nextRemovalTime(database: OpenDatabase, now: number): number {
  return Math.max(now, (selectTime(database, lastRemovalTimeSql) ?? -Infinity) + 1);
}

function selectTime(database: OpenDatabase, statement: string, values: { readonly key?: DeploymentKey } = {}): number | undefined {
  const time = database.statement(statement).get(values)?.[0];
  return typeof time === 'number' ? time : undefined;
}

function toUrls(rows: readonly DatabaseRow[]): readonly DeploymentUrl[] {
  return rows.map((row) => String(row[0]) as DeploymentUrl);
}
