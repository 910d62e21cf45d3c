import type { Stored } from '../../core/ports';
import { kickoffPlaces } from '../columns';
import type { Database } from '../database';
import { leaseOf } from './lease';
import { toDeployment, toKickoff, toTask } from './kickoffCodec';
import { everyKickoff } from './kickoffs';
import * as sql from '../statements';
import { verdictsIn } from './healthRecords';

/** All that windows show. */
export function everything(database: Database): Stored {
  return { ...around(database), kickoffs: everyKickoff(database), isWhole: true };
}

/** What was written after that revision; all, when a run was deleted for good, or the file is another. */
export function changesSince(database: Database, revision: number): Stored {
  const stored = around(database);
  if (stored.revision < revision || database.statement(sql.deletedSince).get({ revision })) return everything(database);
  const rows = database.statement(sql.changedSince).all({ revision });
  const tasksOf = (key = null as (typeof rows)[0][0] | null) => database.statement(sql.tasksOf).all({ key }).map(toTask);
  return { ...stored, kickoffs: rows.map((row) => toKickoff(row, tasksOf(row[kickoffPlaces.key]))), isWhole: false };
}

function around(database: Database): Omit<Stored, 'kickoffs' | 'isWhole'> {
  return {
    revision: Number(database.statement(sql.lastRevision).get()?.[0] ?? 0),
    lease: leaseOf(database),
    verdicts: verdictsIn(database),
    deployments: database.statement(sql.deployments).all().map(toDeployment),
  };
}
