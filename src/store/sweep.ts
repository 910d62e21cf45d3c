import type { DatabaseSync } from 'node:sqlite';
import { HistoryFailure } from '../core/errors';

/** Leaves nothing of what was deleted on the pages that it stood on: the file is written anew, and the log of its changes is cut to nothing. */
export function sweep(connection: DatabaseSync): void {
  connection.exec('VACUUM');
  if (connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 1) throw new HistoryFailure('locked');
}
