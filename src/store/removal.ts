import type { DeploymentKey, DeploymentUrl } from '../core/deployment';
import type { KickoffRef } from '../core/kickoff';
import { refColumns } from './columns';
import type { Database } from './database';
import { urlsOf } from './deployments';
import { removeCopies } from './files';
import * as own from './removalStatements';
import * as sql from './statements';

/** Marks as removed; one removal is one moment, by which it is undone. */
export function removed(database: Database, what: readonly KickoffRef[] | DeploymentKey, now: number): number {
  const at = momentOfRemoval(database, now);
  if (typeof what === 'number') {
    database.statement(own.removeDeployment).run({ key: what, now: at });
    return Number(database.statement(own.removeKickoffsOf).run({ key: what, now: at }).changes);
  }
  return what.reduce((count, ref) => count + Number(database.statement(sql.removeKickoff).run({ ...refColumns(ref), now: at }).changes), 0);
}

/** Removes by age, which befalls a run once: what was brought back stays. */
export function removedOld(database: Database, what: readonly KickoffRef[], now: number): number {
  const at = momentOfRemoval(database, now);
  const gone = what.filter((ref) => database.statement(sql.removeOldKickoff).run({ ...refColumns(ref), now: at }).changes === 1);
  for (const ref of gone) database.statement(own.markRemovedByAge).run(refColumns(ref));
  return gone.length;
}

/** Undoes the removal of those, or the last one; another call undoes the one before. */
export function broughtBack(database: Database, what?: readonly KickoffRef[] | DeploymentKey): number {
  const at = what === undefined ? lastRemoval(database) : removalOf(database, what);
  if (at === undefined) return 0;
  const changes = [own.undoKickoffs, own.undoDeployments].map((statement) => Number(database.statement(statement).run({ at }).changes));
  database.statement(own.undoParents).run();
  return changes.reduce((sum, count) => sum + count, 0);
}

/** Deletes everything for good; first what may fail, for the addresses whose tokens are to go are known once. */
export function deleted(database: Database): readonly DeploymentUrl[] {
  removeCopies(database.path);
  const { changes } = database.statement(own.deleteKickoffs).run();
  if (changes !== 0) database.statement(sql.tellOfDeleted).run();
  database.statement(sql.forgetVerdicts).run();
  return urlsOf(database.statement(own.deleteDeployments).all());
}

function momentOfRemoval(database: Database, now: number): number {
  const last = lastRemoval(database);
  return last === undefined ? now : Math.max(now, last + 1);
}

function lastRemoval(database: Database): number | undefined {
  return momentIn(database.statement(own.lastRemoval).get());
}

/** Those that left before their own removal went with another one. */
function removalOf(database: Database, what: readonly KickoffRef[] | DeploymentKey): number | undefined {
  if (typeof what === 'number') return momentIn(database.statement(own.removalOfDeployment).get({ key: what }));
  const moments = what.flatMap((ref) => momentIn(database.statement(own.removalOfKickoff).get(refColumns(ref))) ?? []);
  return moments.sort((one, other) => one - other).at(-1);
}

function momentIn(row: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const at = row?.[0];
  return typeof at === 'number' ? at : undefined;
}
