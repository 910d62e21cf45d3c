import type { StoreSnapshot } from '#core/history/store';
import { HistoryFailure } from '#core/lib/errors';
import type { OpenDatabase } from '#store/connection';
import * as sql from '#store/statements';
import { loadDeployments } from './deployments';
import { readState, toKickoff } from './kickoffCodec';
import { loadHealthRecords, loadLease } from './lease';
import { loadStarts } from './starts';

export const emptySnapshot: StoreSnapshot = {
  revision: 0,
  lease: { epoch: 0, beat: 0, beatAt: 0 },
  healthRecords: [],
  deployments: [],
  starts: [],
  kickoffs: [],
  isFullReload: true,
};

/** Loads all data. Leaves out runs that are unchanged since a revision, unless runs were deleted or a new file has a lower revision. */
export function loadSnapshot(database: OpenDatabase, revision = Infinity): StoreSnapshot {
  const lastRevision = Number(database.statement(sql.selectLastRevision).get()?.[0] ?? 0);
  const isFullReload = lastRevision < revision || database.statement(sql.selectDeletion).get({ revision }) !== undefined;
  const changedRows = isFullReload ? [] : database.statement(sql.selectChangedKickoffs).all({ revision });
  return {
    revision: lastRevision,
    lease: loadLease(database),
    healthRecords: loadHealthRecords(database),
    deployments: loadDeployments(database),
    starts: loadStarts(database),
    kickoffs: isFullReload ? loadKickoffs(database) : changedRows.map((row) => toKickoff(row)),
    isFullReload,
  };
}

/** Returns the runs that aren't removed. Throws if a row of a writable file is damaged, because the backup may contain the run. */
function loadKickoffs(database: OpenDatabase) {
  const rows = database.statement(sql.selectKickoffs).all();
  return rows.map((row) => {
    const state = readState(row[4]);
    if (!state && !database.isReadOnly) throw new HistoryFailure('damaged');
    return toKickoff(row, state);
  });
}
