import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';
import type { Database } from './database';

export type SqliteModule = Pick<typeof Sqlite, 'DatabaseSync'>;

/** The inodes show whether another file replaces this file at the same path. */
export interface Opened {
  readonly connection: DatabaseSync;
  readonly inode: bigint | undefined;
  readonly sidecars: readonly (bigint | undefined)[];
  /** Whether this connection created the file and filled it with the rows of earlier files. */
  readonly isRecovered: boolean;
  readonly isReadOnly: boolean;
}

/** A transaction passes only this part of the database. */
export type OpenDatabase = Pick<Database, 'path' | 'isReadOnly' | 'statement'>;

export type Transactions = Pick<Database, 'read' | 'write'>;
