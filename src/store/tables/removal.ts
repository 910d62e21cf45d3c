import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { DeleteTokens, Removable } from '#core/history/store';
import type { DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import { newKickoff, startFields, userFields, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { defined } from '#core/lib/defined';
import { HistoryFailure } from '#core/lib/errors';
import { refCondition, refParameters, type OpenDatabase, type Transactions } from '#store/connection';
import { deleteBackup, deleteCopies } from '#store/files';
import * as sql from '#store/statements';
import type { Row } from './kickoffCodec';
import { addKickoff, changeKickoffs, findKickoff } from './kickoffs';
import { addInputs, loadInputs } from './starts';

const removeKickoff = `UPDATE kickoff SET removed_at = :now WHERE ${refCondition} AND removed_at IS NULL`;
const removeDeployment = 'UPDATE deployment SET removed_at = :now WHERE key = :key AND removed_at IS NULL';
const removeKickoffsOfDeployment = 'UPDATE kickoff SET removed_at = :now WHERE deployment = :key AND removed_at IS NULL';
const removeStartsOfDeployment = 'UPDATE start SET removed_at = :now WHERE deployment = :key AND removed_at IS NULL';
const tables = ['kickoff', 'start', 'deployment'] as const;
const lastRemovalTime = `SELECT max(removed_at) FROM (${tables.map((table) => `SELECT removed_at FROM ${table}`).join(' UNION ALL ')})`;
/** The time when a deployment was removed. If only one of its runs was restored since, the time when the other runs were removed. */
const deploymentRemovalTime = `SELECT coalesce(removed_at, (SELECT max(removed_at) FROM kickoff WHERE deployment = :key))
  FROM deployment WHERE key = :key`;
const undoStatements = tables.map((table) => `UPDATE ${table} SET removed_at = NULL WHERE removed_at = :at`);
const restoreParents = `UPDATE deployment SET removed_at = NULL WHERE removed_at IS NOT NULL
  AND key IN (SELECT deployment FROM kickoff WHERE removed_at IS NULL UNION ALL SELECT deployment FROM start WHERE removed_at IS NULL)`;
/** Deletes a few runs at a time, because their bodies may be large. */
const purgeKickoffs = 'DELETE FROM kickoff WHERE key IN (SELECT key FROM kickoff WHERE abs(removed_at) < :before LIMIT 20)';
const purgeStarts = 'DELETE FROM start WHERE removed_at < :before';
const purgeCondition = 'removed_at < :before AND NOT EXISTS (SELECT 1 FROM kickoff WHERE deployment = deployment.key)';
const purgedUrls = `SELECT url FROM deployment WHERE ${purgeCondition}`;
const purgeDeployment = `DELETE FROM deployment WHERE url = :url AND ${purgeCondition}`;
const deleteDeployments = 'DELETE FROM deployment WHERE url NOT IN (SELECT value FROM json_each(:kept)) RETURNING url';

/** Removes runs and starts, or a deployment with both. Uses a unique time, by which Undo identifies the removal. */
export function remove(database: OpenDatabase, target: readonly Removable[] | DeploymentKey, now: number): number {
  const at = nextRemovalTime(database, now);
  if (typeof target === 'object') return changeEach(database, target, { run: removeKickoff, start: sql.removeStart }, { now: at });
  for (const statement of [removeDeployment, removeStartsOfDeployment]) database.statement(statement).run({ key: target, now: at });
  return Number(database.statement(removeKickoffsOfDeployment).run({ key: target, now: at }).changes);
}

/** Moves a run. Marks it as removed in its old deployment with a negative time, so that Undo doesn't restore it there. */
export function moveKickoff(database: OpenDatabase, from: KickoffRef, deployment: DeploymentKey, now: number): Kickoff {
  const old: Partial<Kickoff> = findKickoff(database, from) ?? {};
  const kept = { ...startFields(old), ...userFields(old) };
  database.statement(removeKickoff).run({ ...refParameters(from), now: -now });
  const to = { deployment, id: from.id };
  const isRestored = findKickoff(database, to)?.removedAt !== undefined;
  const moved = addKickoff(database, defined({ ...newKickoff(to, now), ...kept, trackedAt: old.trackedAt ?? now }));
  const inputs = loadInputs(database, from);
  if (inputs) addInputs(database, to, inputs);
  if (!isRestored) return moved;
  // The user may have removed the label, or unmuted the run, since the run was there.
  const [restored = moved] = changeKickoffs(database, [to], (stored) => defined({ ...stored, ...kept }));
  return restored;
}

/** Removes old runs. Removes each run for its age only once, so that a restored run stays. */
export function removeOld(database: OpenDatabase, kickoffs: readonly KickoffRef[], now: number): number {
  return changeEach(database, kickoffs, { run: sql.removeByAge, start: sql.removeStart }, { now: nextRemovalTime(database, now) });
}

/** Restores runs and starts, a deployment, or the last removal. Doesn't count deployments that are restored only because of their runs. */
export function undoRemove(database: OpenDatabase, target?: readonly Removable[] | DeploymentKey): number {
  const statements = { run: sql.restoreKickoff, start: sql.restoreStart };
  const restoredCount = typeof target === 'object' ? changeEach(database, target, statements) : undoRemoval(database, target);
  database.statement(restoreParents).run();
  return restoredCount;
}

/** Deletes everything that was removed before a time, in several transactions. Keeps a deployment whose token `deleteTokens` couldn't delete. */
export async function purge(transactions: Transactions, before: number, deleteTokens: DeleteTokens): Promise<void> {
  while (await transactions.write((database) => purgeSome(database, before))) await setImmediate();
  const urls = await deleteTokens(await transactions.read((database) => toUrls(database.statement(purgedUrls).all({ before }))));
  if (urls.length === 0) return;
  await transactions.write((database) => {
    deleteBackup(database.path);
    for (const url of urls) database.statement(purgeDeployment).run({ url, before });
  });
}

export function loadUrls(database: OpenDatabase): readonly DeploymentUrl[] {
  return toUrls(database.statement('SELECT url FROM deployment').all());
}

/** Deletes first the copies of the history, so that its rows stay if that fails. Keeps some deployments. Returns the deleted URLs. */
export function deleteAll(database: OpenDatabase, keptUrls: readonly DeploymentUrl[]): readonly DeploymentUrl[] {
  deleteCopies(database.path);
  for (const statement of ['DELETE FROM kickoff', 'DELETE FROM start', sql.deleteHealthRecords]) database.statement(statement).run();
  return toUrls(database.statement(deleteDeployments).all({ kept: JSON.stringify(keptUrls) }));
}

/** Erases deleted data from the file. Throws if another connection uses the log. */
export function vacuum(connection: DatabaseSync): void {
  connection.exec('VACUUM');
  if (connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 1) throw new HistoryFailure('locked');
}

function undoRemoval(database: OpenDatabase, key: DeploymentKey | undefined): number {
  const at = key === undefined ? selectTime(database, lastRemovalTime) : selectTime(database, deploymentRemovalTime, { key });
  if (at === undefined || at < 0) return 0;
  return undoStatements.reduce((sum, statement) => sum + Number(database.statement(statement).run({ at }).changes), 0);
}

/** Deletes some of the rows to purge, and the backup, which may contain them. Returns whether more runs may be left. */
function purgeSome(database: OpenDatabase, before: number): boolean {
  const [starts, runs] = [purgeStarts, purgeKickoffs].map((statement) => database.statement(statement).run({ before }).changes);
  if (starts !== 0 || runs !== 0) deleteBackup(database.path);
  return runs !== 0;
}

function changeEach(database: OpenDatabase, items: readonly Removable[], statements: Record<'run' | 'start', string>, values = {}): number {
  const changed = items.filter((one) => {
    const [statement, key] = 'requestId' in one ? [statements.start, { requestId: one.requestId }] : [statements.run, refParameters(one)];
    return database.statement(statement).run({ ...key, ...values }).changes === 1;
  });
  return changed.length;
}

function nextRemovalTime(database: OpenDatabase, now: number): number {
  return Math.max(now, (selectTime(database, lastRemovalTime) ?? -Infinity) + 1);
}

function selectTime(database: OpenDatabase, statement: string, values: { readonly key?: DeploymentKey } = {}): number | undefined {
  const at = database.statement(statement).get(values)?.[0];
  return typeof at === 'number' ? at : undefined;
}

function toUrls(rows: readonly Row[]): readonly DeploymentUrl[] {
  return rows.map((row) => String(row[0]) as DeploymentUrl);
}
