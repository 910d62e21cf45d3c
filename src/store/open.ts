import { HistoryFailure } from '#core/lib/errors';
import { recoverRows } from '#store/recovery/recovery';
import type { Opened, SqliteModule } from './connection';
import { createPrivately, inodeOf, inodesOfSidecars, isCutOff, recoverySources } from './files';
import { checkTables, migrate, schema, schemaVersion, versionOf } from './schema';

const pragmas = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304';

/** Opens the history file, or creates it with the rows of damaged files and the backup. Throws if it is damaged or can't be opened. */
export function open(sqlite: SqliteModule, path: string, now: number): Opened {
  createPrivately(path);
  if (isCutOff(path)) throw new HistoryFailure('damaged');
  const inode = inodeOf(path);
  const connection = new sqlite.DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
  try {
    const version = versionOf(connection);
    if (version <= schemaVersion) connection.exec(pragmas);
    let isRecovered = false;
    if (version < schemaVersion)
      migrate(connection, schema, () => {
        const sources = recoverySources(path);
        recoverRows(sqlite, connection, sources, now);
        isRecovered = sources.length > 0;
      });
    const isReadOnly = versionOf(connection) > schemaVersion;
    if (isReadOnly) connection.exec('PRAGMA query_only = 1');
    else checkTables(connection);
    return { connection, inode, sidecars: inodesOfSidecars(path), isRecovered, isReadOnly };
  } catch (error) {
    connection.close();
    throw error;
  }
}
