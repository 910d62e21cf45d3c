import type { Deployment, DeploymentKey, DeploymentUrl } from '../core/deployment';
import type { KickoffRef } from '../core/kickoff';
import { refColumns } from './columns';
import type { Database } from './database';
import { HistoryFailure } from '../core/errors';
import { toDeployment } from './rows';
import * as sql from './statements';
import { storable } from './text';

/** Gives a deployment another URL or label; its runs stay with it. */
export function changedDeployment(
  database: Database,
  key: DeploymentKey,
  { url, label }: { readonly url?: DeploymentUrl; readonly label?: string },
): Deployment | undefined {
  if (url !== undefined && database.statement(sql.isOthersUrl).get({ url, key })) throw new HistoryFailure('taken');
  const row = database.statement(sql.changeDeployment).get({ key, url: url ?? null, label: label === undefined ? null : storable(label) });
  return row && toDeployment(row);
}

/** Marks as removed; one removal is one moment, by which it is undone. */
export function removed(database: Database, what: readonly KickoffRef[] | DeploymentKey, now: number): number {
  const at = momentOfRemoval(database, now);
  if (typeof what === 'number') {
    database.statement(sql.removeDeployment).run({ key: what, now: at });
    return Number(database.statement(sql.removeKickoffsOf).run({ key: what, now: at }).changes);
  }
  return what.reduce((count, ref) => count + Number(database.statement(sql.removeKickoff).run({ ...refColumns(ref), now: at }).changes), 0);
}

/** Removes by age, which befalls a run once: what was brought back stays. */
export function removedOld(database: Database, what: readonly KickoffRef[], now: number): number {
  const at = momentOfRemoval(database, now);
  const gone = what.filter((ref) => database.statement(sql.removeOldKickoff).run({ ...refColumns(ref), now: at }).changes === 1);
  for (const ref of gone) database.statement(sql.markRemovedByAge).run(refColumns(ref));
  return gone.length;
}

/** Undoes the last removal; another call undoes the one before. */
export function broughtBack(database: Database): number {
  const at = lastRemoval(database);
  if (at === undefined) return 0;
  const changes = [sql.undoKickoffs, sql.undoDeployments].map((statement) => Number(database.statement(statement).run({ at }).changes));
  database.statement(sql.undoParents).run();
  return changes.reduce((sum, count) => sum + count, 0);
}

/** Deletes for good what was removed before a time, or everything. */
export function purged(database: Database, removedBefore: number | undefined): readonly DeploymentUrl[] {
  const isAll = removedBefore === undefined;
  const before = isAll ? {} : { before: removedBefore };
  const { changes } = database.statement(isAll ? sql.deleteKickoffs : sql.purgeKickoffs).run(before);
  if (changes !== 0) database.statement(sql.tellOfDeleted).run();
  if (isAll) database.statement(sql.forgetVerdicts).run();
  const rows = database.statement(isAll ? sql.deleteDeployments : sql.purgeDeployments).all(before);
  return rows.map((row) => String(row[0]) as DeploymentUrl);
}

function momentOfRemoval(database: Database, now: number): number {
  const last = lastRemoval(database);
  return last === undefined ? now : Math.max(now, last + 1);
}

function lastRemoval(database: Database): number | undefined {
  const at = database.statement(sql.lastRemoval).get()?.[0];
  return typeof at === 'number' ? at : undefined;
}
