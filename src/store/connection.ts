import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The part of `node:sqlite` that the store uses. */
export type SqliteModule = Pick<typeof Sqlite, 'DatabaseSync'>;

/** An open connection, with the inodes of its file and sidecars. If another file replaces this file at the same path, the inodes differ. */
export interface Opened {
  readonly connection: DatabaseSync;
  readonly inode: bigint | undefined;
  readonly sidecars: readonly (bigint | undefined)[];
  /** Whether this connection created the file and filled it with the rows of earlier files. */
  readonly isRecovered: boolean;
  /** Whether a newer version of the extension wrote the file, so that this version must not write to it. */
  readonly isReadOnly: boolean;
}

/** The database inside a transaction. */
export interface OpenDatabase {
  readonly path: string;
  readonly isReadOnly: boolean;
  statement(sql: string): StatementSync;
}

/** The methods that run transactions. `Database` documents the guarantees of these methods. */
export interface Transactions {
  read<T>(run: (database: OpenDatabase) => T): Promise<T>;
  write<T>(run: (database: OpenDatabase) => T): Promise<T>;
}
