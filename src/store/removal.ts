import type { DeploymentKey, DeploymentUrl } from '../core/deployment';
import type { KickoffRef } from '../core/kickoff';
import { refColumns } from './columns';
import type { Database } from './database';
import { urlsOf } from './deployments';
import { removeCopies } from './files';
import * as sql from './statements';

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

/** Deletes everything for good; first what may fail, for the addresses whose tokens are to go are known once. */
export function deleted(database: Database): readonly DeploymentUrl[] {
  removeCopies(database.path);
  const { changes } = database.statement(sql.deleteKickoffs).run();
  if (changes !== 0) database.statement(sql.tellOfDeleted).run();
  database.statement(sql.forgetVerdicts).run();
  return urlsOf(database.statement(sql.deleteDeployments).all());
}

function momentOfRemoval(database: Database, now: number): number {
  const last = lastRemoval(database);
  return last === undefined ? now : Math.max(now, last + 1);
}

function lastRemoval(database: Database): number | undefined {
  const at = database.statement(sql.lastRemoval).get()?.[0];
  return typeof at === 'number' ? at : undefined;
}
