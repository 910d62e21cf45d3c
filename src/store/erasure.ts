import type { DatabaseSync } from 'node:sqlite';
import { HistoryFailure } from '#core/lib/errors';

/** The `application_id` of a file in which every deletion also erased the data. Earlier files have 0. */
const erasedId = 1;

/** Records that a file has no freed pages with deleted data. */
export function markErased(connection: DatabaseSync): void {
  connection.exec(`PRAGMA application_id = ${erasedId}`);
}

/** Erases data that was deleted from the log, and once from a file that was written before `secure_delete` was on. Throws like `vacuum`. */
export function eraseDeleted(connection: DatabaseSync): void {
  if (connection.prepare('PRAGMA application_id').get()?.['application_id'] === erasedId) {
    truncateLog(connection);
  } else {
    vacuum(connection);
    markErased(connection);
  }
}

/** Rewrites the file without deleted data. Throws if another connection uses the log, which still contains the data. */
export function vacuum(connection: DatabaseSync): void {
  connection.exec('VACUUM');
  truncateLog(connection);
}

function truncateLog(connection: DatabaseSync): void {
  if (connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 1) throw new HistoryFailure('locked');
}
