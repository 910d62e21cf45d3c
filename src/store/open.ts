import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';
import { HistoryFailure } from '../core/errors';
import { createPrivately, inodeOf, inodesOfSidecars, isCutOff } from './files';
import type * as Mending from './mending';
import { probed, schemaVersion, versionOf } from './schema';

/** Thrown where a file is to be made or mended, and what is needed for that is not loaded yet. */
export const notLoaded = new Error();

/** What `node:sqlite` gives us. */
export type SqliteModule = Pick<typeof Sqlite, 'DatabaseSync'>;

/** A connection, and what tells its file from another that takes its name. */
export interface Opened {
  readonly connection: DatabaseSync;
  readonly inode: bigint | undefined;
  readonly sidecars: readonly (bigint | undefined)[];
  /** The file was made by this connection. */
  readonly isNew: boolean;
  /** A newer version of the extension wrote it. */
  readonly isReadOnly: boolean;
}

/** Opens the file, or makes it and fills it from the backup. The log of changes is cut back after a large body has gone through it. */
export function open(sqlite: SqliteModule, path: string, mending: typeof Mending | undefined): Opened {
  createPrivately(path);
  if (isCutOff(path)) throw new HistoryFailure('damaged');
  const inode = inodeOf(path);
  const connection = new sqlite.DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
  try {
    const version = versionOf(connection);
    const isReadOnly = version > schemaVersion;
    if (version < schemaVersion && !mending) throw notLoaded;
    connection.exec(isReadOnly ? 'PRAGMA query_only = 1' : pragmas);
    const isNew = version < schemaVersion && mending?.migrated(sqlite, connection, path) === true;
    if (!isReadOnly) probed(connection);
    return { connection, inode, sidecars: inodesOfSidecars(path), isNew, isReadOnly };
  } catch (error) {
    connection.close();
    throw error;
  }
}

const pragmas = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304';
