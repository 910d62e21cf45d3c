import type { Stored } from '../../core/ports';
import type { Database } from '../database';
import * as sql from '../statements';
import { loadDeployments } from './deployments';
import { loadHealthRecords } from './healthRecords';
import { toKickoff } from './kickoffCodec';
import { loadKickoffs } from './kickoffs';
import { readLease } from './lease';

/** The content of a history without a file. */
export const emptyHistory: Stored = {
  revision: 0,
  lease: { epoch: 0, beat: 0, at: 0 },
  verdicts: [],
  deployments: [],
  kickoffs: [],
  isWhole: true,
};

/** Returns the whole list. */
export function loadAll(database: Database): Stored {
  return { ...sharedParts(database), kickoffs: loadKickoffs(database), isWhole: true };
}

/** Returns the runs that changed after a revision; the whole list if runs were deleted or the file is another one. */
export function changesSince(database: Database, revision: number): Stored {
  const shared = sharedParts(database);
  if (shared.revision < revision || database.statement(sql.deletedSince).get({ revision })) return loadAll(database);
  const rows = database.statement(sql.changedSince).all({ revision });
  return { ...shared, kickoffs: rows.map((row) => toKickoff(row)), isWhole: false };
}

function sharedParts(database: Database): Omit<Stored, 'kickoffs' | 'isWhole'> {
  return {
    revision: Number(database.statement(sql.lastRevision).get()?.[0] ?? 0),
    lease: readLease(database),
    verdicts: loadHealthRecords(database),
    deployments: loadDeployments(database),
  };
}
