import type { StoreSnapshot } from '#core/history/store';
import type { OpenDatabase } from '#store/connection';
import * as sql from '#store/statements';
import { loadDeployments } from './deployments';
import { toKickoff } from './kickoffCodec';
import { loadKickoffs } from './kickoffs';
import { loadHealthRecords, readLease } from './lease';
import { loadStarts } from './starts';

export const emptyHistory: StoreSnapshot = {
  revision: 0,
  lease: { epoch: 0, beat: 0, at: 0 },
  healthRecords: [],
  deployments: [],
  starts: [],
  kickoffs: [],
  isFullReload: true,
};

/** Returns the changes after a revision. Returns all runs if runs were deleted, or if the file has a lower revision after a replacement. */
export function load(database: OpenDatabase, revision = Infinity): StoreSnapshot {
  const lastRevision = Number(database.statement(sql.lastRevision).get()?.[0] ?? 0);
  const isFullReload = lastRevision < revision || database.statement(sql.deletedSince).get({ revision }) !== undefined;
  const changedRows = isFullReload ? [] : database.statement(sql.changedSince).all({ revision });
  return {
    revision: lastRevision,
    lease: readLease(database),
    healthRecords: loadHealthRecords(database),
    deployments: loadDeployments(database),
    starts: loadStarts(database),
    kickoffs: isFullReload ? loadKickoffs(database) : changedRows.map((row) => toKickoff(row)),
    isFullReload,
  };
}
