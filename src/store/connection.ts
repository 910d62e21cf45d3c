import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { KickoffRef } from '#core/kickoff/kickoff';

export type SqliteModule = Pick<typeof Sqlite, 'DatabaseSync'>;

/** An open connection to the history file. The inodes identify the file and its sidecars, even if other files replace them. */
export interface OpenConnection {
  readonly connection: DatabaseSync;
  readonly inode: bigint | undefined;
  readonly sidecarInodes: readonly (bigint | undefined)[];
  /** Whether this connection created the file and filled it with the rows of earlier files. */
  readonly isFileRecovered: boolean;
  readonly isReadOnly: boolean;
}

/** The part of `Database` that transactions use. */
export interface OpenDatabase {
  readonly path: string;
  readonly isReadOnly: boolean;
  now(): number;
  statement(sql: string): StatementSync;
}

export interface Transactions {
  read<T>(work: (database: OpenDatabase) => T): Promise<T>;
  write<T>(work: (database: OpenDatabase) => T): Promise<T>;
}

/** The condition of a statement about one run, for the parameters that `refParameters` returns. */
export const refCondition = 'deployment = :deployment AND id = :id';

export function refParameters({ deployment, id }: KickoffRef) {
  return { deployment, id };
}
