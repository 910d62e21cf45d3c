import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';
import { HistoryFailure } from '../core/errors';
import { isDamage } from './failure';
import { createPrivately, inodeOf, inodesOfSidecars, isCutOff } from './files';
import { isNewer, migrate } from './migrations';

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

/** Opens the file, or makes it; one that cannot be read is first handed to `damaged`, which sets it aside. */
export function open(sqlite: Pick<typeof Sqlite, 'DatabaseSync'>, path: string, damaged: (inode: bigint | undefined) => void): Opened {
  createPrivately(path);
  const inode = inodeOf(path);
  try {
    return connected(sqlite, path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    damaged(inode);
    createPrivately(path);
    return connected(sqlite, path);
  }
}

/** The log of changes is cut back after a large body has gone through it. */
function connected({ DatabaseSync }: Pick<typeof Sqlite, 'DatabaseSync'>, path: string): Opened {
  if (isCutOff(path)) throw new HistoryFailure('damaged');
  const inode = inodeOf(path);
  const connection = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
  try {
    const isReadOnly = isNewer(connection);
    connection.exec(isReadOnly ? 'PRAGMA query_only = 1' : pragmas);
    const isNew = !isReadOnly && migrate(connection, path);
    return { connection, inode, sidecars: inodesOfSidecars(path), isNew, isReadOnly };
  } catch (error) {
    connection.close();
    throw error;
  }
}

const pragmas = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304';
