import type { DeploymentKey, DeploymentUrl } from '../core/deployment';
import type { Kickoff, KickoffRef } from '../core/kickoff';
import { refColumns } from './columns';
import type { Database } from './database';
import { urlsOf } from './deployments';
import { removeCopies } from './files';
import * as own from './removalStatements';
import { added } from './runs';
import * as sql from './statements';

/** Marks as removed; one removal is one moment, by which it is undone. */
export function removed(database: Database, what: readonly KickoffRef[] | DeploymentKey, now: number): number {
  const at = momentOfRemoval(database, now);
  if (typeof what === 'number') {
    database.statement(own.removeDeployment).run({ key: what, now: at });
    return changesBy(database, own.removeKickoffsOf, [{ key: what, now: at }]);
  }
  const each = what.map((ref) => ({ ...refColumns(ref), now: at }));
  return changesBy(database, sql.removeKickoff, each);
}

/** Removes one run and adds another, which keeps its history if it is known. */
export function moveKickoff(database: Database, from: KickoffRef, to: Kickoff, now: number): Kickoff {
  removed(database, [from], now);
  return added(database, to);
}

/** Removes by age, which befalls a run once: what was brought back stays. */
export function removedOld(database: Database, what: readonly KickoffRef[], now: number): number {
  const at = momentOfRemoval(database, now);
  const gone = what.filter((ref) => database.statement(sql.removeOldKickoff).run({ ...refColumns(ref), now: at }).changes === 1);
  for (const ref of gone) database.statement(own.markRemovedByAge).run(refColumns(ref));
  return gone.length;
}

/** Brings those runs back, or what was removed with that deployment, or last; another call undoes the removal before. */
export function broughtBack(database: Database, what?: readonly KickoffRef[] | DeploymentKey): number {
  const count = typeof what === 'object' ? changesBy(database, sql.bringBack, what.map(refColumns)) : undone(database, what);
  database.statement(own.undoParents).run();
  return count;
}

function undone(database: Database, key: DeploymentKey | undefined): number {
  const at = key === undefined ? lastRemoval(database) : momentIn(database.statement(own.removalOfDeployment).get({ key }));
  if (at === undefined) return 0;
  return changesBy(database, own.undoKickoffs, [{ at }]) + changesBy(database, own.undoDeployments, [{ at }]);
}

function changesBy(database: Database, statement: string, each: readonly Readonly<Record<string, string | number>>[]): number {
  return each.reduce((sum, values) => sum + Number(database.statement(statement).run(values).changes), 0);
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

function momentIn(row: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const at = row?.[0];
  return typeof at === 'number' ? at : undefined;
}
